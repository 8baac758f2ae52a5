import type { ApolloServerPlugin, GraphQLRequestListener } from '@apollo/server';
import type { FastifyBaseLogger } from 'fastify';
import type { GraphQLError } from 'graphql';
import { isHidden } from './client-error.ts';
import type { GatewayContext } from './gateway-context.ts';

/** Writes what clients do not read into the log, under the correlation id of the request. */
export function errorLog(log: FastifyBaseLogger): ApolloServerPlugin<GatewayContext> {
  const listener: GraphQLRequestListener<GatewayContext> = {
    didEncounterErrors: ({ errors, contextValue }) => {
      logHiddenErrors(errors, contextValue.openLog());
      return Promise.resolve();
    },
  };
  return {
    requestDidStart: () => Promise.resolve(listener),
    unexpectedErrorProcessingRequest: ({ requestContext, error }) => {
      requestContext.contextValue.openLog().error({ err: error }, 'request failed');
      return Promise.resolve();
    },
    contextCreationDidFail: ({ error }) => {
      if (isHidden(error)) log.error({ err: error }, 'request failed');
      return Promise.resolve();
    },
  };
}

/** Writes those errors of an operation into the log that its client does not read. */
export function logHiddenErrors(errors: readonly GraphQLError[], log: FastifyBaseLogger): void {
  for (const error of errors) {
    if (isHidden(error)) log.error({ err: error, path: error.path }, 'operation failed');
  }
}
