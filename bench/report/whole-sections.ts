import { manyOperations, type MemoryPoint } from '../measure/many-operations.ts';
import type { FirstTimeCost } from '../measure/first-time.ts';
import type { Growth, Participant, Result } from '../result.ts';
import { figuresOf } from './figures.ts';
import { count, inShort, mebibytes, type Row, table } from './text.ts';

/** The section that shows how cost grows with the size of an answer. */
export function growthSection({ participants }: Result, growth: Growth): readonly string[] {
  return [
    '## Growth: the list with 1 to 1,000 orders',
    'CPU µs per request, and what each order beyond the size before adds to it: where that stays the same, cost is linear.',
    growthTable(growth, titlesOf(participants)),
  ];
}

/** The sections of what only a whole run measures. */
export function wholeSections(
  { participants }: Result,
  whole: NonNullable<Result['whole']>,
): readonly string[] {
  const titles = titlesOf(participants);
  return [
    '## An operation never seen before',
    'CPU per request, one request at a time: the main query with a new alias in each request, beside the main query ' +
      'itself. The difference is what parsing, validating, planning and compiling cost.',
    firstTimeTable(whole.firstTime, titles),
    `## ${count(manyOperations)} operations, no two alike`,
    memoryText(whole.memory),
  ];
}

type Titles = ReadonlyMap<string, string>;

function titlesOf(participants: readonly Participant[]): Titles {
  return new Map(participants.map(({ name, title }) => [name, title]));
}

function growthTable({ operations, comparison }: Growth, titles: Titles): string {
  const [smallest, ...larger] = operations;
  if (!smallest) return 'Not measured.';
  const headings: Row = [
    'gateway',
    count(smallest.size),
    ...larger.flatMap(({ size }) => [count(size), 'each further']),
  ];
  const rows = [...comparison.keys()].map((peer): Row => {
    const cpuUsOf = (operation: string): number | undefined =>
      figuresOf(comparison, peer, operation)?.cpuUs.median;
    const least = cpuUsOf(smallest.name);
    const cells = larger.flatMap(({ name, size }, at) => {
      const before = operations[at] ?? smallest;
      const [cpuUs, less] = [cpuUsOf(name), cpuUsOf(before.name)];
      if (less === undefined || cpuUs === undefined) return ['–', '–'];
      return [inShort(cpuUs), inShort((cpuUs - less) / (size - before.size))];
    });
    return [titles.get(peer) ?? peer, least === undefined ? '–' : inShort(least), ...cells];
  });
  return table(headings, rows);
}

function firstTimeTable(costs: readonly FirstTimeCost[], titles: Titles): string {
  return table(
    [
      'gateway',
      'first time, ms',
      'known, ms',
      'difference, ms',
      'p50 first time, ms',
      'p50 known, ms',
    ],
    costs.map((cost): Row => {
      const { peer, firstTimeUs, knownUs, firstTimeP50Ms, knownP50Ms } = cost;
      return [
        titles.get(peer) ?? peer,
        inShort(firstTimeUs / 1_000),
        inShort(knownUs / 1_000),
        inShort((firstTimeUs - knownUs) / 1_000),
        inShort(firstTimeP50Ms),
        inShort(knownP50Ms),
      ];
    }),
  );
}

function memoryText(points: readonly MemoryPoint[]): string {
  const last = points.at(-1);
  const half = points[Math.floor((points.length - 1) / 2)];
  if (!last || !half) return 'Not measured.';
  const growth = ((last.residentBytes - half.residentBytes) / half.residentBytes) * 100;
  const shown = points.filter((_, at) => at % 4 === 3 || at === 0);
  return [
    'Resident memory of this gateway, in MiB:',
    table(
      ['operations', ...shown.map(({ operations }) => count(operations))],
      [['resident', ...shown.map(({ residentBytes }) => mebibytes(residentBytes))]],
    ),
    `From ${count(half.operations)} to ${count(last.operations)} operations it changed by ${growth.toFixed(1)} %.`,
    ...(last.operations < manyOperations ? ['The time for this ended before all were sent.'] : []),
  ].join('\n\n');
}
