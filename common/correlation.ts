import { randomUUID } from 'node:crypto';

/** The header that carries the correlation id: in from the client, out to it, and to every subgraph. */
export const correlationHeader = 'x-correlation-id';

const accepted = /^[A-Za-z0-9._-]{8,64}$/;

/** The caller's correlation id when it is 8 to 64 of `A–Z a–z 0–9 . _ -`, else a new one. */
export function correlationIdFrom(header: unknown): string {
  return typeof header === 'string' && accepted.test(header) ? header : randomUUID();
}
