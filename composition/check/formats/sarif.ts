import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compositionCodes } from '../../code-catalogue.ts';
import { printable } from '../../printable.ts';
import type { SourcePlace } from '../../problem.ts';
import type { AffectedOperation, Finding, WaivedFinding } from '../finding.ts';
import { clientsInWords } from './clients.ts';
import { contractsInWords } from './contracts.ts';
import { fingerprintsOf } from './fingerprint.ts';
import type { Format } from './format.ts';
import { repositoryPlace } from './repository-place.ts';

/** GitHub's limit of results per run. */
const resultsMax = 25_000;

/** GitHub's limit of related locations per result. */
const relatedMax = 100;

/** SARIF 2.1.0, for code scanning; a waived finding is a suppressed note. */
export const sarif: Format = ({ findings, waived }) => {
  const all = [...findings, ...waived.map(({ finding }) => finding)];
  const fingerprints = fingerprintsOf(all);
  const results = all.map((finding, at) =>
    resultOf(finding, fingerprints[at] ?? '', waived[at - findings.length]),
  );
  return JSON.stringify(
    {
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: { driver: { name: 'supergraph check', rules: rulesOf(all) } },
          columnKind: 'utf16CodeUnits',
          results: results.slice(0, resultsMax),
        },
      ],
    },
    null,
    2,
  );
};

function rulesOf(findings: readonly Finding[]): readonly object[] {
  const known = new Map(compositionCodes().map((entry) => [entry.code, entry]));
  const codes = [...new Set(findings.map(({ code }) => code))].sort();
  return codes.map((code) => {
    const entry = known.get(code);
    return {
      id: code,
      ...(entry && {
        shortDescription: { text: entry.meaning },
        help: { text: entry.fix },
      }),
    };
  });
}

function resultOf(
  finding: Finding,
  fingerprint: string,
  waiver: WaivedFinding | undefined,
): object {
  const { code, severity, coordinate, place, operations } = finding;
  const related = operations.flatMap((operation) => relatedLocation(operation));
  return {
    ruleId: code,
    level: waiver ? 'note' : severity,
    message: { text: printable(messageOf(finding)) },
    locations: [
      {
        ...(place && { physicalLocation: physicalLocation(place) }),
        ...(coordinate !== undefined && {
          logicalLocations: [{ fullyQualifiedName: printable(coordinate), kind: 'member' }],
        }),
      },
    ],
    ...(related.length > 0 && { relatedLocations: related.slice(0, relatedMax) }),
    partialFingerprints: { 'supergraphCheck/v1': fingerprint },
    ...(waiver && {
      suppressions: [
        {
          kind: 'external',
          status: 'accepted',
          justification: printable(`${waiver.owner}: ${waiver.why} (until ${waiver.until})`),
        },
      ],
    }),
  };
}

function messageOf(finding: Finding): string {
  const { message, operations, details, fix } = finding;
  const contracts = contractsInWords(finding);
  const affected = operations.slice(0, relatedMax).map((operation) => {
    const clients = clientsInWords(operation);
    return `Affects ${operation.name}${clients === '' ? '' : `: ${clients}`}`;
  });
  const where = contracts === undefined ? [] : [contracts];
  return [message, ...where, ...affected, ...details, `Fix: ${fix}`].join('\n');
}

function relatedLocation({ name, place }: AffectedOperation): readonly object[] {
  return place
    ? [{ physicalLocation: physicalLocation(place), message: { text: printable(name) } }]
    : [];
}

function physicalLocation(place: SourcePlace): object {
  const { file, line, column } = repositoryPlace(place);
  return {
    artifactLocation: isAbsolute(file)
      ? { uri: pathToFileURL(file).href }
      : {
          uri: printable(file).split('/').map(encodeURIComponent).join('/'),
          uriBaseId: '%SRCROOT%',
        },
    // GitHub shows a result only if it has a line.
    region: { startLine: line ?? 1, ...(column !== undefined && { startColumn: column }) },
  };
}
