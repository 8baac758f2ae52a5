import { setTimeout as sleep } from 'node:timers/promises';
import { startWorker } from './child-process.ts';
import type { OpenLoad, OpenLoadReport } from './load/open-loop.ts';
import { bodyOf } from './operations/operation.ts';
import { main as mainOperation } from './operations/storefront.ts';
import { launch } from './peers/launch.ts';
import { ours } from './peers/ours.ts';
import { startSurroundings } from './surroundings.ts';

/**
 * Asks this gateway for five times what it can answer, as fast as clients would that do not wait, and prints what it
 * still answers, how fast it says that it lives, and how soon all is well again. Takes less than a minute; on a machine that is busy with something else it says nothing, as its own lateness tells. The exit code
 * is 1 when it answers less than 80 % of its best, health takes over 100 ms (p99), or recovery over 2 s.
 */
const overload = 5;
const overloadMs = 12_000;
const settleMs = 4_000;
const goodMs = 1_000;

process.exitCode = await run();

async function run(): Promise<number> {
  const surroundings = await startSurroundings();
  const gateway = await launch(ours, surroundings);
  const load = startWorker<OpenLoad, OpenLoadReport>(
    new URL('./load/open-loop.ts', import.meta.url),
  );
  const url = gateway.url(mainOperation);
  const order = {
    url,
    body: bodyOf(mainOperation),
    authorizations: surroundings.authorizations,
    goodMs,
  };
  const ask = (perSecond: number, ms: number, settleMs = 0): Promise<OpenLoadReport> =>
    load.ask({ ...order, perSecond, ms, settleMs }, ms + 40_000);
  try {
    await ask(0, 3_000);
    const best = await ask(0, 4_000);
    say(`best: ${rate(best)} answers a second`);
    const rising = ask(overload * rate(best), overloadMs, settleMs);
    const health = await watchHealth(new URL('/healthz', url).href, overloadMs);
    const over = await rising;
    const after = await ask(rate(best) / 2, 3_000);
    const good = rate(over) / rate(best);
    process.stdout.write(
      [
        '| | |',
        '| --- | ---: |',
        `| best, closed loop | ${rate(best)} a second |`,
        `| asked | ${Math.round(over.asked / (overloadMs / 1_000))} a second |`,
        `| answered within ${goodMs} ms | ${rate(over)} a second, ${Math.round(good * 100)} % of the best |`,
        `| refused with 503 | ${over.refused} |`,
        `| without an answer | ${over.failed} |`,
        `| not sent, all connections waiting | ${over.unsent} |`,
        `| answers, p50 and p99 | ${over.p50Ms} ms, ${over.p99Ms} ms |`,
        `| health, p50, p99 and most | ${health.map((ms) => `${ms} ms`).join(', ')} |`,
        `| the generator was late by, p99 | ${over.lateP99Ms} ms |`,
        `| all well after | ${after.lastBadMs} ms |`,
        '',
      ].join('\n'),
    );
    const [, healthP99 = 0] = health;
    return good >= 0.8 && healthP99 <= 100 && after.lastBadMs < 2_000 ? 0 : 1;
  } finally {
    await Promise.all([load.stop(), gateway.stop()]);
    await surroundings.stop();
  }
}

function rate({ good, seconds }: OpenLoadReport): number {
  return Math.round(good / seconds);
}

/** How long health took, asked again and again: half, 99 %, and all of the times. */
async function watchHealth(url: string, ms: number): Promise<readonly number[]> {
  const times: number[] = [];
  const endsAt = performance.now() + ms;
  while (performance.now() < endsAt) {
    const from = performance.now();
    const response = await fetch(url, { signal: AbortSignal.timeout(20_000) });
    await response.text();
    times.push(response.ok ? performance.now() - from : 20_000);
    await sleep(20);
  }
  times.sort((a, b) => a - b);
  return [0.5, 0.99, 1].map((part) =>
    Math.round(times[Math.min(times.length - 1, Math.floor(part * times.length))] ?? 0),
  );
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
