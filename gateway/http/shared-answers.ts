import type { IncomingMessage } from 'node:http';
import { correlationHeader } from '../../common/correlation.ts';
import { costHeader } from '../../engine/apollo/operation-limits.ts';

/** Headers about one client and its request: a cache would repeat them to others. */
export const headersOfOneClient: readonly string[] = [
  correlationHeader,
  'ratelimit',
  'ratelimit-policy',
];

/** Requests with one of these headers get more in the response than others do. */
const asksForMore: readonly string[] = [
  costHeader,
  'apollo-query-plan-experimental',
  'apollo-expose-query-plan',
];

/**
 * True for a request whose response no cache may keep, whatever it is: a request of a viewer, and a GET that asks for
 * more than others do (RFC 9111 §5.2.2.5).
 */
export function isForOneClient({ method, headers }: IncomingMessage): boolean {
  return (
    headers.authorization !== undefined ||
    (method === 'GET' && asksForMore.some((name) => headers[name] !== undefined))
  );
}

/** True for a `Cache-Control` that lets any cache keep the response. */
export function isPublic(cacheControl: string): boolean {
  return cacheControl.split(',').some((directive) => directive.trim() === 'public');
}

/**
 * Removes headers about the first client from a flat list, for a response that any cache may keep. Responses to POST
 * are not cached: clients that use it get their correlation id.
 */
export function removeClientHeaders(headers: string[]): void {
  for (let at = headers.length - 2; at >= 0; at -= 2) {
    if (headersOfOneClient.includes(headers[at] ?? '')) headers.splice(at, 2);
  }
}
