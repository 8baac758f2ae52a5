import { writeFileSync } from 'node:fs';
import { ensureInstalled, InstallError } from './install.ts';
import { type Options, readOptions, usage, UsageError } from './options.ts';
import type { Result } from './result.ts';

process.exitCode = await main(process.argv.slice(2));

/** Runs the command line; the exit code is 0 when every gateway was measured with every operation it can do. */
async function main(args: readonly string[]): Promise<number> {
  const aborted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => aborted.abort());
  try {
    if (args[0] === 'planner') {
      const { comparePlanners } = await import('./planner/run.ts');
      return await comparePlanners(args.slice(1), aborted.signal, say);
    }
    if (args[0] === 'checks') {
      const { measureChecks } = await import('./checks/run.ts');
      return await measureChecks(args.slice(1), aborted.signal, say);
    }
    if (args[0] === 'orders') {
      const { loadOrders } = await import('./orders/run.ts');
      return await loadOrders(args.slice(1), aborted.signal, say);
    }
    if (args[0] === 'streams') {
      const { measureOpenStreams } = await import('./streams/run.ts');
      return await measureOpenStreams(args.slice(1), aborted.signal, say);
    }
    const options = readOptions(args);
    if (!options) {
      process.stdout.write(usage);
      return 0;
    }
    ensureInstalled(say);
    // What needs the installed packages is loaded only now.
    const { runBenchmark } = await import('./benchmark.ts');
    return await report(await runBenchmark(options, aborted.signal, say), options);
  } catch (error) {
    if (aborted.signal.aborted) {
      say('stopped');
      return 130;
    }
    if (error instanceof UsageError) say(`${error.message}\n\n${usage}`);
    else if (error instanceof InstallError) say(error.message);
    else throw error;
    return 1;
  }
}

async function report(result: Result, { json, write }: Options): Promise<number> {
  const [{ toJson }, { toMarkdown }, { toSvg }, { isSound }] = await Promise.all([
    import('./report/json.ts'),
    import('./report/markdown.ts'),
    import('./report/svg.ts'),
    import('./report/soundness.ts'),
  ]);
  process.stdout.write(`${json ? toJson(result) : toMarkdown(result)}\n`);
  if (write) {
    writeFileSync(new URL('./RESULTS.md', import.meta.url), toMarkdown(result));
    writeFileSync(new URL('./results.svg', import.meta.url), toSvg(result));
    say('wrote bench/RESULTS.md and bench/results.svg');
  }
  return isSound(result) ? 0 : 1;
}

function say(line: string): void {
  process.stderr.write(`bench: ${line}\n`);
}
