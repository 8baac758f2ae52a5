import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { AppError, type ErrorCode, readRetryAfterSeconds } from '../../common/errors.ts';

/** Codes whose message is for whoever asked. Problems of subgraphs have been put into words before they come here. */
const told: ReadonlySet<unknown> = new Set<ErrorCode>([
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'UNAUTHORIZED_FIELD_OR_TYPE',
  'NOT_FOUND',
  'PAYLOAD_TOO_LARGE',
  'RATE_LIMITED',
  'OVERLOADED',
  'AUTHENTICATION_UNAVAILABLE',
  'SUBGRAPH_ERROR',
  'SUBGRAPH_TIMEOUT',
]);

/** Codes by which Apollo Server names a client's mistake. */
const toldByApollo: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

/**
 * What a client reads of an error: a known code with its message, or "Internal error". Of `extensions` only the code
 * passes, with `retryAfterSeconds`, and `serviceName` where execution has named the subgraph; never a stack.
 */
export function toClientError(
  { message, locations, path, extensions = {} }: GraphQLFormattedError,
  thrown: unknown,
): GraphQLFormattedError {
  const place = { ...(locations && { locations }), ...(path && { path }) };
  const code = codeOf(extensions, thrown);
  if (!isTold(code)) {
    return { message: 'Internal error', ...place, extensions: { code: 'INTERNAL_SERVER_ERROR' } };
  }
  const { serviceName } = extensions;
  const named = typeof serviceName === 'string' ? { serviceName } : {};
  const cause = causeOf(thrown);
  const retryAfterSeconds = readRetryAfterSeconds(cause instanceof AppError ? cause : extensions);
  const retry = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  return { message, ...place, extensions: { code, ...retry, ...named } };
}

/** True for an error that the client does not read, so that the log has to have it. */
export function isHidden(error: Error): boolean {
  const { extensions = {} } = error as Partial<GraphQLError>;
  return !isTold(codeOf(extensions, error));
}

function isTold(code: unknown): boolean {
  return told.has(code) || toldByApollo.has(code);
}

function codeOf(extensions: Readonly<Record<string, unknown>>, thrown: unknown): unknown {
  const cause = causeOf(thrown);
  return cause instanceof AppError ? cause.code : extensions.code;
}

function causeOf(thrown: unknown): unknown {
  return thrown instanceof GraphQLError ? thrown.originalError : thrown;
}
