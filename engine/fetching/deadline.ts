import { remainingTimeHeader } from '../../common/call-headers.ts';
import type { Clock } from '../../common/clock.ts';
import { SubgraphFailure } from './failure.ts';
import type { FetchLayer, RequestContext } from './types.ts';

/** The timeouts of subgraph calls. */
export interface DeadlineOptions {
  /** How long a call to the subgraph may take, in milliseconds. */
  readonly timeoutMsFor: (subgraph: string) => number;
  /** Whether subgraphs receive the remaining time, in `remainingTimeHeader`. */
  readonly sendRemainingTime: boolean;
  readonly clock: Clock;
}

/**
 * Sets the deadline of a call: its subgraph's timeout, or the deadline of the request when that is earlier. The wrapped
 * fetch must keep to `context.deadlineAt`, as the HTTP client does; `enforceDeadline` does it for other fetches. A call
 * without any time left is not made: it rejects with SUBGRAPH_TIMEOUT.
 */
export function deadline({ timeoutMsFor, sendRemainingTime, clock }: DeadlineOptions): FetchLayer {
  return (next) => (request) => {
    const { subgraph, headers, context } = request;
    const now = clock.now();
    const { deadlineAt = Number.POSITIVE_INFINITY } = context;
    const dueAt = Math.min(now + timeoutMsFor(subgraph), deadlineAt);
    if (dueAt <= now) return Promise.reject(deadlinePassed(subgraph));
    return next({
      ...request,
      headers: sendRemainingTime
        ? [...headers, remainingTimeHeader, String(Math.ceil(dueAt - now))]
        : headers,
      context: dueAt === deadlineAt ? context : { ...context, deadlineAt: dueAt },
    });
  };
}

/** The time until the deadline of the request; negative when that has passed. */
export function remainingMs({ deadlineAt }: RequestContext, clock: Clock): number {
  return deadlineAt === undefined ? Number.POSITIVE_INFINITY : deadlineAt - clock.now();
}

function deadlinePassed(subgraph: string): SubgraphFailure {
  return new SubgraphFailure(
    'SUBGRAPH_TIMEOUT',
    subgraph,
    'was not called: the deadline of the request has passed.',
    { neverStarted: true },
  );
}
