import { type Kysely, sql } from 'kysely';
import { isRefused } from '../../subgraphs/kit/database/is-refused.ts';
import { createTogether } from '../../subgraphs/kit/together.ts';
import {
  claimAll,
  type ConsumerEntry,
  type InboxMark,
  markAll,
  viewAll,
} from './inbox-statements.ts';
import type { InboxEntry, InboxTables, InboxView } from './inbox-tables.ts';

/** The inbox of one consumer. What is asked and noted of several events at the same time is one statement. */
export interface Inbox {
  view(entry: InboxEntry): Promise<InboxView>;
  /**
   * Notes an event as begun if nothing is known of it and no earlier one of its key is unfinished; false when that is to
   * be looked at closely.
   */
  begin(entry: InboxEntry): Promise<boolean>;
  /** Whether an earlier event of the key has failed and will be retried, and whether others wait for it. */
  unfinished(key: string): Promise<{ readonly isHeld: boolean; readonly hasParked: boolean }>;
  /** Stores an event until the earlier ones of its key are finished. */
  park(entry: InboxEntry, event: string): Promise<void>;
  nextParked(key: string): Promise<(InboxEntry & { readonly event: string }) | undefined>;
  /** Keys with waiting events although no retry is pending. */
  keysWithParkedOnly(): Promise<readonly string[]>;
  /** False when the event was finished already: then nothing is noted. */
  mark(entry: InboxEntry, state: InboxMark['state']): Promise<boolean>;
  /** Marks what was begun longer ago than that as sent or not: it may come no more, and is not sent again. */
  giveUpStarted(olderThanMs: number): Promise<void>;
}

/** The most events in one statement. */
const most = 200;

/** Notes what consumers of one schema begin and have done: events of all of them in one statement. */
export interface InboxWriter {
  /** See Inbox. */
  begin(entry: ConsumerEntry): Promise<boolean>;
  /** See Inbox. */
  mark(mark: InboxMark): Promise<boolean>;
}

/** Creates the writer of the inboxes in the schema of `database`. */
export function createInboxWriter(database: Kysely<InboxTables>): InboxWriter {
  const alone = {
    keyOf: ({ consumer, id }: ConsumerEntry): string => `${consumer} ${id}`,
    isOfOne: isRefused,
  };
  return {
    begin: createTogether({
      run: (entries: readonly ConsumerEntry[]) => claimAll(database, entries, 'started'),
      most,
      ...alone,
    }),
    mark: createTogether({
      run: (marks: readonly InboxMark[]) => markAll(database, marks),
      most,
      ...alone,
    }),
  };
}

/** The inbox of a consumer in the schema of `database`. */
export function createInbox(
  database: Kysely<InboxTables>,
  consumer: string,
  writer: InboxWriter,
): Inbox {
  const own = () => database.selectFrom('inbox').where('consumer', '=', consumer);
  return {
    view: createTogether({
      run: (entries) => viewAll(database, consumer, entries),
      most,
      keyOf: ({ id }) => id,
      isOfOne: isRefused,
    }),
    begin: ({ id, key }) => writer.begin({ consumer, id, key }),
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
    mark: ({ id, key }, state) => writer.mark({ consumer, id, key, state }),
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

/** Removes events that finished longer ago than this; a later duplicate would count as new. Returns their number. */
export async function removeFinished(
  database: Kysely<InboxTables>,
  keepMs: number,
): Promise<number> {
  const { numDeletedRows } = await database
    .deleteFrom('inbox')
    .where(sql<boolean>`state in ('done', 'unknown')`)
    .where('changed_at', '<', sql<Date>`now() - ${keepMs} * interval '1 ms'`)
    .executeTakeFirst();
  return Number(numDeletedRows);
}
