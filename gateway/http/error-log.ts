import type { FastifyBaseLogger } from 'fastify';
import type { GraphQLError } from 'graphql';
import { isHidden } from './client-error.ts';

/** Logs the errors of an operation that are hidden from its client. */
export function logHiddenErrors(errors: readonly GraphQLError[], log: FastifyBaseLogger): void {
  for (const error of errors) {
    if (isHidden(error)) log.error({ err: error, path: error.path }, 'operation failed');
  }
}
