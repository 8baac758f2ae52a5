import { printable, printableLine } from '../../printable.ts';
import type { Finding, Severity } from '../finding.ts';
import { clientsInWords } from './clients.ts';
import { aboutOf, contractsInWords } from './contracts.ts';
import type { Format } from './format.ts';
import { repositoryPlace } from './repository-place.ts';
import { countsOf, scopeOf, verdictOf } from './summary.ts';

/** GitHub shows at most this many annotations of each level per step. */
const annotationsMax = 10;

/**
 * Workflow commands that annotate lines of a pull request, the worst first, and the verdict. Findings beyond
 * GitHub's limit are only in the step summary.
 */
export const github: Format = (report) => {
  const counts = countsOf(report);
  const sorted = severities.flatMap((severity) =>
    report.findings.filter((finding) => finding.severity === severity),
  );
  const isCut = severities.some((severity) => counts[severity] > annotationsMax);
  const last = [
    verdictOf(report),
    ...(isCut ? [`GitHub shows ${annotationsMax} of a kind: see the summary of the step.`] : []),
    scopeOf(report),
  ];
  return [
    ...sorted.map(annotationOf),
    command('notice', { title: 'Schema check' }, printableLine(last.join(' '))),
  ].join('\n');
};

const severities: readonly Severity[] = ['error', 'warning', 'note'];

const kinds: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  note: 'notice',
};

function annotationOf(finding: Finding): string {
  const { severity, code, place, message, operations, details, fix } = finding;
  const { file, line, column } = place ? repositoryPlace(place) : {};
  const about = aboutOf(finding);
  const title = about === undefined ? code : `${code} ${about}`;
  const contracts = contractsInWords(finding);
  const where = contracts === undefined ? [] : [contracts];
  const affected = operations.map((operation) => {
    const clients = clientsInWords(operation);
    return `Affects ${operation.name}${clients === '' ? '' : `: ${clients}`}`;
  });
  return command(
    kinds[severity],
    {
      file: file === undefined ? undefined : printableLine(file),
      line: line === undefined ? undefined : String(line),
      col: column === undefined ? undefined : String(column),
      title: printableLine(title),
    },
    printable([message, ...where, ...affected, ...details, `Fix: ${fix}`].join('\n')),
  );
}

/** `::name key=value,…::text`, escaped for the runner. */
function command(
  name: string,
  properties: Readonly<Record<string, string | undefined>>,
  text: string,
): string {
  const given = Object.entries(properties).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${escapedProperty(value)}`],
  );
  return `::${name} ${given.join(',')}::${escapedData(text)}`;
}

function escapedData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapedProperty(text: string): string {
  return escapedData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
