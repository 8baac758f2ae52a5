import { greatest } from '../../../common/greatest.ts';
import { printableLine } from '../../printable.ts';
import { formatPlace } from '../../problem.ts';
import type { AffectedOperation, CheckReport, Finding, WaivedFinding } from '../finding.ts';
import { clientsInWords } from './clients.ts';
import { aboutOf, contractsInWords } from './contracts.ts';
import type { Format } from './format.ts';
import { plural, scopeOf, verdictOf } from './summary.ts';

/** GitHub's limit for a comment, in characters. */
const commentMax = 65_536;

/** A comment for a pull request: the verdict and a table of the findings, within GitHub's limit. */
export const markdown: Format = (report) => markdownWithin(report, commentMax);

/** The same with another limit of UTF-16 units: findings beyond it are counted, not shown. */
export function markdownWithin(report: CheckReport, charactersMax: number): string {
  const { findings, waived } = report;
  const head = [
    '## Schema check',
    '',
    `**${escaped(verdictOf(report))}** ${escaped(scopeOf(report))}`,
  ];
  const rows = [...findings.map(findingRow), ...waived.map(waivedRow)];
  if (rows.length === 0) return head.join('\n');
  const start = [...head, '', '| | what | where | message | fix |', '|-|-|-|-|-|'];
  return [...start, ...within(rows, charactersMax - lengthOf(start))].join('\n');
}

/** The rows that fit, and a line with the number of others. */
function within(rows: readonly string[], room: number): readonly string[] {
  if (lengthOf(rows) <= room) return rows;
  let left = room - lengthOf(leftOut(rows.length));
  const end = rows.findIndex((each) => {
    left -= each.length + 1;
    return left < 0;
  });
  return [...rows.slice(0, end), ...leftOut(rows.length - end)];
}

function leftOut(count: number): readonly string[] {
  return ['', `${plural(count, 'more finding')} left out: the text would be too long.`];
}

function lengthOf(lines: readonly string[]): number {
  return lines.reduce((length, line) => length + line.length + 1, 0);
}

function findingRow(finding: Finding): string {
  const { severity, message, place, operations, details, fix } = finding;
  const contracts = contractsInWords(finding);
  const text = [
    escaped(message),
    ...(contracts === undefined ? [] : [escaped(contracts)]),
    ...(operations.length > 0 ? [operationsAsText(operations)] : []),
    ...details.map(inCode),
  ];
  return row([
    severity,
    nameOf(finding),
    place ? inCode(formatPlace(place)) : '',
    text.join('<br>'),
    escaped(fix),
  ]);
}

function waivedRow({ finding, owner, why, until }: WaivedFinding): string {
  const { place, message } = finding;
  return row([
    'waived',
    nameOf(finding),
    place ? inCode(formatPlace(place)) : '',
    escaped(message),
    escaped(`until ${until}, ${owner}: ${why}`),
  ]);
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function nameOf(finding: Finding): string {
  const about = aboutOf(finding);
  return [finding.code, ...(about === undefined ? [] : [about])].map(inCode).join('<br>');
}

/** The most operations listed per finding; the others are counted. */
const operationsMax = 5;

function operationsAsText(operations: readonly AffectedOperation[]): string {
  const hidden = operations.length - operationsMax;
  const shown = operations.slice(0, operationsMax).map((operation) => {
    const clients = clientsInWords(operation);
    return `${inCode(operation.name)}${clients === '' ? '' : ` of ${inCode(clients)}`}`;
  });
  return `affects ${shown.join(', ')}${hidden > 0 ? ` and ${hidden} more` : ''}`;
}

/** One long text must not displace all others. */
const textMax = 2000;

function shortened(text: string): string {
  const line = printableLine(text).trim();
  return line.length > textMax ? `${printableLine(line.slice(0, textMax))}…` : line;
}

/** Escapes text for Markdown; the empty comment prevents mentions of people (`@name`) and issues (`#1`). */
function escaped(text: string): string {
  return shortened(text)
    .replaceAll('&', '&amp;')
    .replaceAll(/[\\`*_{}[\]()~|!$]/g, String.raw`\$&`)
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[@#]/g, '$&<!-- -->');
}

/** A code span inside a table: its fence is longer than any run of backticks in the text. */
function inCode(text: string): string {
  const line = shortened(text).replaceAll('|', String.raw`\|`);
  const runs = [...line.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = '`'.repeat(greatest(runs, 0) + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return line === '' ? '' : `${fence}${pad}${line}${pad}${fence}`;
}
