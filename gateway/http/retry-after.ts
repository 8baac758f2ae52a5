import type { ApolloServerPlugin } from '@apollo/server';
import { readRetryAfterSeconds } from '../../common/errors.ts';

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

/** Sends `retryAfterHeader` with each answer whose errors name a time, whatever its status. */
export function retryAfter(): ApolloServerPlugin {
  return {
    requestDidStart: () =>
      Promise.resolve({
        willSendResponse: ({ response: { http, body } }) => {
          const { errors } = body.kind === 'single' ? body.singleResult : body.initialResult;
          const value = errors && retryAfterOf(errors);
          if (value !== undefined) http.headers.set(retryAfterHeader, value);
          return Promise.resolve();
        },
      }),
  };
}
