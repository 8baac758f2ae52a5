import { STATUS_CODES } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { ErrorCode } from '../../../common/errors.ts';
import type { UserError } from './rest-route.ts';

/** What is wrong with a request, or why it failed. */
export interface Problem {
  readonly status: number;
  /** A code of the error catalogue; absent when `errors` have their own codes. */
  readonly code?: ErrorCode;
  readonly detail: string;
  readonly errors?: readonly UserError[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** Responds with a problem (RFC 9457) that must not be cached. */
export function sendProblem(
  reply: FastifyReply,
  { status, code, detail, errors, headers = {} }: Problem,
): FastifyReply {
  const title = STATUS_CODES[status] ?? 'Error';
  return reply
    .code(status)
    .headers({ 'cache-control': 'no-store', ...headers })
    .type('application/problem+json')
    .send({ type: 'about:blank', title, status, detail, code, errors });
}
