import { type Kysely, sql } from 'kysely';

/** The location of an outbox. */
export interface OutboxPlace {
  /** Connected to the schema of the outbox. */
  readonly database: Kysely<unknown>;
  readonly schema: string;
  /** See DatabaseHome. */
  readonly isSingleSession: boolean;
}

/** The partitions held by relays of this process, for databases without sessions. */
const held = new Set<string>();

/**
 * Runs the work under an exclusive lock on the partition; returns `undefined` immediately if another relay holds it. The work gets a
 * transaction that holds the lock; a killed relay releases it with its connection. A database with a single session
 * belongs to one process: there it is held in memory unless the work needs a transaction, since one would keep everybody
 * else waiting for the broker.
 */
export async function holdPartition<T>(
  { database, schema, isSingleSession }: OutboxPlace,
  partition: number,
  needsTransaction: boolean,
  work: (database: Kysely<unknown>) => Promise<T>,
): Promise<T | undefined> {
  if (isSingleSession && !needsTransaction) {
    const name = `${schema} ${partition}`;
    if (held.has(name)) return undefined;
    held.add(name);
    try {
      return await work(database);
    } finally {
      held.delete(name);
    }
  }
  return database.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ isMine: boolean }>`
      select pg_try_advisory_xact_lock(hashtext(${`relay ${schema}`}), ${partition}) as "isMine"`.execute(
      transaction,
    );
    return rows[0]?.isMine === true ? work(transaction) : undefined;
  });
}
