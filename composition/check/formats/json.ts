import type { SourcePlace } from '../../problem.ts';
import type { AffectedOperation, Finding } from '../finding.ts';
import { fingerprintsOf } from './fingerprint.ts';
import type { Format } from './format.ts';
import { countsOf } from './summary.ts';

/** For programs, described by `composition/check-report.schema.json`. `version` changes when a member is changed or removed. */
export const json: Format = (report) => {
  const { base, findings, waived, looked } = report;
  const { error, warning, note, waived: waivedCount } = countsOf(report);
  const all = [...findings, ...waived.map(({ finding }) => finding)];
  const described = fingerprintsOf(all).map((fingerprint, at) => {
    const finding = all[at];
    return finding && findingAsJson(finding, fingerprint);
  });
  return asciiControls(
    JSON.stringify(
      {
        version: 2,
        passed: error === 0,
        base,
        summary: { errors: error, warnings: warning, notes: note, waived: waivedCount },
        looked,
        findings: described.slice(0, findings.length),
        waived: waived.map(({ owner, why, until }, at) => ({
          owner,
          why,
          until,
          finding: described[findings.length + at],
        })),
      },
      null,
      2,
    ),
  );
};

function findingAsJson(finding: Finding, fingerprint: string): object {
  const { code, severity, message, coordinate, place, operations, details, fix } = finding;
  const { alsoIn, onlyIn } = finding;
  return {
    fingerprint,
    code,
    severity,
    message,
    coordinate,
    place: place && placeAsJson(place),
    operations: operations.map(operationAsJson),
    alsoIn,
    onlyIn,
    details,
    fix,
  };
}

function operationAsJson({ name, place, clients }: AffectedOperation): object {
  return {
    name,
    place: place && placeAsJson(place),
    clients: clients.map(({ name: client, version, count }) => ({ name: client, version, count })),
  };
}

function placeAsJson({ file, line, column, subgraph }: SourcePlace): object {
  return { file, line, column, subgraph };
}

/** JSON.stringify escapes only control characters below U+0020; terminals interpret more. */
function asciiControls(text: string): string {
  return text.replaceAll(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
