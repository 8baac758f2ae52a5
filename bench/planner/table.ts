import type { PlannedOperation, PlannerFigures, Times } from './measure-in-a-process.ts';

type Row = readonly [workload: string, planner: string, figures: PlannerFigures | string];

/** The comparison as Markdown: a row for each workload and planner, then where the first planner asks for more than another. */
export function plannerTable(rows: readonly Row[]): string {
  const head = [
    '| operations | planner | wrong | requests | steps | first plan p50, p99 | warm plan p50, p99 | load | heap | plans |',
    '| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
  ];
  return [...head, ...rows.map(rowOf), ...notes(rows)].join('\n');
}

function rowOf([workload, planner, figures]: Row): string {
  if (typeof figures === 'string') return `| ${workload} | ${planner} | ${figures} | | | | | | | |`;
  const { operations, first, warm, loadMs, heapBytes } = figures;
  const sum = (of: (operation: PlannedOperation) => number): string =>
    operations.reduce((total, each) => total + of(each), 0).toLocaleString('en');
  const wrong = operations.filter((each) => each.wrong !== undefined).length;
  return `| ${[
    `${workload} (${operations.length})`,
    planner,
    String(wrong),
    sum(({ requests }) => requests),
    sum(({ steps }) => steps),
    timesText(first),
    timesText(warm),
    `${loadMs.toFixed(1)} ms`,
    `${(heapBytes / 2 ** 20).toFixed(1)} MiB`,
    `${sum(({ planBytes }) => planBytes)} B`,
  ].join(' | ')} |`;
}

function timesText({ median, p99 }: Times): string {
  return `${median.toFixed(3)}, ${p99.toFixed(3)} ms`;
}

/** Operations for which the first planner has more steps, or as many and more requests, than another whose answer is right. */
function notes(rows: readonly Row[]): string[] {
  const [, first] = rows[0] ?? [];
  const found = rows.flatMap(([workload, planner, ours]) => {
    if (planner !== first || typeof ours === 'string') return [];
    return rows.flatMap(([same, other, theirs]) => {
      if (same !== workload || other === first || typeof theirs === 'string') return [];
      return ours.operations.flatMap((operation, index) => {
        const that = theirs.operations[index];
        if (!that || that.wrong !== undefined || that.planBytes === 0 || !isMore(operation, that))
          return [];
        const text = operation.text.replaceAll(/\s+/g, ' ');
        return `- ${workload}: ${operation.steps} steps and ${operation.requests} requests; ${other} ${that.steps} and ${that.requests}: \`${text}\``;
      });
    });
  });
  if (found.length === 0) return [];
  return ['', `Where ${first} asks for more than another, whose answer is right:`, '', ...found];
}

function isMore(one: PlannedOperation, other: PlannedOperation): boolean {
  return one.steps > other.steps || (one.steps === other.steps && one.requests > other.requests);
}
