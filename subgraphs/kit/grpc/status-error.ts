import { status } from '@grpc/grpc-js';
import { messageOf } from '../../../common/errors.ts';
import { toFormattedError } from '../errors.ts';

/** What a handler throws to end a call with a status that no code of the catalogue has. The caller reads the message. */
export class StatusError extends Error {
  readonly status: status;

  constructor(code: status, message: string) {
    super(message);
    this.name = 'StatusError';
    this.status = code;
  }
}

/** How a call ends that failed. `isUnexpected` is true where the caller is told nothing and the log has to be. */
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
  // Not UNAVAILABLE, at which callers try again at once.
  ['OVERLOADED', status.RESOURCE_EXHAUSTED],
  ['DATABASE_UNAVAILABLE', status.UNAVAILABLE],
]);

/** Turns anything that a handler threw into the end of its call, by the rules that errors of GraphQL follow. */
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
