import { setTimeout as pause } from 'node:timers/promises';
import type { Kysely, Transaction } from 'kysely';

/** How often a transaction is run before its failure is the caller's. */
const maxRuns = 3;

/** What PostgreSQL says to a transaction that others were in the way of: it did nothing wrong and may be run again (SQLSTATE). */
const conflicts: ReadonlySet<unknown> = new Set(['40001', '40P01']);

const pauseMs = 10;

/**
 * Runs a transaction, and runs all of it again, up to three times in all, when PostgreSQL ends it for a conflict with
 * another one: a deadlock or a serialization failure. `work` must do nothing that outlives a rollback.
 */
export async function runTransaction<TTables, TResult>(
  database: Kysely<TTables>,
  work: (transaction: Transaction<TTables>) => Promise<TResult>,
): Promise<TResult> {
  for (let run = 1; ; run += 1) {
    try {
      return await database.transaction().execute(work);
    } catch (error) {
      if (run === maxRuns || !conflicts.has(stateOf(error))) throw error;
      await pause(pauseMs * run);
    }
  }
}

function stateOf(error: unknown): unknown {
  return (error as { readonly code?: unknown } | null | undefined)?.code;
}
