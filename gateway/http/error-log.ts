import type { ApolloServerPlugin } from '@apollo/server';
import type { FastifyBaseLogger } from 'fastify';
import type { GraphQLError } from 'graphql';
import { maskFor, subgraphOf } from './client-error.ts';
import type { GatewayContext } from './request-context.ts';

/** Writes what clients do not read into the log, under the correlation id of the request. */
export function errorLog(log: FastifyBaseLogger): ApolloServerPlugin<GatewayContext> {
  return {
    unexpectedErrorProcessingRequest: ({ requestContext, error }) => {
      requestContext.contextValue.log.error({ err: error }, 'request failed');
      return Promise.resolve();
    },
    contextCreationDidFail: ({ error }) => {
      if (maskFor({ message: error.message }, error)) log.error({ err: error }, 'request failed');
      return Promise.resolve();
    },
    requestDidStart: () =>
      Promise.resolve({
        didEncounterErrors: ({ errors, contextValue }) => {
          for (const error of errors) logMasked(error, contextValue.log);
          return Promise.resolve();
        },
      }),
  };
}

/** Apollo Server promises a GraphQLError and passes on whatever execution threw. */
function logMasked(error: Partial<GraphQLError> & Error, log: FastifyBaseLogger): void {
  const { message, path, extensions = {} } = error;
  const code = maskFor({ message, extensions }, error);
  if (!code) return;
  const details = { code, path, subgraph: subgraphOf({ message, extensions }, error) };
  if (code === 'INTERNAL_SERVER_ERROR') log.error({ ...details, err: error }, 'operation failed');
  else log.error({ ...details, reason: reasonOf(error) }, 'subgraph failed');
}

/** The whole chain of causes in one line: what the subgraph sent, or why it could not be asked. */
function reasonOf(error: Partial<GraphQLError> & Error): string {
  const reasons: string[] = [];
  let next: unknown = error.originalError ?? error;
  for (let depth = 0; depth < 5 && next instanceof Error; depth += 1) {
    reasons.push(next.message);
    next = next.cause;
  }
  return reasons.length > 0 ? reasons.join(' < ') : error.message;
}
