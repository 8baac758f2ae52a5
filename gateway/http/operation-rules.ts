import type { ApolloServerPlugin } from '@apollo/server';
import { refusal } from './refusal.ts';

/** Refuses an operation name that the document does not have, as the client's mistake that it is. */
export function operationRules(): ApolloServerPlugin {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation: ({ operation, request }) => {
          if (!operation) {
            throw refusal('OPERATION_RESOLUTION_FAILURE', unresolved(request), { status: 400 });
          }
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
