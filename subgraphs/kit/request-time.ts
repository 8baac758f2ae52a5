import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '../../common/clock.ts';
import { AppError } from '../../common/errors.ts';

/** For how long the client waits for the response to a request. */
export interface RequestTime {
  /** To be called when the client no longer waits: it has closed the connection. */
  end(): void;
  /**
   * To be called when the request changes something: what has started is finished even when the client no longer waits.
   */
  finish(): void;
  /**
   * The milliseconds that a statement of the request may take, up to `maxMs`. Throws AppError SUBGRAPH_TIMEOUT when the
   * client no longer waits for it.
   */
  statementMs(maxMs: number): number;
}

const current = new AsyncLocalStorage<RequestTime>();

/** The time of a request whose client waits this many milliseconds from now; without a number, forever. */
export function createRequestTime(remainingMs: number | undefined, clock: Clock): RequestTime {
  const dueAt = remainingMs === undefined ? Number.POSITIVE_INFINITY : clock.now() + remainingMs;
  let hasEnded = false;
  let mustFinish = false;
  return {
    end: () => {
      hasEnded = true;
    },
    finish: () => {
      mustFinish = true;
    },
    statementMs: (maxMs) => {
      const leftMs = dueAt - clock.now();
      if (!hasEnded && leftMs > 0)
        return leftMs >= maxMs ? maxMs : Math.min(maxMs, roundUp(leftMs));
      if (mustFinish) return maxMs;
      throw new AppError('SUBGRAPH_TIMEOUT', 'The client no longer waits for the response.');
    },
  };
}

/** Runs the work of a request: databases see its remaining time, wherever it calls them. */
export function withinRequestTime<T>(time: RequestTime, work: () => T): T {
  return current.run(time, work);
}

/** Runs work that several requests wait for: the time of none of them limits it. */
export function outsideOfRequests<T>(work: () => T): T {
  return current.exit(work);
}

/** `statementMs` of the current request; `maxMs` when there is none, as at startup. */
export function statementMsNow(maxMs: number): number {
  return current.getStore()?.statementMs(maxMs) ?? maxMs;
}

/** Marks the current request as one that changes something. */
export function finishRequest(): void {
  current.getStore()?.finish();
}

/**
 * Rounds up by at most a quarter, to one of a few values: a connection's timeout is only set when the value changes,
 * which is rare for requests with enough time.
 */
function roundUp(ms: number): number {
  const step = 2 ** Math.max(0, Math.floor(Math.log2(ms)) - 2);
  return Math.ceil(ms / step) * step;
}
