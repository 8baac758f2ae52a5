import type { ApolloServerPlugin } from '@apollo/server';
import { refusal } from './refusal.ts';
import type { GatewayContext } from './request-context.ts';

/**
 * Refuses what can be parsed but not run here, before it is planned: an operation name that the document does not
 * have, and a subscription over plain HTTP, which would run once and answer null. Notes the operation for the log.
 */
export function operationRules(): ApolloServerPlugin<GatewayContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation: ({ operation, request, contextValue }) => {
          if (!operation) {
            throw refusal('OPERATION_RESOLUTION_FAILURE', unresolved(request), { status: 400 });
          }
          contextValue.noteOperation({
            operationKind: operation.operation,
            operationName: operation.name?.value,
          });
          if ((operation.operation as string) === 'subscription') {
            const message = 'A subscription needs a connection that stays open.';
            throw refusal('BAD_REQUEST', message, { status: 400 });
          }
          return Promise.resolve();
        },
      }),
  };
}

function unresolved({ operationName }: { readonly operationName?: string }): string {
  return operationName
    ? `The document has no operation "${operationName}".`
    : 'The document has several operations: "operationName" must say which to run.';
}
