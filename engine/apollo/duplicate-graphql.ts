import { messageOf } from '../../common/errors.ts';

/**
 * True for the error that graphql-js throws for a schema made by another copy of graphql-js. In development the message
 * says so; in production it only says that the value is not a schema.
 */
export function isDuplicateGraphqlError(error: unknown): boolean {
  return /from another module or realm|to be a GraphQL schema/.test(messageOf(error));
}

/** The error to throw instead: Apollo Server would hide the original behind a message about its own state. */
export function duplicateGraphqlError(cause: unknown): Error {
  return new Error(
    'Two copies of "graphql" are installed: Apollo Server uses a different one from this gateway, and rejects its schema. ' +
      '`npm ls graphql` shows both. `npm dedupe`, or "overrides": { "graphql": "$graphql" } in package.json, leaves a single copy.',
    { cause },
  );
}
