import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '../../common/clock.ts';
import { AppError } from '../../common/errors.ts';

/** For how long somebody waits for the answer to a request. */
export interface RequestTime {
  /** Says that nobody waits any more: whoever asked has closed the connection. */
  end(): void;
  /** Says that the request changes something: what it has begun is finished even when nobody waits. */
  finish(): void;
  /**
   * The milliseconds that a statement of the request may take, up to `maxMs`. Throws AppError SUBGRAPH_TIMEOUT when
   * nobody waits for it.
   */
  statementMs(maxMs: number): number;
}

const current = new AsyncLocalStorage<RequestTime>();

/** The time of a request whose answer is waited for so many milliseconds from now; without a number for ever. */
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
      throw new AppError('SUBGRAPH_TIMEOUT', 'Nobody waits for the answer any more.');
    },
  };
}

/** Does what a request asks for: the databases see its time, wherever in it they are asked. */
export function withinRequestTime<T>(time: RequestTime, work: () => T): T {
  return current.run(time, work);
}

/** `statementMs` of the request at work; `maxMs` where there is none, as at start. */
export function statementMsNow(maxMs: number): number {
  return current.getStore()?.statementMs(maxMs) ?? maxMs;
}

/** Says of the request at work that it changes something. */
export function finishRequest(): void {
  current.getStore()?.finish();
}

/**
 * By up to a quarter, to one of a few numbers: a connection is told only when the number changes, so that of requests
 * with time enough hardly any has to.
 */
function roundUp(ms: number): number {
  const step = 2 ** Math.max(0, Math.floor(Math.log2(ms)) - 2);
  return Math.ceil(ms / step) * step;
}
