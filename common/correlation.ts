import { randomUUID } from 'node:crypto';

/** The header with the correlation id: from the client, back to it, and to every subgraph. */
export const correlationHeader = 'x-correlation-id';

const accepted = /^[A-Za-z0-9._-]{8,64}$/;

/** The caller's correlation id, if it has 8 to 64 characters of `A–Z a–z 0–9 . _ -`; otherwise a new one. */
export function correlationIdFrom(header: unknown): string {
  return typeof header === 'string' && accepted.test(header) ? header : randomUUID();
}
