import { SubgraphFailure } from './failure.ts';
import type { FetchLayer } from './types.ts';

/**
 * When the client disconnects, its queries are cancelled, but a started mutation continues: half a change would be
 * worse than an unread response. After that, no new call is started.
 */
export const whileClientStays: FetchLayer = (next) => (request) => {
  const { operationKind, subgraph, context } = request;
  if (context.cancellation === undefined) return next(request);
  if (context.cancellation.cancelled) {
    return Promise.reject(
      new SubgraphFailure('SUBGRAPH_ERROR', subgraph, 'was not called: the client disconnected.', {
        neverStarted: true,
      }),
    );
  }
  if (operationKind === 'query') return next(request);
  return next({ ...request, context: { ...context, cancellation: undefined } });
};
