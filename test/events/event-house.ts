import { type Kysely, sql } from 'kysely';
import { createLogger } from '../../common/logger.ts';
import type { Bus } from '../../events/bus/bus.ts';
import { createEmbeddedBus } from '../../events/bus/embedded/embedded-bus.ts';
import {
  embeddedMigrations,
  embeddedSchema,
  type EmbeddedTables,
} from '../../events/bus/embedded/embedded-tables.ts';
import { outboxMigrations, type OutboxTables } from '../../events/outbox/outbox-tables.ts';
import { type Relay, startRelay } from '../../events/relay/relay.ts';
import type { DatabaseHome } from '../../subgraphs/kit/database/database.ts';
import { migrate } from '../../subgraphs/kit/database/migrate.ts';
import type { OpenTestHome } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';

/** The log of tests. */
export const log = createLogger('events', 'silent');

/** A database with an outbox and an embedded bus. */
export interface EventHouse {
  readonly home: DatabaseHome;
  readonly database: Kysely<OutboxTables>;
  readonly bus: Bus;
  /** A relay that is stopped at the end, if not before. */
  readonly startRelay: (bus?: Bus) => Relay;
  /** Resolves when all events are published. */
  readonly drained: () => Promise<void>;
  /** What is in a queue of the embedded bus, in its order. */
  readonly messagesOf: (
    consumer: string,
  ) => Promise<readonly { readonly id: string; readonly key: string; readonly reason: string }[]>;
  readonly close: () => Promise<void>;
}

/** Opens a database and prepares it. */
export async function createEventHouse(open: OpenTestHome): Promise<EventHouse> {
  const home = await open();
  const database = home.connect<OutboxTables>('orders');
  await migrate(database, 'orders', outboxMigrations);
  const queues = home.connect<EmbeddedTables>(embeddedSchema);
  await migrate(queues, embeddedSchema, embeddedMigrations);
  const bus = createEmbeddedBus({ database: queues, prefetch: 20, pollMs: 20, log });
  const relays: Relay[] = [];
  return {
    home,
    database,
    bus,
    startRelay: (other = bus) => {
      const relay = startRelay({
        database: database as Kysely<unknown>,
        schema: 'orders',
        isSingleSession: home.isSingleSession,
        bus: other,
        settings: { batch: 50, pollMs: 20, publishTimeoutMs: 5_000, maxBackoffMs: 200 },
        log,
      });
      relays.push(relay);
      return relay;
    },
    async drained() {
      await eventually(
        async () =>
          (
            await database
              .selectFrom('outbox')
              .select(sql<number>`count(*)::int`.as('left'))
              .where('published_at', 'is', null)
              .executeTakeFirstOrThrow()
          ).left,
        (left) => left === 0,
      );
    },
    async messagesOf(consumer) {
      const rows = await queues
        .selectFrom('messages')
        .select(['event_id', 'key', 'event'])
        .where('consumer', '=', consumer)
        .orderBy('id')
        .execute();
      return rows.map(({ event_id, key, event }) => ({
        id: event_id,
        key,
        reason: (JSON.parse(event) as { data: { reason: string } }).data.reason,
      }));
    },
    async close() {
      await Promise.all(relays.map((relay) => relay.stop()));
      await home.close();
    },
  };
}
