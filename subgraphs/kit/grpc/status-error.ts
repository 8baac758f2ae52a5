import { status } from '@grpc/grpc-js';
import { messageOf } from '../../../common/errors.ts';
import { toFormattedError } from '../errors.ts';

/** Ends a call with a status that no code of the catalogue has. The caller sees the message. */
export class StatusError extends Error {
  readonly status: status;

  constructor(code: status, message: string) {
    super(message);
    this.name = 'StatusError';
    this.status = code;
  }
}

/** How a failed call ends. `isUnexpected` is true when the error is hidden from the caller and has to be logged. */
export interface FailedCall {
  readonly code: status;
  readonly details: string;
  readonly isUnexpected: boolean;
}

const statusOfCode: ReadonlyMap<unknown, status> = new Map([
  ['BAD_USER_INPUT', status.INVALID_ARGUMENT],
  ['UNAUTHENTICATED', status.UNAUTHENTICATED],
  ['FORBIDDEN', status.PERMISSION_DENIED],
  ['SUBGRAPH_TIMEOUT', status.DEADLINE_EXCEEDED],
  ['RATE_LIMITED', status.RESOURCE_EXHAUSTED],
  // Not UNAVAILABLE, which callers retry immediately.
  ['OVERLOADED', status.RESOURCE_EXHAUSTED],
  ['DATABASE_UNAVAILABLE', status.UNAVAILABLE],
]);

/** Converts anything that a handler threw to the status of its call, by the same rules as GraphQL errors. */
export function toFailedCall(thrown: unknown): FailedCall {
  if (thrown instanceof StatusError) {
    return { code: thrown.status, details: thrown.message, isUnexpected: false };
  }
  const { message, extensions } = toFormattedError({ message: messageOf(thrown) }, thrown);
  const code = statusOfCode.get(extensions?.code);
  return code === undefined
    ? { code: status.INTERNAL, details: 'Internal error', isUnexpected: true }
    : { code, details: message, isUnexpected: false };
}
