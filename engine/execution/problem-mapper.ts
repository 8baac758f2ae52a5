import { STATUS_CODES } from 'node:http';
import { GraphQLError } from 'graphql';
import { AppError } from '../../common/errors.ts';
import type { ClientError, SubgraphProblem, SubgraphRequest } from '../fetching/types.ts';

/**
 * The default mapper, which works like ApolloGateway: errors that subgraphs report are passed on with their extensions
 * and the subgraph's name. Errors thrown by a user's data source are passed on too, without internal extensions. A 401
 * or 403 from a subgraph becomes an error with the status text. The reason why a subgraph could not be reached is never
 * revealed.
 */
export function passReportedErrors(
  problem: SubgraphProblem,
  { subgraph }: SubgraphRequest,
): ClientError {
  if (problem.kind === 'reported') {
    const code = problem.extensions?.code ?? 'DOWNSTREAM_SERVICE_ERROR';
    const extensions = { ...withoutInternals(problem.extensions), code, serviceName: subgraph };
    return { message: problem.message, extensions };
  }
  const { error } = problem;
  if (error instanceof GraphQLError) {
    const extensions = { ...withoutInternals(error.extensions), serviceName: subgraph };
    return { message: error.message, extensions };
  }
  const refusal = refusalIn(error);
  if (refusal) {
    const { code, message } = refusal;
    return { message, extensions: { code, serviceName: subgraph } };
  }
  const code = error instanceof AppError ? error.code : 'SUBGRAPH_ERROR';
  const message =
    code === 'SUBGRAPH_TIMEOUT'
      ? 'A subgraph did not answer in time.'
      : 'A subgraph failed to answer.';
  return { message, extensions: { code, serviceName: subgraph } };
}

const refusals: ReadonlyMap<unknown, string> = new Map([
  [401, 'UNAUTHENTICATED'],
  [403, 'FORBIDDEN'],
]);

/** ApolloGateway's error code and message for a 401 or 403. */
function refusalIn(
  error: unknown,
): { readonly code: string; readonly message: string } | undefined {
  if (!(error instanceof AppError) || !('status' in error)) return undefined;
  const { status } = error;
  const code = refusals.get(status);
  return code === undefined
    ? undefined
    : { code, message: `${String(status)}: ${STATUS_CODES[Number(status)]}` };
}

/**
 * Internal extensions: stack traces, the response that a data source received, and `http`, with which a subgraph could
 * make Apollo Server set headers.
 */
const internals: ReadonlySet<string> = new Set(['stacktrace', 'exception', 'response', 'http']);

function withoutInternals(
  extensions: Readonly<Record<string, unknown>> | undefined,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(extensions ?? {}).filter(([name]) => !internals.has(name)),
  );
}
