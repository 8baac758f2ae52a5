import type { ApolloServerPlugin } from '@apollo/server';
import { refusal } from './refusal.ts';
import type { GatewayContext } from './request-context.ts';

/**
 * Refuses an operation name that the document does not have, as the client's mistake that it is, and notes the
 * operation for the log.
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
          return Promise.resolve();
        },
      }),
  };
}

/** In the words of graphql-js, which clients may know. */
function unresolved({ operationName }: { readonly operationName?: string }): string {
  return operationName
    ? `Unknown operation named "${operationName}".`
    : 'Must provide operation name if query contains multiple operations.';
}
