import type { ApolloServerPlugin } from '@apollo/server';
import { errorCatalogue, readRetryAfterSeconds } from '../../common/errors.ts';

/** The header by which an answer says when it is worth to ask again, in seconds (RFC 9110 §10.2.3). */
export const retryAfterHeader = 'retry-after';

/** The value of `retryAfterHeader` for an answer with these errors: the longest time that one of them names, if any. */
export function retryAfterOf(
  errors: readonly { readonly extensions?: Readonly<Record<string, unknown>> }[],
): string | undefined {
  let longest = 0;
  for (const { extensions } of errors) {
    longest = Math.max(longest, readRetryAfterSeconds(extensions) ?? 0);
  }
  return longest === 0 ? undefined : String(longest);
}

/** True for errors that all say that there was too much to do. */
export function areAllOverloaded(
  errors: readonly { readonly extensions?: Readonly<Record<string, unknown>> }[],
): boolean {
  return errors.length > 0 && errors.every(({ extensions }) => extensions?.code === 'OVERLOADED');
}

/** True when not one root field has a value. */
export function isWithoutData(data: Readonly<Record<string, unknown>> | null | undefined): boolean {
  return (
    data === null || data === undefined || Object.values(data).every((value) => value === null)
  );
}

/**
 * Sends `retryAfterHeader` with each answer whose errors name a time, whatever its status; and gives status 503 to one
 * that is nothing but OVERLOADED, for balancers and clients that go by the status.
 */
export function retryAfter(): ApolloServerPlugin {
  return {
    requestDidStart: () =>
      Promise.resolve({
        willSendResponse: ({ response: { http, body } }) => {
          const { data, errors = [] } =
            body.kind === 'single' ? body.singleResult : body.initialResult;
          const value = retryAfterOf(errors);
          if (value !== undefined) http.headers.set(retryAfterHeader, value);
          if (areAllOverloaded(errors) && isWithoutData(data)) {
            http.status = errorCatalogue.OVERLOADED.status;
          }
          return Promise.resolve();
        },
      }),
  };
}
