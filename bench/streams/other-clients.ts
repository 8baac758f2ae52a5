import { type Agent, request } from 'undici';

/** A query of a client that has no stream: how long it took, and whether it was refused. */
export interface OtherQuery {
  readonly ms: number;
  readonly isRefused: boolean;
}

/** Sends a query to a gateway of this machine. */
export async function askOne(port: number, agent: Agent): Promise<OtherQuery> {
  const from = performance.now();
  const { body, statusCode } = await request(`http://127.0.0.1:${port}/graphql`, {
    dispatcher: agent,
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: '{"query":"{ now }"}',
  });
  await body.text();
  return { ms: performance.now() - from, isRefused: statusCode !== 200 };
}

/** The value below which a part of all values is. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
}
