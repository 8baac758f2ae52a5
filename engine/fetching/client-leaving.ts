import { SubgraphFailure } from './failure.ts';
import type { FetchLayer } from './types.ts';

/**
 * A client that leaves takes its queries with it, but not a mutation that was begun: half a change would be worse than
 * an answer nobody reads. After it has left nothing new is begun.
 */
export const whileClientStays: FetchLayer = (next) => (request) => {
  const { operationKind, subgraph, context } = request;
  if (context.cancellation === undefined) return next(request);
  if (context.cancellation.cancelled) {
    return Promise.reject(
      new SubgraphFailure('SUBGRAPH_ERROR', subgraph, 'was not asked: the client has left.', {
        neverStarted: true,
      }),
    );
  }
  if (operationKind === 'query') return next(request);
  return next({ ...request, context: { ...context, cancellation: undefined } });
};
