import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { AppError, isErrorCode } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';

/** Codes that Apollo Server gives to a client's mistakes; their messages are about the request and may be told. */
const requestCodes: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

/**
 * What PostgreSQL says to a value it cannot hold (SQLSTATE): text with a NUL 22021; a malformed value 22P02; a number
 * out of range 22003; a malformed time 22007, one out of range 22008, or with such a zone 22009.
 */
const inputStates: ReadonlySet<unknown> = new Set([
  '22021',
  '22P02',
  '22003',
  '22007',
  '22008',
  '22009',
]);

/** What PostgreSQL says to a statement that it ended, as when its time was over (SQLSTATE 57014). */
const endedState = '57014';

/**
 * Turns anything thrown by a resolver into the error a caller sees: errors of the catalogue keep code and message; the
 * rest is "Internal error".
 */
export function toFormattedError(
  formatted: GraphQLFormattedError,
  thrown: unknown,
): GraphQLFormattedError {
  const cause = thrown instanceof GraphQLError ? (thrown.originalError ?? thrown) : thrown;
  if (cause instanceof AppError) {
    return withCode(formatted, cause.code, cause.message, cause.retryAfterSeconds);
  }
  const code = formatted.extensions?.code;
  if (requestCodes.has(code) || (isErrorCode(code) && code !== 'INTERNAL_SERVER_ERROR')) {
    return withCode(formatted, String(code), formatted.message);
  }
  const state = (cause as { code?: unknown } | null | undefined)?.code;
  if (state === endedState) {
    return withCode(formatted, 'SUBGRAPH_TIMEOUT', 'The answer took too long.');
  }
  if (inputStates.has(state)) {
    return withCode(formatted, 'BAD_USER_INPUT', 'A value has a form that cannot be stored.');
  }
  return withCode(formatted, 'INTERNAL_SERVER_ERROR', 'Internal error');
}

/** Logs in full what the caller reads only as "Internal error". */
export function logUnexpected(error: GraphQLError, correlationId: string, log: Logger): void {
  if (toFormattedError(error.toJSON(), error).extensions?.code !== 'INTERNAL_SERVER_ERROR') return;
  const { path, originalError: err = error } = error;
  log.error({ correlationId, path, err }, 'resolver failed');
}

function withCode(
  { path, locations }: GraphQLFormattedError,
  code: string,
  message: string,
  retryAfterSeconds?: number,
): GraphQLFormattedError {
  return {
    message,
    ...(locations && { locations }),
    ...(path && { path }),
    extensions: { code, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) },
  };
}
