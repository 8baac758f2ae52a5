import { type Kysely, sql } from 'kysely';
import type { InboxEntry, InboxState, InboxTables, InboxView } from './inbox-tables.ts';

/** An event of a consumer. */
export interface ConsumerEntry extends InboxEntry {
  readonly consumer: string;
}

/** An event whose state is to be noted. */
export interface InboxMark extends ConsumerEntry {
  readonly state: Exclude<InboxState, 'parked'>;
}

/** What a consumer's inbox has of events, in one statement. */
export async function viewAll(
  database: Kysely<InboxTables>,
  consumer: string,
  entries: readonly InboxEntry[],
): Promise<readonly InboxView[]> {
  const own = database
    .selectFrom('inbox')
    .select(['event_id as id', 'key', 'state'])
    .where('consumer', '=', consumer);
  const rows = await own
    .where(sql<boolean>`event_id = any (${entries.map(({ id }) => id)}::text[])`)
    .unionAll(
      own
        .where(sql<boolean>`key = any (${entries.map(({ key }) => key)}::text[])`)
        .where(isUnfinished),
    )
    .execute();
  return entries.map(({ id, key }) => {
    const others = rows.filter((row) => row.key === key && row.id !== id);
    return {
      state: rows.find((row) => row.id === id)?.state,
      isHeld: others.some(({ state }) => state === 'held'),
      hasParked: others.some(({ state }) => state === 'parked'),
    };
  });
}

/**
 * Notes events as begun or done by their consumers, in one statement and in the caller's transaction if there is one: those
 * of which nothing is known, unless an earlier one of their key is unfinished. Gives for each whether it was noted.
 */
export async function claimAll<TTables extends InboxTables>(
  database: Kysely<TTables>,
  entries: readonly ConsumerEntry[],
  state: 'done' | 'started',
): Promise<readonly boolean[]> {
  const inbox = database as unknown as Kysely<InboxTables>;
  const rows = await inbox
    .insertInto('inbox')
    .columns(['consumer', 'event_id', 'key', 'state'])
    .expression((from) =>
      from
        .selectFrom(given(entries.map(({ consumer, id, key }) => ({ consumer, id, key, state }))))
        .select(['given.consumer', 'id', 'given.key', 'given.state'])
        .where(
          from.not(
            from.exists(
              from
                .selectFrom('inbox')
                .select('sequence')
                .where(sql<boolean>`inbox.consumer = given.consumer and inbox.key = given.key`)
                .where(isUnfinished),
            ),
          ),
        ),
    )
    .onConflict((conflict) => conflict.doNothing())
    .returning(['consumer', 'event_id as id'])
    .execute();
  return whether(entries, rows);
}

/** Notes states, in one statement. Gives for each whether it was noted: it is not when the event was finished already. */
export async function markAll<TTables extends InboxTables>(
  database: Kysely<TTables>,
  marks: readonly InboxMark[],
): Promise<readonly boolean[]> {
  const inbox = database as unknown as Kysely<InboxTables>;
  const rows = await inbox
    .insertInto('inbox')
    .columns(['consumer', 'event_id', 'key', 'state'])
    .expression((from) =>
      from.selectFrom(given(marks)).select(['given.consumer', 'id', 'given.key', 'given.state']),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['consumer', 'event_id'])
        .doUpdateSet({ state: sql`excluded.state`, event: null, changed_at: sql`now()` })
        .where(sql<boolean>`inbox.state not in ('done', 'unknown')`),
    )
    .returning(['consumer', 'event_id as id'])
    .execute();
  return whether(marks, rows);
}

/** As the index says it: a prepared statement with a parameter instead would not use it. */
const isUnfinished = sql<boolean>`inbox.state in ('held', 'parked')`;

/** Entries as rows of a statement. */
function given(entries: readonly (ConsumerEntry & { readonly state: InboxState })[]) {
  const column = (of: (entry: (typeof entries)[number]) => string) =>
    sql`${entries.map(of)}::text[]`;
  return sql<{ consumer: string; id: string; key: string; state: InboxState }>`unnest(
    ${column(({ consumer }) => consumer)}, ${column(({ id }) => id)}, ${column(({ key }) => key)},
    ${column(({ state }) => state)})`.as<'given'>(sql`given (consumer, id, key, state)`);
}

function whether(
  entries: readonly ConsumerEntry[],
  rows: readonly Omit<ConsumerEntry, 'key'>[],
): readonly boolean[] {
  const noted = new Set(rows.map(nameOf));
  return entries.map((entry) => noted.has(nameOf(entry)));
}

/** Names of consumers have no space. */
function nameOf({ consumer, id }: Omit<ConsumerEntry, 'key'>): string {
  return `${consumer} ${id}`;
}
