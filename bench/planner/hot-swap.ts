import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { startTestGateway } from '../../test/gateway/test-gateway.ts';
import { bigSupergraph } from '../../test/support/big-supergraph.ts';
import { compose } from '../../test/support/federation.ts';

/**
 * How long a gateway's event loop is held up while it takes over a supergraph of 50 subgraphs and 5,000 types, several
 * times: the longest turns of each, by the clock and by CPU time.
 *
 *   node --import tsx bench/planner/hot-swap.ts [swaps] [file that keeps the composed supergraph]
 */
const [swaps = '6', kept] = process.argv.slice(2);
const sdl = kept !== undefined && existsSync(kept) ? readFileSync(kept, 'utf8') : composed();
const gateway = await startTestGateway({ supergraph: sdl }, { supergraph: sdl });
let turns: { readonly ms: number; readonly cpuMs: number }[] = [];
let isRunning = true;
watch();

for (let swap = 1; swap <= Number(swaps); swap += 1) {
  turns = [];
  const from = performance.now();
  await writeFile(gateway.supergraphPath, `${sdl}\n# ${swap}\n`);
  const isSwapped = (): boolean =>
    gateway.log.filter(({ msg }) => msg === 'supergraph swapped').length >= swap;
  while (!isSwapped()) await new Promise((resolve) => setTimeout(resolve, 20));
  const ms = performance.now() - from;
  const longest = (key: 'ms' | 'cpuMs'): string =>
    turns
      .map((turn) => turn[key])
      .sort((one, other) => other - one)
      .slice(0, 5)
      .map((each) => each.toFixed(0))
      .join(', ');
  process.stdout.write(
    `swap ${swap}: ${ms.toFixed(0)} ms in all; longest turns ${longest('ms')} ms, of CPU ${longest('cpuMs')} ms\n`,
  );
}
isRunning = false;
await gateway.stop();

/** Notes how long each turn of the event loop takes. */
function watch(): void {
  let at = performance.now();
  let cpu = process.cpuUsage();
  const look = (): void => {
    const now = performance.now();
    const used = process.cpuUsage(cpu);
    turns.push({ ms: now - at, cpuMs: (used.user + used.system) / 1_000 });
    at = now;
    cpu = process.cpuUsage();
    if (isRunning) setImmediate(look);
  };
  look();
}

function composed(): string {
  const text = compose(bigSupergraph());
  if (kept !== undefined) writeFileSync(kept, text);
  return text;
}
