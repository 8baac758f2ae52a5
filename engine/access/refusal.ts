import { GraphQLError } from 'graphql';
import type { RemovedPath } from './marked-operation.ts';

const logIn = 'Log in to use this.';

/** The error of what was removed for a caller who is not known. */
export function notLoggedIn(path: RemovedPath): GraphQLError {
  return new GraphQLError(logIn, { path, extensions: { code: 'UNAUTHENTICATED' } });
}

/** The error of what was removed for a caller who is known and lacks a scope or a policy. */
export function forbidden(path: RemovedPath): GraphQLError {
  return new GraphQLError('You may not use this.', { path, extensions: { code: 'FORBIDDEN' } });
}

/** The error for an operation of an unknown caller, where every caller must be known. */
export function authenticationRequired(): GraphQLError {
  return new GraphQLError(logIn, {
    extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
  });
}
