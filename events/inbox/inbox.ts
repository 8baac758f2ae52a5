import { type Generated, type Kysely, sql } from 'kysely';

/** The SQL of the inbox, which the migrator of a consumer applies in the schema of that consumer. */
export const inboxMigrations = new URL('./migrations/', import.meta.url);

/** What a consumer knows of an event: see the migration. */
export type InboxState = 'started' | 'done' | 'unknown' | 'held' | 'parked' | 'dead';

/** The table that a consumer keeps. 64-bit integers are read as text. */
export interface InboxTables {
  readonly inbox: {
    readonly consumer: string;
    readonly event_id: string;
    readonly key: string;
    state: InboxState;
    readonly sequence: Generated<string>;
    readonly event: string | null;
    changed_at: Generated<Date>;
  };
}

/** An event, as an inbox names it. */
export interface InboxEntry {
  readonly id: string;
  readonly key: string;
}

/** What an inbox has of an event, and of others of its key. */
export interface InboxView {
  readonly state: InboxState | undefined;
  /** Whether an earlier event of the key has failed and comes again, and whether some wait for that. */
  readonly isHeld: boolean;
  readonly hasParked: boolean;
}

/** What one consumer knows of its events. */
export interface Inbox {
  view(entry: InboxEntry): Promise<InboxView>;
  /** Whether an earlier event of the key has failed and comes again, and whether some wait for that. */
  unfinished(key: string): Promise<{ readonly isHeld: boolean; readonly hasParked: boolean }>;
  /** Keeps an event until those before it are finished. */
  park(entry: InboxEntry, event: string): Promise<void>;
  nextParked(key: string): Promise<(InboxEntry & { readonly event: string }) | undefined>;
  /** Keys of which events wait here though none of them comes again. */
  keysWithParkedOnly(): Promise<readonly string[]>;
  mark(entry: InboxEntry, state: Exclude<InboxState, 'parked'>): Promise<void>;
  /** Marks what was begun longer ago than that as sent or not: it may come no more, and is not sent again. */
  giveUpStarted(olderThanMs: number): Promise<void>;
}

const finished: readonly InboxState[] = ['done', 'unknown'];

/** The inbox of a consumer, in the schema of the database. */
export function createInbox(database: Kysely<InboxTables>, consumer: string): Inbox {
  const own = () => database.selectFrom('inbox').where('consumer', '=', consumer);
  return {
    async view({ id, key }) {
      const rows = await own()
        .select(['state', 'event_id'])
        .where((where) =>
          where.or([
            where('event_id', '=', id),
            where.and([where('key', '=', key), where('state', 'in', ['held', 'parked'])]),
          ]),
        )
        .execute();
      const others = rows.filter(({ event_id }) => event_id !== id);
      return {
        state: rows.find(({ event_id }) => event_id === id)?.state,
        isHeld: others.some(({ state }) => state === 'held'),
        hasParked: others.some(({ state }) => state === 'parked'),
      };
    },
    async unfinished(key) {
      const rows = await own()
        .select('state')
        .distinct()
        .where('key', '=', key)
        .where('state', 'in', ['held', 'parked'])
        .execute();
      return {
        isHeld: rows.some(({ state }) => state === 'held'),
        hasParked: rows.some(({ state }) => state === 'parked'),
      };
    },
    async park({ id, key }, event) {
      await database
        .insertInto('inbox')
        .values({ consumer, event_id: id, key, state: 'parked', event })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    async nextParked(key) {
      const row = await own()
        .select(['event_id', 'event'])
        .where('key', '=', key)
        .where('state', '=', 'parked')
        .orderBy('sequence')
        .limit(1)
        .executeTakeFirst();
      return row && { id: row.event_id, key, event: row.event ?? '' };
    },
    async keysWithParkedOnly() {
      const rows = await own()
        .select('key')
        .where('state', 'in', ['held', 'parked'])
        .groupBy('key')
        .having(sql<boolean>`bool_and(state = 'parked')`)
        .execute();
      return rows.map(({ key }) => key);
    },
    async mark(entry, state) {
      await markIn(database, consumer, entry, state);
    },
    async giveUpStarted(olderThanMs) {
      await database
        .updateTable('inbox')
        .set({ state: 'unknown', changed_at: sql`now()` })
        .where('consumer', '=', consumer)
        .where('state', '=', 'started')
        .where('changed_at', '<', sql<Date>`now() - ${olderThanMs} * interval '1 ms'`)
        .execute();
    },
  };
}

/**
 * Takes an event for this consumer in a transaction, as done or as started. Gives false when it is done already: then
 * nothing more is to be done about it.
 */
export async function take<TTables extends InboxTables>(
  database: Kysely<TTables>,
  consumer: string,
  entry: InboxEntry,
  state: 'done' | 'started',
): Promise<boolean> {
  return markIn(database as unknown as Kysely<InboxTables>, consumer, entry, state);
}

/** Removes what finished longer ago than that: what comes so late counts as new. Gives how many. */
export async function removeFinished(
  database: Kysely<InboxTables>,
  keepMs: number,
): Promise<number> {
  const { numDeletedRows } = await database
    .deleteFrom('inbox')
    .where('state', 'in', finished)
    .where('changed_at', '<', sql<Date>`now() - ${keepMs} * interval '1 ms'`)
    .executeTakeFirst();
  return Number(numDeletedRows);
}

async function markIn(
  database: Kysely<InboxTables>,
  consumer: string,
  { id, key }: InboxEntry,
  state: InboxState,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows = 0n } = await database
    .insertInto('inbox')
    .values({ consumer, event_id: id, key, state, event: null })
    .onConflict((conflict) =>
      conflict
        .columns(['consumer', 'event_id'])
        .doUpdateSet({ state, event: null, changed_at: sql`now()` })
        .where('inbox.state', 'not in', finished),
    )
    .executeTakeFirst();
  return numInsertedOrUpdatedRows > 0n;
}
