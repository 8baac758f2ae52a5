import { setTimeout as pause } from 'node:timers/promises';
import type { Kysely, Transaction } from 'kysely';

/** How often a transaction is run before its failure is reported to the caller. */
const maxRuns = 3;

/** SQLSTATE codes of a transaction that conflicted with others: it can be retried. */
const conflicts: ReadonlySet<unknown> = new Set(['40001', '40P01']);

const pauseMs = 10;

/**
 * Runs a transaction, and retries all of it, up to three runs in all, when PostgreSQL aborts it because of a conflict:
 * a deadlock or a serialization failure. `work` must have no effects that survive a rollback.
 */
export function runTransaction<TTables, TResult>(
  database: Kysely<TTables>,
  work: (transaction: Transaction<TTables>) => Promise<TResult>,
): Promise<TResult> {
  return retryConflicts(() => database.transaction().execute(work));
}

/** Does the same for a transaction that is a single statement. */
export async function retryConflicts<TResult>(work: () => Promise<TResult>): Promise<TResult> {
  for (let run = 1; ; run += 1) {
    try {
      return await work();
    } catch (error) {
      if (run === maxRuns || !conflicts.has(stateOf(error))) throw error;
      await pause(pauseMs * run);
    }
  }
}

function stateOf(error: unknown): unknown {
  return (error as { readonly code?: unknown } | null | undefined)?.code;
}
