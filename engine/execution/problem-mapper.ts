import { STATUS_CODES } from 'node:http';
import { GraphQLError } from 'graphql';
import { AppError } from '../../common/errors.ts';
import type { ClientError, SubgraphProblem, SubgraphRequest } from '../fetching/types.ts';

/**
 * The mapper of a gateway that was given no other: as with ApolloGateway, the errors that subgraphs report pass with
 * their extensions and the subgraph's name; so do those that a user's data source throws, without what is
 * internal. That a subgraph refused the request is told in the words of its status; why one could not be reached never is.
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

/** The code by which ApolloGateway tells a status that is about who asks, and its words. */
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

/** Where code ran, what a data source received, and `http`, by which Apollo Server would let it set headers. */
const internals: ReadonlySet<string> = new Set(['stacktrace', 'exception', 'response', 'http']);

function withoutInternals(
  extensions: Readonly<Record<string, unknown>> | undefined,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(extensions ?? {}).filter(([name]) => !internals.has(name)),
  );
}
