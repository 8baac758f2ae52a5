import pc from 'picocolors';
import { printable, printableLine } from '../../printable.ts';
import { formatExcerpt, formatPlace } from '../../problem.ts';
import type { AffectedOperation, Finding, Severity, WaivedFinding } from '../finding.ts';
import { clientsInWords } from './clients.ts';
import { aboutOf, contractsInWords } from './contracts.ts';
import type { Format } from './format.ts';
import { countsOf, plural, scopeOf, verdictOf } from './summary.ts';

type Colours = ReturnType<typeof pc.createColors>;

/** For a terminal: each finding with its schema line, a caret, what it affects, and what to do. */
export const pretty: Format = (report, { isColoured }) => {
  const colours = pc.createColors(isColoured);
  const { findings, waived } = report;
  const verdict = verdictOf(report);
  return [
    ...findings.map((finding) => findingAsText(finding, colours)),
    ...(waived.length > 0
      ? [['Waived:', ...waived.map((each) => waivedAsText(each, colours))].join('\n')]
      : []),
    [
      colours.dim(printableLine(scopeOf(report))),
      colours.bold(countsOf(report).error > 0 ? colours.red(verdict) : colours.green(verdict)),
    ].join('\n'),
  ].join('\n\n');
};

/** The most operations listed per finding; the others are counted. */
const operationsMax = 10;

function findingAsText(finding: Finding, colours: Colours): string {
  const { message, place, operations, details, fix } = finding;
  const hidden = operations.length - operationsMax;
  const contracts = contractsInWords(finding);
  return [
    titleOf(finding, colours),
    ...indented(message),
    ...(contracts === undefined ? [] : [`  ${printableLine(contracts)}`]),
    ...(place ? formatExcerpt(place).map((line) => colours.dim(line)) : []),
    ...(operations.length > 0 ? [`  affects ${plural(operations.length, 'operation')}:`] : []),
    ...operations.slice(0, operationsMax).map((operation) => `    ${operationAsText(operation)}`),
    ...(hidden > 0 ? [`    and ${hidden} more`] : []),
    ...details.flatMap(indented),
    ...fixAsText(fix, colours),
  ].join('\n');
}

function titleOf({ severity, code, coordinate, place }: Finding, colours: Colours): string {
  const subgraph = place?.subgraph === undefined ? '' : ` [${printableLine(place.subgraph)}]`;
  const about = coordinate === undefined ? '' : ` ${colours.bold(printableLine(coordinate))}`;
  const what = colourOf(severity, colours)(`${severity} ${printableLine(code)}`);
  return `${place ? `${formatPlace(place)}: ` : ''}${what}${subgraph}${about}`;
}

function colourOf(severity: Severity, { red, yellow, cyan }: Colours): (text: string) => string {
  switch (severity) {
    case 'error':
      return red;
    case 'warning':
      return yellow;
    case 'note':
      return cyan;
  }
}

function operationAsText(operation: AffectedOperation): string {
  const { name, place } = operation;
  const clients = clientsInWords(operation);
  return printableLine(
    `${name}${place ? ` (${formatPlace(place)})` : ''}${clients === '' ? '' : `: ${clients}`}`,
  );
}

function fixAsText(fix: string, { green }: Colours): readonly string[] {
  const [first = '', ...others] = indented(fix);
  return [`  ${green('fix:')} ${first.trimStart()}`, ...others];
}

function waivedAsText({ finding, owner, why, until }: WaivedFinding, { dim }: Colours): string {
  const about = aboutOf(finding);
  const what = about === undefined ? finding.code : `${finding.code} ${about}`;
  return `  ${printableLine(what)} ${dim(printableLine(`until ${until}, ${owner}: ${why}`))}`;
}

function indented(text: string): readonly string[] {
  return printable(text)
    .split('\n')
    .map((line) => `  ${line}`);
}
