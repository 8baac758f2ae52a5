import type { Clock } from '../../common/clock.ts';
import { createCancellation } from './cancellation.ts';
import { remainingMs } from './deadline.ts';
import { SubgraphFailure } from './failure.ts';
import type { FetchLayer } from './types.ts';

/**
 * Ends a call at `context.deadlineAt`, for fetches that ignore it, such as data sources. The call is cancelled, even a
 * mutation, and rejects with SUBGRAPH_TIMEOUT even when the cancellation is ignored.
 */
export function enforceDeadline({ clock }: { readonly clock: Clock }): FetchLayer {
  return (next) => (request) => {
    const { subgraph, context } = request;
    const timeoutMs = remainingMs(context, clock);
    if (timeoutMs === Number.POSITIVE_INFINITY) return next(request);
    return new Promise((resolve, reject) => {
      const call = createCancellation();
      const end = (): void => {
        clearTimeout(timer);
        context.cancellation?.delete(call);
      };
      const timer = setTimeout(() => {
        // First, so that the rejection caused by the cancellation comes second and is ignored.
        reject(
          new SubgraphFailure(
            'SUBGRAPH_TIMEOUT',
            subgraph,
            `did not answer within ${timeoutMs} ms.`,
          ),
        );
        end();
        call.cancel();
      }, timeoutMs);
      context.cancellation?.add(call);
      next({ ...request, context: { ...context, cancellation: call } })
        .finally(end)
        .then(resolve, reject);
    });
  };
}
