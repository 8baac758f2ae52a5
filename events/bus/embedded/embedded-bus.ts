import { type Kysely, sql } from 'kysely';
import type { Logger } from '../../../common/logger.ts';
import type { Bus, Delivery, OutgoingEvent } from '../bus.ts';
import { type EmbeddedTables, embeddedSchema } from './embedded-tables.ts';
import { serveEmbedded } from './serve-embedded.ts';

/** The dependencies of an embedded bus. */
export interface EmbeddedBusOptions {
  /** The database schema of the bus, already migrated. */
  readonly database: Kysely<EmbeddedTables>;
  /** The most deliveries of a consumer in progress. */
  readonly prefetch: number;
  /** How often queues are polled. */
  readonly pollMs: number;
  readonly log: Logger;
}

/**
 * A bus in the outbox's database: queues are rows, and an event moves from the outbox to the queues of its
 * consumers in one transaction. Each consumer runs in one process at a time.
 */
export function createEmbeddedBus({ database, ...options }: EmbeddedBusOptions): Bus {
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
    consume: (subscription, handle) =>
      Promise.resolve(
        serveEmbedded({ ...options, database, consumer: subscription.consumer, handle }),
      ),
    async redeliver(consumer, delivery, delayMs) {
      await put(database, consumer, delivery, sql`now() + ${delayMs} * interval '1 ms'`);
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

/** Appends events to the queue of each consumer that receives their type, in order. */
async function enqueue(database: Kysely<unknown>, events: readonly OutgoingEvent[]): Promise<void> {
  if (events.length === 0) return;
  const column = (of: (event: OutgoingEvent) => string) => sql`${events.map(of)}::text[]`;
  await sql`insert into ${sql.id(embeddedSchema, 'messages')} (consumer, event_id, key, event)
    select s.consumer, e.id, e.key, e.event
    from unnest(${column(({ id }) => id)}, ${column(({ type }) => type)}, ${column(({ key }) => key)},
      ${column(({ text }) => text)}) with ordinality as e (id, type, key, event, place)
    join ${sql.id(embeddedSchema, 'subscriptions')} s on e.type = any (s.types)
    order by e.place`.execute(database);
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
