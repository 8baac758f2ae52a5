import { GraphQLError, type GraphQLErrorExtensions } from 'graphql';
import type { Violation } from './violation.ts';

const refusals = new WeakSet<Error>();

/** The error for a violation, with status 400. */
export function limitRefusal({ code, message, cost }: Violation): GraphQLError {
  const http = { status: 400 };
  const extensions = { code, http, ...(cost && { cost }) } as unknown as GraphQLErrorExtensions;
  const error = new GraphQLError(message, { extensions });
  refusals.add(error);
  return error;
}

/** True for an error from `limitRefusal`. */
export function isLimitRefusal(error: unknown): error is GraphQLError {
  return error instanceof GraphQLError && refusals.has(error);
}
