import type { PostgresPool } from 'kysely';
import type pg from 'pg';
import { statementMsNow } from '../request-time.ts';

/**
 * A pool whose server ends a statement when nobody waits for its answer any more: each connection is taken with the
 * time that the request at work has left as its `statement_timeout`, up to `maxMs`. Throws AppError SUBGRAPH_TIMEOUT,
 * and takes no connection, when that time is over.
 */
export function timedPool(pool: pg.Pool, maxMs: number): PostgresPool {
  /** What each connection was told last; `maxMs` when it was made. */
  const told = new WeakMap<pg.PoolClient, number>();

  const tell = async (client: pg.PoolClient): Promise<void> => {
    const statementMs = statementMsNow(maxMs);
    if ((told.get(client) ?? maxMs) === statementMs) return;
    await client.query(`set statement_timeout to ${statementMs}`);
    told.set(client, statementMs);
  };

  return {
    async connect() {
      statementMsNow(maxMs);
      const client = await pool.connect();
      try {
        await tell(client);
      } catch (error) {
        client.release();
        throw error;
      }
      return client;
    },
    end: () => pool.end(),
  };
}
