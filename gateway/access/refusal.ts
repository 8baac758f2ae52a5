import { GraphQLError } from 'graphql';
import type { RemovedPath } from './marked-operation.ts';

/** The errors of what was removed from an operation, as Apollo Router writes them. */
export function unauthorizedErrors(paths: readonly RemovedPath[]): readonly GraphQLError[] {
  return paths.map(
    (path) =>
      new GraphQLError('Unauthorized field or type', {
        path,
        extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' },
      }),
  );
}

/** The error for an operation of somebody unknown, where everybody must be known. */
export function authenticationRequired(): GraphQLError {
  return new GraphQLError('Log in to use this.', {
    extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
  });
}
