import { type Generated, type Kysely, sql } from 'kysely';

/** The migrations of the inbox, applied in the consumer's schema. */
export const inboxMigrations = new URL('./migrations/', import.meta.url);

/** The state of an event for a consumer; see the migration. */
export type InboxState = 'started' | 'done' | 'unknown' | 'held' | 'parked' | 'dead';

/** The table of a consumer's inbox. 64-bit integers are read as text. */
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

/** The identity of an event in an inbox. */
export interface InboxEntry {
  readonly id: string;
  readonly key: string;
}

/** What an inbox has of an event, and of others of its key. */
export interface InboxView {
  readonly state: InboxState | undefined;
  /** Whether an earlier event of the key has failed and will be retried, and whether others wait for it. */
  readonly isHeld: boolean;
  readonly hasParked: boolean;
}

/** The inbox of one consumer. */
export interface Inbox {
  view(entry: InboxEntry): Promise<InboxView>;
  /** Whether an earlier event of the key has failed and will be retried, and whether others wait for it. */
  unfinished(key: string): Promise<{ readonly isHeld: boolean; readonly hasParked: boolean }>;
  /** Stores an event until the earlier ones of its key are finished. */
  park(entry: InboxEntry, event: string): Promise<void>;
  nextParked(key: string): Promise<(InboxEntry & { readonly event: string }) | undefined>;
  /** Keys with waiting events although no retry is pending. */
  keysWithParkedOnly(): Promise<readonly string[]>;
  mark(entry: InboxEntry, state: Exclude<InboxState, 'parked'>): Promise<void>;
  /** Marks what was begun longer ago than that as sent or not: it may come no more, and is not sent again. */
  giveUpStarted(olderThanMs: number): Promise<void>;
}

const finished: readonly InboxState[] = ['done', 'unknown'];

/** The inbox of a consumer in the schema of `database`. */
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
 * Claims an event for this consumer in a transaction, as done or as started. Returns false when it is already done: then
 * nothing is left to do.
 */
export async function take<TTables extends InboxTables>(
  database: Kysely<TTables>,
  consumer: string,
  entry: InboxEntry,
  state: 'done' | 'started',
): Promise<boolean> {
  return markIn(database as unknown as Kysely<InboxTables>, consumer, entry, state);
}

/** Removes events that finished longer ago than this; a later duplicate would count as new. Returns their number. */
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
