import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { AppError, type ErrorCode } from '../../common/errors.ts';

/** Codes that are about the request or its outcome: whoever asked may read the message, from a subgraph too. */
const told: ReadonlySet<unknown> = new Set<ErrorCode>([
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'PAYLOAD_TOO_LARGE',
  'RATE_LIMITED',
  'OVERLOADED',
]);

/** Codes by which Apollo Server names a client's mistake. From a subgraph they would be the gateway's mistake. */
const toldOfGateway: ReadonlySet<unknown> = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

/** What a client reads instead of a message that was not meant for it. */
const masks = {
  SUBGRAPH_ERROR: 'A subgraph failed to answer properly.',
  SUBGRAPH_TIMEOUT: 'A subgraph did not answer in time.',
  INTERNAL_SERVER_ERROR: 'Internal error',
} as const;

type MaskedCode = keyof typeof masks;

/** Makes the errors of a response: see `toClientError`. */
export type ErrorFormatter = (
  formatted: GraphQLFormattedError,
  thrown: unknown,
) => GraphQLFormattedError;

/**
 * The one place where an error becomes what a client reads: a code of the catalogue with its message, or a mask that
 * says no more than whether a subgraph or the gateway failed. No stack, address or name of a subgraph; in development
 * the name of the subgraph, under `extensions.serviceName`.
 */
export function createErrorFormatter(mode: 'development' | 'production'): ErrorFormatter {
  return (formatted, thrown) => {
    const { message, locations, path } = formatted;
    const subgraph = subgraphOf(formatted, thrown);
    const masked = maskFor(formatted, thrown);
    const code = masked ?? String(codeOf(formatted, thrown));
    return {
      message: masked ? masks[masked] : message,
      ...(locations && { locations }),
      ...(path && { path }),
      extensions: {
        code,
        ...(mode === 'development' && subgraph !== undefined && { serviceName: subgraph }),
      },
    };
  };
}

/** The code under which an error is hidden from the client, `undefined` for one that is told as it is. */
export function maskFor(formatted: GraphQLFormattedError, thrown: unknown): MaskedCode | undefined {
  const code = codeOf(formatted, thrown);
  if (told.has(code)) return undefined;
  if (code === 'SUBGRAPH_ERROR' || code === 'SUBGRAPH_TIMEOUT') return code;
  if (subgraphOf(formatted, thrown) !== undefined) return 'SUBGRAPH_ERROR';
  return toldOfGateway.has(code) ? undefined : 'INTERNAL_SERVER_ERROR';
}

function codeOf(formatted: GraphQLFormattedError, thrown: unknown): unknown {
  const cause = causeOf(thrown);
  return cause instanceof AppError ? cause.code : formatted.extensions?.code;
}

/** The subgraph that an error came from, `undefined` for one of the gateway's own. */
export function subgraphOf(formatted: GraphQLFormattedError, thrown: unknown): string | undefined {
  const { subgraph } = (causeOf(thrown) ?? {}) as { readonly subgraph?: unknown };
  const name = formatted.extensions?.serviceName ?? subgraph;
  return typeof name === 'string' ? name : undefined;
}

function causeOf(thrown: unknown): unknown {
  return thrown instanceof GraphQLError ? (thrown.originalError ?? thrown) : thrown;
}
