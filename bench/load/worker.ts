import { performance } from 'node:perf_hooks';
import { Pool } from 'undici';
import { distinctMark } from '../operations/storefront.ts';
import { quantile } from '../measure/statistics.ts';
import { type Check, createCheck } from './check.ts';
import type { LoadOrder, LoadReport } from './order.ts';

/** The process of the load generator: takes one order at a time over IPC and answers each with a report. */
process.on('message', (order: LoadOrder) => {
  void run(order).then((report) => process.send?.(report));
});
process.on('disconnect', () => process.exit());

const requestDeadlineMs = 30_000;

/** Kept between orders for the same address, so that a measurement finds its connections open. */
let kept: { readonly origin: string; readonly pool: Pool } | undefined;

async function run(order: LoadOrder): Promise<LoadReport> {
  const { origin, pathname } = new URL(order.url);
  const pool = await poolFor(origin, order.concurrency);
  const next =
    order.distinctFrom === undefined ? repeated(order) : numbered(order, order.distinctFrom);
  const latencies: number[] = [];
  const { maxRequests = Number.POSITIVE_INFINITY } = order;
  const startedAt = performance.now();
  let started = 0;
  let wrong: string | undefined;

  const work = async (authorization: string): Promise<void> => {
    const headers = { authorization, 'content-type': 'application/json' };
    while (
      wrong === undefined &&
      started < maxRequests &&
      performance.now() - startedAt < order.maxMs
    ) {
      started += 1;
      const { body, check } = next();
      const sentAt = performance.now();
      const complaint = await send(pool, { path: pathname, headers, body }, check);
      if (complaint === undefined) latencies.push(performance.now() - sentAt);
      else wrong ??= complaint;
    }
  };
  await Promise.all(order.authorizations.slice(0, order.concurrency).map(work));

  const seconds = (performance.now() - startedAt) / 1_000;
  const sorted = Float64Array.from(latencies).sort();
  return {
    requests: latencies.length,
    seconds,
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
    ...(wrong !== undefined && { wrong }),
  };
}

async function poolFor(origin: string, connections: number): Promise<Pool> {
  if (kept?.origin === origin && kept.pool.stats.connected <= connections) return kept.pool;
  await kept?.pool.close();
  const pool = new Pool(origin, {
    connections,
    pipelining: 1,
    headersTimeout: requestDeadlineMs,
    bodyTimeout: requestDeadlineMs,
  });
  kept = { origin, pool };
  return pool;
}

/** Sends one request; says what is wrong with the answer, or that there was none. */
async function send(
  pool: Pool,
  { path, headers, body }: { path: string; headers: Record<string, string>; body: string },
  check: Check,
): Promise<string | undefined> {
  try {
    const response = await pool.request({ method: 'POST', path, headers, body });
    return check(response.statusCode, Buffer.from(await response.body.arrayBuffer()));
  } catch (error) {
    return `expected an answer, got ${error instanceof Error ? error.message : String(error)}`;
  }
}

type NextRequest = () => { readonly body: string; readonly check: Check };

function repeated({ body, data }: LoadOrder): NextRequest {
  const request = { body, check: createCheck(data) };
  return () => request;
}

function numbered({ body, data }: LoadOrder, from: number): NextRequest {
  const dataText = JSON.stringify(data);
  let n = from;
  return () => {
    const number = String(n);
    n += 1;
    return {
      body: body.replaceAll(distinctMark, number),
      check: createCheck(JSON.parse(dataText.replaceAll(distinctMark, number))),
    };
  };
}
