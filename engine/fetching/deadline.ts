import { remainingTimeHeader } from '../../common/call-headers.ts';
import type { Clock } from '../../common/clock.ts';
import { SubgraphFailure } from './failure.ts';
import type { FetchLayer, RequestContext } from './types.ts';

/** How long subgraphs are waited for. */
export interface DeadlineOptions {
  /** Time a subgraph has to answer one call, in milliseconds. */
  readonly timeoutMsFor: (subgraph: string) => number;
  /** Whether subgraphs are told the time that is left, in `remainingTimeHeader`. */
  readonly sendRemainingTime: boolean;
  readonly clock: Clock;
}

/**
 * Sets when a call is due: after its subgraph's time, or earlier when the whole answer is due earlier. What it wraps
 * keeps to `context.deadlineAt`, as the HTTP client does; `enforceDeadline` does it for what does not. A call for which
 * no time is left is not made: it rejects with SUBGRAPH_TIMEOUT.
 */
export function deadline({ timeoutMsFor, sendRemainingTime, clock }: DeadlineOptions): FetchLayer {
  return (next) => (request) => {
    const { subgraph, headers, context } = request;
    const now = clock.now();
    const { deadlineAt = Number.POSITIVE_INFINITY } = context;
    const dueAt = Math.min(now + timeoutMsFor(subgraph), deadlineAt);
    if (dueAt <= now) return Promise.reject(tooLateToAsk(subgraph));
    return next({
      ...request,
      headers: sendRemainingTime
        ? [...headers, remainingTimeHeader, String(Math.ceil(dueAt - now))]
        : headers,
      context: dueAt === deadlineAt ? context : { ...context, deadlineAt: dueAt },
    });
  };
}

/** The time until the whole answer of a request is due; negative when that has passed. */
export function remainingMs({ deadlineAt }: RequestContext, clock: Clock): number {
  return deadlineAt === undefined ? Number.POSITIVE_INFINITY : deadlineAt - clock.now();
}

function tooLateToAsk(subgraph: string): SubgraphFailure {
  return new SubgraphFailure(
    'SUBGRAPH_TIMEOUT',
    subgraph,
    'was not asked: the time for the whole answer is over.',
    { neverStarted: true },
  );
}
