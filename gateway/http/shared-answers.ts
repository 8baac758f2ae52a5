import type { IncomingMessage } from 'node:http';
import { correlationHeader } from '../../common/correlation.ts';
import { costHeader } from '../../engine/apollo/operation-limits.ts';

/** What is said of one client and its request: a cache would go on saying it to others. */
export const headersOfOneClient: readonly string[] = [
  correlationHeader,
  'ratelimit',
  'ratelimit-policy',
];

/** Requests with one of these are answered with more than others are. */
const asksForMore: readonly string[] = [
  costHeader,
  'apollo-query-plan-experimental',
  'apollo-expose-query-plan',
];

/**
 * True for a request whose answer no cache may keep, whatever it is: one made for a viewer, and a GET that asks for more than
 * others do (RFC 9111 §5.2.2.5).
 */
export function isForOneClient({ method, headers }: IncomingMessage): boolean {
  return (
    headers.authorization !== undefined ||
    (method === 'GET' && asksForMore.some((name) => headers[name] !== undefined))
  );
}

/** True for a `Cache-Control` that lets any cache keep the answer. */
export function isPublic(cacheControl: string): boolean {
  return cacheControl.split(',').some((directive) => directive.trim() === 'public');
}

/**
 * Removes from a flat list of headers what an answer that any cache may keep says of who asked for it first. Answers to POST
 * are not kept: a client that asks by it is told its correlation id.
 */
export function removeClientHeaders(headers: string[]): void {
  for (let at = headers.length - 2; at >= 0; at -= 2) {
    if (headersOfOneClient.includes(headers[at] ?? '')) headers.splice(at, 2);
  }
}
