import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { AppError, type ErrorCode, readRetryAfterSeconds } from '../../common/errors.ts';
import type { ErrorFormat } from '../../engine/execution/execute.ts';

/** Codes whose message is meant for the client. Subgraph problems have already been mapped to client errors. */
const told: ReadonlySet<unknown> = new Set<ErrorCode>([
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'COST_ESTIMATED_TOO_EXPENSIVE',
  'PERSISTED_QUERY_ID_REQUIRED',
  'PERSISTED_QUERY_NOT_IN_LIST',
  'QUERY_NOT_IN_SAFELIST',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'PAYLOAD_TOO_LARGE',
  'RATE_LIMITED',
  'SUBSCRIPTION_LIMIT',
  'OVERLOADED',
  'AUTHENTICATION_UNAVAILABLE',
  'SUBGRAPH_ERROR',
  'SUBGRAPH_TIMEOUT',
]);

/** Apollo Server's codes for client mistakes. */
const toldByApollo: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

/** Codes whose message may repeat names and values of the request. */
const repeating: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
  'COST_ESTIMATED_TOO_EXPENSIVE',
]);

/**
 * What a client sees of an error: a known code with its message, or "Internal error". Of `extensions`, only the code
 * passes, with `retryAfterSeconds`, the `cost` of an operation that is too expensive, and `serviceName` if execution
 * has set it; never a stack. A message that repeats parts of the request is shortened, so that it costs little. In
 * production no message suggests names that were not requested, whatever its source.
 */
export function errorFormat(mode: 'development' | 'production'): ErrorFormat {
  if (mode === 'development') return toClientError;
  return (error) => {
    const told = toClientError(error);
    const at = told.message.indexOf(hint);
    return at < 0 ? told : { ...told, message: told.message.slice(0, at) };
  };
}

/** True for an error that is hidden from the client, so that it has to be logged. */
export function isHidden(error: Error): boolean {
  return !isTold(codeOf(error));
}

function toClientError(error: GraphQLError): GraphQLFormattedError {
  const { message, locations, path, extensions = {} } = error.toJSON();
  const place = { ...(locations && { locations }), ...(path && { path }) };
  const code = codeOf(error);
  if (!isTold(code)) {
    return { message: 'Internal error', ...place, extensions: { code: 'INTERNAL_SERVER_ERROR' } };
  }
  const { serviceName } = extensions;
  const named = typeof serviceName === 'string' ? { serviceName } : {};
  const cause = causeOf(error);
  const retryAfterSeconds = readRetryAfterSeconds(cause instanceof AppError ? cause : extensions);
  const retry = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  const costDetails = code === 'COST_ESTIMATED_TOO_EXPENSIVE' ? { cost: extensions.cost } : {};
  if (!repeating.has(code)) return { message, ...place, extensions: { code, ...retry, ...named } };
  return {
    ...abbreviated(message, place),
    extensions: { code, ...costDetails, ...retry, ...named },
  };
}

/** How graphql-js begins its suggestions, which are at the end of a message. */
const hint = ' Did you mean ';

const messageMaxChars = 300;
const locationsMax = 5;

type Place = Pick<GraphQLFormattedError, 'locations' | 'path'>;

function abbreviated(
  message: string,
  place: Place,
): Pick<GraphQLFormattedError, 'message'> & Place {
  const { locations } = place;
  // The parser of graphql-js is recursive: a few thousand brackets, within the token limit, overflow the stack.
  if (message === 'Maximum call stack size exceeded') {
    return { message: 'The document is nested too deeply.' };
  }
  return {
    message: message.length > messageMaxChars ? `${message.slice(0, messageMaxChars)}…` : message,
    ...place,
    ...(locations && { locations: locations.slice(0, locationsMax) }),
  };
}

function isTold(code: unknown): boolean {
  return told.has(code) || toldByApollo.has(code);
}

function codeOf(error: Error): unknown {
  const cause = causeOf(error);
  if (cause instanceof AppError) return cause.code;
  return (error as Partial<GraphQLError>).extensions?.code;
}

function causeOf(error: Error): unknown {
  return error instanceof GraphQLError ? error.originalError : error;
}
