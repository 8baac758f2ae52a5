import type { FastifyRequest } from 'fastify';
import { type ErrorCode, errorCatalogue, isErrorCode } from '../../common/errors.ts';
import { retryAfterHeader, retryAfterOf } from './retry-after.ts';

/** An operation that the gateway runs on behalf of a request for something else. */
export interface OwnOperation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Runs an operation on behalf of a request. Never rejects: a refusal is an error of the outcome. */
export type RunOperation = (
  request: FastifyRequest,
  operation: OwnOperation,
) => Promise<OperationOutcome>;

/** The result of an operation. */
export interface OperationOutcome {
  readonly data?: Readonly<Record<string, unknown>> | null | undefined;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: Readonly<Record<string, unknown>>;
  }[];
}

/** Why an operation failed, as an HTTP response of its own says it. */
export interface OperationFailure {
  readonly status: number;
  readonly code: ErrorCode;
  /** In the words of the operation, which the error formatter has made safe to send. */
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The failure of an operation that gave no usable data. */
export function failureOf({ errors }: OperationOutcome): OperationFailure {
  const [error] = errors ?? [];
  const given = error?.extensions?.code;
  const code = isErrorCode(given) ? given : 'INTERNAL_SERVER_ERROR';
  const { status } = errorCatalogue[code];
  const retryAfter = (error && retryAfterOf([error])) ?? (status === 503 ? '1' : undefined);
  return {
    status,
    code,
    message: error?.message ?? 'Internal error',
    headers: retryAfter === undefined ? {} : { [retryAfterHeader]: retryAfter },
  };
}
