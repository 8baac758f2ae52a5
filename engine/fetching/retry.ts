import type { Clock } from '../../common/clock.ts';
import { remainingMs } from './deadline.ts';
import { SubgraphFailure } from './failure.ts';
import type { FetchLayer, SubgraphRequest, SubgraphResponse } from './types.ts';

/** How often a read is tried again. */
export interface RetryOptions {
  /** Tries after the first one. */
  readonly maxRetries: number;
  /** Retries as a part of all queries to a subgraph, 0 to 1: when all fail, it gets no more than that on top. */
  readonly budgetShare: number;
  /** Before a retry passes a random time up to this; it doubles with each retry of a call. */
  readonly maxBackoffMs: number;
  /** 0 up to, not including, 1. */
  readonly random: () => number;
  readonly clock: Clock;
}

/** What of the budget is not used is saved, up to so many retries, so that an outage does not begin with a burst. */
const savedRetriesMax = 10;

/** What a proxy or an overloaded service answers for a moment (RFC 9110 §15.6). */
const momentaryStatuses: ReadonlySet<unknown> = new Set([502, 503, 504]);

/** How Node and undici name a connection that was lost, as a subgraph that restarts loses those that were kept alive. */
const lostConnection: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/**
 * Tries a query again that a subgraph did not get or could not take for the moment: no connection, a lost one, or 502,
 * 503, 504. Never a mutation, never for a client that has left or past the time of the whole answer; and a subgraph
 * that is late is not asked for more.
 */
export function retryReads(options: RetryOptions): FetchLayer {
  const { maxRetries, budgetShare, maxBackoffMs, random, clock } = options;
  // Each query earns 1, a retry costs as many as it takes to keep the share: whole numbers do not drift.
  const costOfRetry = 1 / budgetShare;
  const savedMax = savedRetriesMax * costOfRetry;
  return (next) => {
    const budgets = new Map<string, number>();

    const attempt = (request: SubgraphRequest, retries: number): Promise<SubgraphResponse> =>
      next(request).catch(async (error: unknown) => {
        const backoffMs = random() * maxBackoffMs * 2 ** retries;
        if (retries >= maxRetries || !isMomentary(error)) throw error;
        if (remainingMs(request.context, clock) <= backoffMs) throw error;
        if (request.context.cancellation?.cancelled || !spend(request.subgraph)) throw error;
        await pause(backoffMs, request);
        if (request.context.cancellation?.cancelled) throw error;
        return attempt(request, retries + 1);
      });

    const spend = (subgraph: string): boolean => {
      const saved = budgets.get(subgraph) ?? 0;
      if (saved < costOfRetry) return false;
      budgets.set(subgraph, saved - costOfRetry);
      return true;
    };

    return (request) => {
      if (request.operationKind !== 'query') return next(request);
      const saved = budgets.get(request.subgraph) ?? 0;
      if (saved < savedMax) budgets.set(request.subgraph, saved + 1);
      return attempt(request, 0);
    };
  };
}

function isMomentary(error: unknown): boolean {
  if (!(error instanceof SubgraphFailure) || error.code !== 'SUBGRAPH_ERROR') return false;
  const { code } = (error.cause ?? {}) as { readonly code?: unknown };
  return error.neverStarted || momentaryStatuses.has(error.status) || lostConnection.has(code);
}

/** Ends after the time, or when the client leaves. */
function pause(ms: number, { context: { cancellation } }: SubgraphRequest): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      cancellation?.delete(leaving);
      resolve();
    };
    const leaving = { cancel: end };
    const timer = setTimeout(end, ms);
    cancellation?.add(leaving);
  });
}
