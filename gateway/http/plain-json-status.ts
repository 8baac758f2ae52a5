import type { ApolloServerPlugin } from '@apollo/server';
import { isLimitRefusal } from './operation-limits.ts';

/** Codes of requests that are well-formed, but whose operation cannot be run. */
const operationFaults: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
]);

/**
 * Answers an operation that cannot be run with 200 where the client asks for `application/json` by name: such clients
 * take another status for that of a proxy in between, and would not read the errors (GraphQL over HTTP, §6.4.1).
 */
export function plainJsonStatus(): ApolloServerPlugin {
  return {
    requestDidStart: ({ request }) => {
      const accept = request.http?.headers.get('accept');
      return Promise.resolve({
        willSendResponse: ({ errors: thrown, response: { http, body } }) => {
          // What is over a limit is no operation that clients know: it shall look refused to all on its way.
          if (thrown?.some(isLimitRefusal) === true) return Promise.resolve();
          if (accept !== undefined && asksForPlainJson(accept) && body.kind === 'single') {
            const { data, errors = [] } = body.singleResult;
            const isFault =
              data === undefined &&
              errors.length > 0 &&
              errors.every(({ extensions }) => operationFaults.has(extensions?.code));
            if (isFault) http.status = 200;
          }
          return Promise.resolve();
        },
      });
    },
  };
}

function asksForPlainJson(accept: string): boolean {
  return /^application\/json(?:; ?charset=utf-8)?$/i.test(accept);
}
