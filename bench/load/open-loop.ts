import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';

/** What to ask. */
export interface OpenLoad {
  readonly url: string;
  readonly body: string;
  readonly authorizations: readonly string[];
  /** Requests that are begun each second, whatever becomes of those before; 0 for 32 at a time, each begun when one ends. */
  readonly perSecond: number;
  readonly ms: number;
  /** What is begun in so many first milliseconds is not looked at: connections are opened then. */
  readonly settleMs?: number;
  /** An answer that takes longer is none. */
  readonly goodMs: number;
}

/** The result. */
export interface OpenLoadReport {
  readonly asked: number;
  readonly good: number;
  readonly refused: number;
  /** Answers that came too late, were something else than 200 or 503, or did not come. */
  readonly failed: number;
  /** What was not sent, because all connections waited for an answer. */
  readonly unsent: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** By how much the generator itself was late with its requests, 99 %: with much of it, a run says little. */
  readonly lateP99Ms: number;
  /** When the last request was begun that was not answered well within 200 ms; since the beginning. */
  readonly lastBadMs: number;
}

const connections = 1_000;
const closedLoop = 32;
const tickMs = 5;
const wellMs = 200;

let pool: Pool | undefined;

process.on('message', (order: OpenLoad) => {
  void run(order).then((report) => process.send?.(report));
});
process.on('disconnect', () => process.exit());

async function run(order: OpenLoad): Promise<OpenLoadReport> {
  const { origin, pathname } = new URL(order.url);
  const { authorizations, body, goodMs, ms, perSecond, settleMs = 0 } = order;
  pool ??= new Pool(origin, { connections, pipelining: 1, headersTimeout: 20_000 });
  const sender = pool;
  const startedAt = performance.now();
  const latencies: number[] = [];
  const lags: number[] = [];
  let asked = 0;
  let refused = 0;
  let failed = 0;
  let unsent = 0;
  let lastBadMs = 0;

  const send = async (dueAt: number): Promise<void> => {
    const authorization = authorizations[asked % authorizations.length] ?? '';
    asked += 1;
    const sentAt = performance.now();
    lags.push(sentAt - dueAt);
    let status = 0;
    try {
      const headers = { authorization, 'content-type': 'application/json' };
      const answer = await sender.request({ method: 'POST', path: pathname, headers, body });
      status = answer.statusCode;
      await answer.body.dump();
    } catch {
      // Counted below: no status is no answer.
    }
    if (dueAt - startedAt < settleMs) return;
    const tookMs = performance.now() - sentAt;
    if (status === 200 && tookMs <= goodMs) latencies.push(tookMs);
    else if (status === 503) refused += 1;
    else failed += 1;
    if (status !== 200 || tookMs > wellMs) lastBadMs = Math.max(lastBadMs, dueAt - startedAt);
  };
  const isOver = (): boolean => performance.now() - startedAt >= ms;

  if (perSecond === 0) {
    const work = async (): Promise<void> => {
      while (!isOver()) await send(performance.now());
    };
    await Promise.all(Array.from({ length: closedLoop }, work));
  } else {
    const pending = new Set<Promise<void>>();
    while (!isOver()) {
      const due = Math.floor(((performance.now() - startedAt) / 1_000) * perSecond);
      while (asked < due) {
        // Without a free connection a request is dropped: waiting in the generator would delay every response.
        if (pending.size >= connections) {
          asked += 1;
          unsent += 1;
          continue;
        }
        const sending = send(startedAt + (asked / perSecond) * 1_000);
        pending.add(sending);
        void sending.then(() => pending.delete(sending));
      }
      await sleep(tickMs);
    }
    await Promise.all(pending);
  }
  latencies.sort((a, b) => a - b);
  lags.sort((a, b) => a - b);
  const at = (part: number, of: readonly number[] = latencies): number =>
    Math.round(of[Math.floor(part * (of.length - 1))] ?? 0);
  return {
    asked,
    good: latencies.length,
    refused,
    failed,
    unsent,
    seconds: (ms - settleMs) / 1_000,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    lateP99Ms: at(0.99, lags),
    lastBadMs: Math.round(lastBadMs),
  };
}
