import { messageOf } from '../../common/errors.ts';

/**
 * True for what graphql-js throws when it is given a schema that another copy of it has made: in development it says so,
 * in production it only does not know the schema.
 */
export function isOfAnotherCopy(error: unknown): boolean {
  return /from another module or realm|to be a GraphQL schema/.test(messageOf(error));
}

/** What Apollo Server would hide behind a message about its own state. */
export function twoCopiesError(cause: unknown): Error {
  return new Error(
    'Two copies of "graphql" are installed: Apollo Server has another one than this gateway, and takes no schema from it. ' +
      '`npm ls graphql` shows both. `npm dedupe`, or "overrides": { "graphql": "$graphql" } in package.json, leaves one.',
    { cause },
  );
}
