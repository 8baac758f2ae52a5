import type { FastifyBaseLogger } from 'fastify';
import type { GraphQLError } from 'graphql';
import { isHidden } from './client-error.ts';

/** Writes those errors of an operation into the log that its client does not read. */
export function logHiddenErrors(errors: readonly GraphQLError[], log: FastifyBaseLogger): void {
  for (const error of errors) {
    if (isHidden(error)) log.error({ err: error, path: error.path }, 'operation failed');
  }
}
