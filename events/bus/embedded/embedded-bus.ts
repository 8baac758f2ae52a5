import { type Kysely, sql } from 'kysely';
import type { Logger } from '../../../common/logger.ts';
import type { WakeUps } from '../../../subgraphs/kit/database/wake-ups.ts';
import type { Bus, Delivery, OutgoingEvent } from '../bus.ts';
import {
  type EmbeddedTables,
  embeddedSchema,
  publishedChannel,
  wakeUpChannel,
} from './embedded-tables.ts';
import { createLeases } from './leases.ts';
import { noticeOf } from './published-notice.ts';
import { serveEmbedded, type Serving } from './serve-embedded.ts';

/** The dependencies of an embedded bus. */
export interface EmbeddedBusOptions {
  /** The database schema of the bus, already migrated. */
  readonly database: Kysely<EmbeddedTables>;
  /** The most deliveries of a consumer in progress. */
  readonly prefetch: number;
  /** How often queues are looked at without a reason. */
  readonly pollMs: number;
  /** Wakes when any process has put something into a queue, by the topic `events`. */
  readonly wakeUps?: WakeUps;
  readonly log: Logger;
}

/**
 * A bus in the outbox's database: queues are rows, and an event moves from the outbox to the queues of its
 * consumers in one transaction. Each consumer runs in one process at a time.
 */
export function createEmbeddedBus({ database, wakeUps, ...options }: EmbeddedBusOptions): Bus {
  const leases = createLeases(database, options.log);
  const served = new Map<string, Serving>();
  const wakeAll = (): void => {
    for (const each of served.values()) each.wake();
  };
  wakeUps?.on(embeddedSchema, wakeAll);
  return {
    name: 'embedded',
    isTransactional: true,
    async declare(subscriptions) {
      for (const { consumer, types } of subscriptions) {
        await sql`insert into ${sql.id(embeddedSchema, 'subscriptions')} (consumer, types)
          values (${consumer}, ${types}) on conflict (consumer) do update set types = excluded.types`.execute(
          database,
        );
      }
    },
    async publish(events, { transaction }) {
      const within = (transaction ?? database) as Kysely<unknown>;
      await enqueue(within, events);
    },
    consume({ consumer }, handle) {
      const serving = serveEmbedded({ ...options, database, consumer, handle, leases });
      served.set(consumer, serving);
      return Promise.resolve({
        async stop() {
          served.delete(consumer);
          await serving.stop();
        },
      });
    },
    async redeliver(consumer, delivery, delayMs) {
      await put(database, consumer, delivery, sql`now() + ${delayMs} * interval '1 ms'`);
      served.get(consumer)?.wake();
    },
    async bury(consumer, { id, key, text, failures }, reason) {
      await database
        .insertInto('messages')
        .values({
          ...{ consumer, event_id: id, key, event: text, failures, state: 'dead', reason },
          available_at: sql`now()`,
          died_at: sql`now()`,
        })
        .execute();
    },
    async deadLetters(consumer, limit) {
      const rows = await database
        .selectFrom('messages')
        .selectAll()
        .where('consumer', '=', consumer)
        .where('state', '=', 'dead')
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(({ event_id, key, event, failures, reason, died_at }) => ({
        consumer,
        id: event_id,
        key,
        text: event,
        failures,
        reason: reason ?? '',
        diedAt: died_at ?? new Date(0),
      }));
    },
    async replay(consumer, id) {
      const { numUpdatedRows } = await database
        .updateTable('messages')
        .set({ state: 'waiting', failures: 0, available_at: sql`now()`, died_at: null })
        .where('consumer', '=', consumer)
        .where('event_id', '=', id)
        .where('state', '=', 'dead')
        .executeTakeFirst();
      // Another process may serve it: this one may be the operator's command.
      await sql`select pg_notify(${wakeUpChannel}, ${embeddedSchema})`.execute(database);
      return numUpdatedRows > 0n;
    },
    async drop(consumer, id) {
      const { numDeletedRows } = await database
        .deleteFrom('messages')
        .where('consumer', '=', consumer)
        .where('event_id', '=', id)
        .where('state', '=', 'dead')
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
    async lag(consumers) {
      const rows = await database
        .selectFrom('messages')
        .select(({ fn }) => [
          'consumer',
          sql<boolean>`state = 'dead'`.as('isDead'),
          sql<boolean>`available_at > now()`.as('isDelayed'),
          fn.countAll<string>().as('count'),
        ])
        .groupBy(['consumer', 'isDead', 'isDelayed'])
        .execute();
      const sum = (of: (row: (typeof rows)[number]) => boolean): number =>
        rows.filter(of).reduce((total, { count }) => total + Number(count), 0);
      return consumers.map((consumer) => ({
        consumer,
        waiting: sum((row) => row.consumer === consumer && !row.isDead && !row.isDelayed),
        delayed: sum((row) => row.consumer === consumer && !row.isDead && row.isDelayed),
        dead: sum((row) => row.consumer === consumer && row.isDead),
      }));
    },
    close: () => Promise.resolve(),
  };
}

/** Appends events to the queue of each consumer that receives their type, in order, and notifies of all of them. */
async function enqueue(database: Kysely<unknown>, events: readonly OutgoingEvent[]): Promise<void> {
  if (events.length === 0) return;
  const notices = events.map(({ text }) => noticeOf(text)).filter((each) => each !== undefined);
  const column = (of: (event: OutgoingEvent) => string) => sql`${events.map(of)}::text[]`;
  await sql`with queued as (
    insert into ${sql.id(embeddedSchema, 'messages')} (consumer, event_id, key, event)
    select s.consumer, e.id, e.key, e.event
    from unnest(${column(({ id }) => id)}, ${column(({ type }) => type)}, ${column(({ key }) => key)},
      ${column(({ text }) => text)}) with ordinality as e (id, type, key, event, place)
    join ${sql.id(embeddedSchema, 'subscriptions')} s on e.type = any (s.types)
    order by e.place
    returning 1
  )
  select pg_notify(channel, payload) from (
    select ${wakeUpChannel}::text, ${embeddedSchema}::text where exists (select from queued)
    union all
    select ${publishedChannel}::text, notice from unnest(${notices}::text[]) as notice
  ) as notification (channel, payload)`.execute(database);
}

async function put(
  database: Kysely<EmbeddedTables>,
  consumer: string,
  { id, key, text, failures }: Delivery,
  availableAt: ReturnType<typeof sql<Date>>,
): Promise<void> {
  await database
    .insertInto('messages')
    .values({
      ...{ consumer, event_id: id, key, event: text, failures, state: 'waiting', reason: null },
      available_at: availableAt,
      died_at: null,
    })
    .execute();
}
