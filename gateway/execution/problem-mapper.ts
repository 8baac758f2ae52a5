import { GraphQLError } from 'graphql';
import { AppError } from '../../common/errors.ts';
import type { ClientError, SubgraphProblem, SubgraphRequest } from '../fetching/types.ts';

/**
 * The mapper of a gateway that was given no other: as with ApolloGateway, the errors that subgraphs report pass with
 * their extensions and the subgraph's name; so do those that a user's data source throws, without the response they
 * may hold. Why a subgraph could not be reached is never told.
 */
export function passReportedErrors(
  problem: SubgraphProblem,
  { subgraph }: SubgraphRequest,
): ClientError {
  if (problem.kind === 'reported') {
    const code = problem.extensions?.code ?? 'DOWNSTREAM_SERVICE_ERROR';
    const extensions = { ...problem.extensions, code, serviceName: subgraph };
    return { message: problem.message, extensions };
  }
  const { error } = problem;
  if (error instanceof GraphQLError) {
    const { response: _response, ...extensions } = error.extensions;
    return { message: error.message, extensions: { ...extensions, serviceName: subgraph } };
  }
  const code = error instanceof AppError ? error.code : 'SUBGRAPH_ERROR';
  const message =
    code === 'SUBGRAPH_TIMEOUT'
      ? 'A subgraph did not answer in time.'
      : 'A subgraph failed to answer.';
  return { message, extensions: { code, serviceName: subgraph } };
}
