import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { AppError, isErrorCode } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';

/** Apollo Server's codes for client mistakes; their messages are about the request, so the client may see them. */
const requestCodes: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

/**
 * SQLSTATE codes of values that PostgreSQL cannot store: text with a NUL 22021; a malformed value 22P02; a number out
 * of range 22003; a malformed time 22007, one out of range 22008, or with an offset out of range 22009.
 */
const inputStates: ReadonlySet<unknown> = new Set([
  '22021',
  '22P02',
  '22003',
  '22007',
  '22008',
  '22009',
]);

/** The SQLSTATE of a statement that PostgreSQL cancelled, for example after its timeout. */
const endedState = '57014';

/**
 * Converts anything thrown by a resolver to the error that the caller sees: catalogue errors keep code and message; the
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
    return withCode(formatted, 'SUBGRAPH_TIMEOUT', 'The response took too long.');
  }
  if (inputStates.has(state)) {
    return withCode(formatted, 'BAD_USER_INPUT', 'A value cannot be stored.');
  }
  return withCode(formatted, 'INTERNAL_SERVER_ERROR', 'Internal error');
}

/** Logs in full what the caller sees only as "Internal error". */
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
