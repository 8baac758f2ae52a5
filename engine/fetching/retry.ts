import type { Clock } from '../../common/clock.ts';
import { remainingMs } from './deadline.ts';
import { SubgraphFailure } from './failure.ts';
import type { FetchLayer, SubgraphRequest, SubgraphResponse } from './types.ts';

/** How often a query is retried. */
export interface RetryOptions {
  /** The most retries of a call. */
  readonly maxRetries: number;
  /** The most retries per query to a subgraph, from 0 to 1: the load that retries add when everything fails. */
  readonly budgetShare: number;
  /** A retry waits a random time up to this; it doubles with each retry of a call. */
  readonly maxBackoffMs: number;
  /** Returns a number in [0, 1). */
  readonly random: () => number;
  readonly clock: Clock;
}

/** Unused budget is saved, up to this many retries, so that an outage does not start with a burst. */
const savedRetriesMax = 10;

/** Statuses of a temporary failure of a proxy or an overloaded service (RFC 9110 §15.6). */
const temporaryStatuses: ReadonlySet<unknown> = new Set([502, 503, 504]);

/** The error codes of Node and undici for a lost connection; a restarting subgraph loses its kept-alive connections. */
const lostConnection: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/**
 * Retries a query after a temporary failure: no connection, a lost one, or 502, 503, 504. Never retries a mutation, for
 * a disconnected client, or past the deadline of the request. A subgraph that times out is not retried, because it
 * would get even more load.
 */
export function retryReads(options: RetryOptions): FetchLayer {
  const { maxRetries, budgetShare, maxBackoffMs, random, clock } = options;
  // Each query earns 1, and a retry costs the inverse of the share: whole numbers do not drift.
  const costOfRetry = 1 / budgetShare;
  const savedMax = savedRetriesMax * costOfRetry;
  return (next) => {
    const budgets = new Map<string, number>();

    const attempt = (request: SubgraphRequest, retries: number): Promise<SubgraphResponse> =>
      next(request).catch(async (error: unknown) => {
        const backoffMs = random() * maxBackoffMs * 2 ** retries;
        if (retries >= maxRetries || !isTemporary(error)) throw error;
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

function isTemporary(error: unknown): boolean {
  if (!(error instanceof SubgraphFailure) || error.code !== 'SUBGRAPH_ERROR') return false;
  const { code } = (error.cause ?? {}) as { readonly code?: unknown };
  return error.neverStarted || temporaryStatuses.has(error.status) || lostConnection.has(code);
}

/** Resolves after the time, or when the client disconnects. */
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
