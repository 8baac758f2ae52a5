import { GraphQLError } from 'graphql';
import type { RemovedPath } from './marked-operation.ts';

const logIn = 'Log in to use this.';

/** The error for a removed part when the caller is not authenticated. */
export function unauthenticatedError(path: RemovedPath): GraphQLError {
  return new GraphQLError(logIn, { path, extensions: { code: 'UNAUTHENTICATED' } });
}

/** The error for a removed part when the caller is authenticated, but lacks a scope or a policy. */
export function forbiddenError(path: RemovedPath): GraphQLError {
  return new GraphQLError('You may not use this.', { path, extensions: { code: 'FORBIDDEN' } });
}

/** The error for an operation without authentication, when authentication is required. */
export function authenticationRequiredError(): GraphQLError {
  return new GraphQLError(logIn, {
    extensions: { code: 'UNAUTHENTICATED', http: { status: 401 } },
  });
}
