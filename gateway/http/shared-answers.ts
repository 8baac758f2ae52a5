import type { FastifyReply, FastifyRequest } from 'fastify';
import { correlationHeader } from '../../common/correlation.ts';
import { costHeader } from './operation-limits.ts';

/** What is said of one client and its request: a cache would go on saying it to others. */
const headersOfOneClient: readonly string[] = [correlationHeader, 'ratelimit', 'ratelimit-policy'];

/** Requests with one of these are answered with more than others are. */
const asksForMore: readonly string[] = [
  costHeader,
  'apollo-query-plan-experimental',
  'apollo-expose-query-plan',
];

/**
 * Makes an answer fit for the caches that it may pass. One made for a viewer is kept nowhere, nor for others one to a GET that
 * asks for more than they do (RFC 9111 §5.2.2.5); one that any cache may keep says nothing of who asked for it first.
 */
export function readyForCaches({ method, headers }: FastifyRequest, reply: FastifyReply): void {
  const isForOne =
    headers.authorization !== undefined ||
    (method === 'GET' && asksForMore.some((name) => headers[name] !== undefined));
  if (isForOne) void reply.header('cache-control', 'no-store');
  // Answers to POST are not kept: a client that asks by it is told its correlation id.
  else if (method === 'GET' && isPublic(reply)) {
    for (const name of headersOfOneClient) reply.raw.removeHeader(name);
  }
}

function isPublic(reply: FastifyReply): boolean {
  const directives = String(reply.getHeader('cache-control') ?? '').split(',');
  return directives.some((directive) => directive.trim() === 'public');
}
