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
 * Runs the work under exclusive locks on those of the partitions that no other relay holds, which it is given. The work
 * gets a transaction that holds the locks; a killed relay releases them with its connection. A database with a single
 * session belongs to one process: there they are held in memory unless the work needs a transaction, since one would
 * keep everybody else waiting for the broker.
 */
export async function holdPartitions<T>(
  { database, schema, isSingleSession }: OutboxPlace,
  partitions: readonly number[],
  needsTransaction: boolean,
  work: (database: Kysely<unknown>, mine: readonly number[]) => Promise<T>,
): Promise<T> {
  if (isSingleSession && !needsTransaction) {
    const nameOf = (partition: number): string => `${schema} ${partition}`;
    const mine = partitions.filter((partition) => !held.has(nameOf(partition)));
    for (const partition of mine) held.add(nameOf(partition));
    try {
      return await work(database, mine);
    } finally {
      for (const partition of mine) held.delete(nameOf(partition));
    }
  }
  return database.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ partition: number; isMine: boolean }>`
      select partition, pg_try_advisory_xact_lock(hashtext(${`relay ${schema}`}), partition) as "isMine"
        from unnest(${partitions}::int[]) as p (partition)`.execute(transaction);
    const mine = rows.filter(({ isMine }) => isMine).map(({ partition }) => partition);
    return work(transaction, mine);
  });
}
