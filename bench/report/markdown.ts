import type { Operation } from '../operations/operation.ts';
import type { Result } from '../result.ts';
import { type CellName, figuresOf, floorOfMain, ratioOf } from './figures.ts';
import { excerptOf, inShort, mebibytes, type Row, table, times, withRange } from './text.ts';
import { growthSection, wholeSections } from './whole-sections.ts';

/** The result for people. */
export function toMarkdown(result: Result): string {
  return [
    '# What a request costs',
    surroundingsOf(result),
    '![CPU time per request, by gateway and operation](results.svg)',
    '## CPU time of the gateway per request',
    'Microseconds (median over the rounds) and, in brackets, how many times the floor of the main query that is.',
    overview(result),
    ...result.operations.map((operation) => detailsOf(result, operation)),
    ...(result.growth ? growthSection(result, result.growth) : []),
    ...(result.whole ? wholeSections(result, result.whole) : []),
    '## Who took part',
    participantsOf(result),
    guardsOf(result),
    '## How a number is made',
    howItIsMade(result),
    '',
  ]
    .filter((section) => section !== undefined)
    .join('\n\n');
}

function surroundingsOf({ startedAt, minutes, machine }: Result): string {
  const { node, processor, cores, memoryGiB, system, loadBefore } = machine;
  return (
    `Measured on ${startedAt.toISOString().slice(0, 10)} in ${minutes.toFixed(1)} minutes: Node ${node}, ${cores} cores of ` +
    `${processor}, ${memoryGiB} GiB, ${system}; load average before the run ${loadBefore.toFixed(2)}. ` +
    'Written by `npm run bench`.'
  );
}

function overview(result: Result): string {
  const headings: Row = ['gateway', ...result.operations.map(({ name }) => name)];
  const rows = result.participants.map(({ name, title }): Row => {
    const cells = result.operations.map((operation) => {
      const figures = figuresOf(result.comparison, name, operation.name);
      const ratio = ratioOf(result, [name, operation.name], floorOfMain);
      if (!figures || !ratio) return '–';
      return `${inShort(figures.cpuUs.median)} (${times(ratio.median)})`;
    });
    return [title, ...cells];
  });
  return table(headings, rows);
}

function detailsOf(result: Result, operation: Operation): string {
  const headings: Row = [
    'gateway',
    'CPU µs per request',
    '× floor of main',
    '× floor of this',
    'stock costs',
    'requests/s',
    'p50 ms',
    'p99 ms',
    'resident MiB',
    'subgraph calls',
  ];
  const rows: Row[] = [];
  const failures: string[] = [];
  for (const participant of result.participants) {
    const cell: CellName = [participant.name, operation.name];
    const figures = figuresOf(result.comparison, ...cell);
    if (!figures) {
      const outcome = result.comparison.get(participant.name)?.get(operation.name);
      if (outcome?.kind === 'failed') {
        failures.push(`- ${participant.title}: \`${excerptOf(outcome.reason)}\``);
      }
      continue;
    }
    const ratio = (base: CellName, invert = false): string => {
      const figure = invert ? ratioOf(result, base, cell) : ratioOf(result, cell, base);
      return figure ? times(figure.median) : '–';
    };
    rows.push([
      participant.title,
      withRange(figures.cpuUs),
      ratio(floorOfMain),
      ratio(['floor', operation.name]),
      ratio(['stock', operation.name], true),
      inShort(figures.requestsPerSecond.median),
      inShort(figures.p50Ms.median),
      inShort(figures.p99Ms.median),
      mebibytes(figures.residentBytes.median),
      inShort(figures.subgraphCalls.median),
    ]);
  }
  return [
    `### ${operation.name}: ${operation.title}`,
    `\`\`\`graphql\n${operation.query.trim()}\n\`\`\``,
    table(headings, rows),
    ...(failures.length > 0 ? [`Answered wrongly:\n\n${failures.join('\n')}`] : []),
  ].join('\n\n');
}

function participantsOf(result: Result): string {
  const rows = result.participants.map((participant): Row => {
    const { name, title, description, versions, notStarted } = participant;
    const peaks = result.operations.flatMap(
      (operation) =>
        figuresOf(result.comparison, name, operation.name)?.peakResidentBytes.most ?? [],
    );
    return [
      title,
      `\`${name}\``,
      peaks.length === 0 ? '–' : mebibytes(Math.max(...peaks)),
      versions.join(', ') || 'this checkout',
      notStarted === undefined ? description : `Did not start: ${excerptOf(notStarted)}`,
    ];
  });
  return table(['gateway', 'name', 'peak MiB', 'versions', 'what runs'], rows, 'text');
}

function guardsOf({ guards }: Result): string | undefined {
  if (guards.length === 0) return undefined;
  const lines = guards.map(({ name, isOn }) => `- ${isOn ? 'on' : '**OFF**'} · ${name}`);
  return `Seen from outside before \`ours\` was measured:\n\n${lines.join('\n')}`;
}

function howItIsMade({ comparison, operations }: Result): string {
  const rounds = Math.max(
    ...[...comparison.values()].flatMap((outcomes) =>
      operations.map(({ name }) => {
        const outcome = outcomes.get(name);
        return outcome?.kind === 'measured' ? outcome.slices.length : 0;
      }),
    ),
  );
  return (
    `Every gateway runs at the same time, each in a process of its own, in production mode, against the same subgraphs on ` +
    `127.0.0.1; load goes to one of them at a time. A round has one slice of each gateway and operation; rounds after ` +
    `warming up: ${rounds}. CPU time is user and kernel time of all threads of the gateway's process, from ` +
    `\`/proc/<pid>/stat\`, divided by the requests of the slice, whose every answer was compared with the expected one. ` +
    'Figures are medians over the rounds, in brackets the least and the most; ratios are taken within a round. ' +
    'More in [README.md](README.md).'
  );
}
