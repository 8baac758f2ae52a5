import type { PlannedOperation, Times } from './measure-in-a-process.ts';
import type { PlannerFigures } from './measure.ts';
import type { PlanSize } from './plan-size.ts';

/** What was measured of one planner with one workload; a text where it could not be. */
export interface Row {
  readonly workload: string;
  readonly planner: string;
  readonly figures: PlannerFigures | string;
}

/** An operation for which the first planner asks for more than another whose answer is right. */
interface More {
  readonly workload: string;
  readonly text: string;
  readonly own: PlanSize;
  readonly other: PlanSize;
  readonly planner: string;
}

const columns = [
  'operations',
  'planner',
  'wrong',
  'ended the process',
  'requests',
  'steps',
  'plans',
  'ours less, more',
  'first plan p50, p99',
  'warm plan p50, p99',
  'load',
  'memory',
];

/** The comparison as Markdown, a row for each workload and planner. The first planner is ours. */
export function plannerTable(rows: readonly Row[]): string {
  return [
    `| ${columns.join(' | ')} |`,
    `| --- | --- |${' ---: |'.repeat(columns.length - 2)}`,
    ...rows.map((row) => `| ${cellsOf(row, rows).join(' | ')} |`),
  ].join('\n');
}

/** The operations for which ours asks for more than another whose answer is right, as lines of text. */
export function operationsWithMore(rows: readonly Row[]): readonly string[] {
  return rows.flatMap((row) =>
    comparisonWith(row, rows).more.map(
      ({ workload, planner, own, other, text }) =>
        `${workload}: ${own.steps} steps and ${own.requests} requests, ${planner} ${other.steps} and ${other.requests}: ${text}`,
    ),
  );
}

function cellsOf(row: Row, rows: readonly Row[]): readonly string[] {
  const { workload, planner, figures } = row;
  if (typeof figures === 'string')
    return [workload, planner, figures, ...columns.slice(3).fill('')];
  const { operations, first, warm, loadMs, memoryBytes } = figures;
  const compared = answeredByAll(workload, rows);
  const sum = (of: (operation: PlannedOperation) => number): string =>
    operations
      .reduce((total, each, index) => total + (compared.has(index) ? of(each) : 0), 0)
      .toLocaleString('en');
  const { less, more } = comparisonWith(row, rows);
  return [
    `${workload} (${compared.size} of ${operations.length})`,
    planner,
    String(operations.filter(({ wrong }) => wrong !== undefined).length),
    String(operations.filter(({ ending }) => ending !== undefined).length),
    ...(isCompared(operations)
      ? [
          sum(({ requests }) => requests),
          sum(({ steps }) => steps),
          `${sum(({ planBytes }) => planBytes)} B`,
        ]
      : ['', '', '']),
    row.planner === rows[0]?.planner ? '' : `${less}, ${more.length}`,
    timesText(first),
    timesText(warm),
    `${loadMs.toFixed(1)} ms`,
    `${(memoryBytes / 2 ** 20).toFixed(1)} MiB`,
  ];
}

function timesText({ median, p99 }: Times): string {
  return `${median.toFixed(2)}, ${p99.toFixed(2)} ms`;
}

/** Sums are over the operations that several answered right: not with one that answers less than half of them. */
function isCompared(operations: readonly PlannedOperation[]): boolean {
  return operations.filter(isRight).length * 2 >= operations.length;
}

/** The operations of a workload that every planner answered right that is compared. */
function answeredByAll(workload: string, rows: readonly Row[]): ReadonlySet<number> {
  const measured = rows.flatMap(({ workload: name, figures }) =>
    name === workload && typeof figures !== 'string' && isCompared(figures.operations)
      ? [figures.operations]
      : [],
  );
  const indexes = measured[0]?.keys() ?? [];
  return new Set(
    [...indexes].filter((index) => measured.every((operations) => isRight(operations[index]))),
  );
}

function comparisonWith(
  { workload, planner, figures }: Row,
  rows: readonly Row[],
): { readonly less: number; readonly more: readonly More[] } {
  const first = rows.find((row) => row.workload === workload);
  const own = first?.figures;
  const more: More[] = [];
  let less = 0;
  if (typeof figures === 'string' || own === undefined || typeof own === 'string')
    return { less, more };
  if (planner === rows[0]?.planner || first?.planner !== rows[0]?.planner) return { less, more };
  for (const [index, other] of figures.operations.entries()) {
    const ours = own.operations[index];
    if (!ours || !isRight(ours) || !isRight(other)) continue;
    if (ours.steps > other.steps || ours.requests > other.requests)
      more.push({ workload, planner, own: ours, other, text: oneLine(ours) });
    else if (ours.steps < other.steps || ours.requests < other.requests) less += 1;
  }
  return { less, more };
}

function isRight(operation: PlannedOperation | undefined): operation is PlannedOperation {
  return operation !== undefined && operation.wrong === undefined && operation.ending === undefined;
}

function oneLine({ text, variables }: PlannedOperation): string {
  return `${text.replaceAll(/\s+/g, ' ')} ${JSON.stringify(variables)}`;
}
