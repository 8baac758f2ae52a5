import { parseArgs } from 'node:util';
import { ensureInstalled } from './install.ts';

/**
 * Sends operations that all differ to this gateway with its default settings, and prints how much memory it then has:
 * once with operations that come once, once with operations that come twice. The exit code is 1 when it does not stay
 * level.
 */
const usage = `Usage: npm run bench:memory -- [--operations <n>]   (default: 50000, about five minutes)\n`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const operations = operationsOf(args);
  if (operations === undefined) {
    process.stderr.write(usage);
    return 1;
  }
  ensureInstalled(say);
  const [
    { createBench },
    { measureMemory, whyNotLevel },
    { launch },
    { ours },
    { startSurroundings },
  ] = await Promise.all([
    import('./measure/bench.ts'),
    import('./measure/memory.ts'),
    import('./peers/launch.ts'),
    import('./peers/ours.ts'),
    import('./surroundings.ts'),
  ]);
  const surroundings = await startSurroundings();
  const bench = createBench(surroundings);
  const complaints: string[] = [];
  process.stdout.write('| operations | each asked | resident |\n| ---: | ---: | ---: |\n');
  try {
    for (const times of [1, 2] as const) {
      const gateway = await launch(ours, surroundings);
      try {
        const points = await measureMemory(bench, gateway, { operations, times }, say);
        for (const point of points) {
          const mebibytes = Math.round(point.residentBytes / 2 ** 20);
          process.stdout.write(`| ${point.operations} | ${times} × | ${mebibytes} MiB |\n`);
        }
        const complaint = whyNotLevel(points);
        if (complaint !== undefined) complaints.push(`each asked ${times} ×: ${complaint}`);
      } finally {
        await gateway.stop();
      }
    }
  } finally {
    await bench.stop();
    await surroundings.stop();
  }
  for (const complaint of complaints) say(complaint);
  return complaints.length === 0 ? 0 : 1;
}

function operationsOf(args: readonly string[]): number | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { operations: { type: 'string', default: '50000' } },
    });
    const operations = Number(values.operations);
    return Number.isInteger(operations) && operations >= 1_000 ? operations : undefined;
  } catch {
    return undefined;
  }
}

function say(line: string): void {
  process.stderr.write(`bench: ${line}\n`);
}
