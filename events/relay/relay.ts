import { setTimeout as pause } from 'node:timers/promises';
import { type Kysely, sql, type Transaction } from 'kysely';
import { messageOf } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';
import type { Bus } from '../bus/bus.ts';
import type { OutboxTables } from '../outbox/outbox-tables.ts';
import { partitionCount } from '../outbox/partition.ts';
import { holdPartition, type OutboxPlace } from './hold-partition.ts';

/** How a relay works. */
export interface RelaySettings {
  /** The most events that are published at a time. */
  readonly batch: number;
  /** How often the outbox is looked at while it is empty. */
  readonly pollMs: number;
  /** How long the bus may take for a batch. */
  readonly publishTimeoutMs: number;
  /** The longest pause after failures; the first is `pollMs`, each next one twice as long. */
  readonly maxBackoffMs: number;
}

/** What a relay is made of. */
export interface RelayOptions extends OutboxPlace {
  readonly bus: Bus;
  readonly settings: RelaySettings;
  readonly log: Logger;
}

/** Publishes what is in an outbox. */
export interface Relay {
  /** Resolves when the batch under way is published. */
  stop(): Promise<void>;
}

/**
 * Starts to publish the events of an outbox, each at least once. Those of one key are published in the order of writing,
 * also by several relays: a partition of keys has one relay at a time. While the bus cannot be reached events stay in the
 * outbox.
 */
export function startRelay(options: RelayOptions): Relay {
  const { settings, log } = options;
  const stopping = new AbortController();
  const run = async (): Promise<void> => {
    let failures = 0;
    while (!stopping.signal.aborted) {
      let published = 0;
      try {
        published = await relayOnce(options, stopping.signal);
        if (failures > 0) log.info({ outbox: options.schema }, 'events are published again');
        failures = 0;
      } catch (error) {
        if (failures === 0) {
          log.warn({ err: error, outbox: options.schema }, 'events cannot be published; they wait');
        } else {
          log.debug({ outbox: options.schema, reason: messageOf(error) }, 'still not published');
        }
        failures += 1;
      }
      if (published > 0) continue;
      const backoffMs = Math.min(
        settings.maxBackoffMs,
        settings.pollMs * 2 ** Math.min(failures, 20),
      );
      await pause(failures === 0 ? settings.pollMs : backoffMs, undefined, {
        signal: stopping.signal,
      }).catch(() => undefined);
    }
  };
  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** Publishes a batch of each partition that has events and no other relay. Gives how many events were published. */
async function relayOnce(options: RelayOptions, signal: AbortSignal): Promise<number> {
  let published = 0;
  for (const partition of await partitionsWithEvents(options.database)) {
    if (signal.aborted) break;
    const { isTransactional } = options.bus;
    published +=
      (await holdPartition(options, partition, isTransactional, (database) =>
        relayBatch(options, partition, database),
      )) ?? 0;
  }
  return published;
}

/** In an order by chance: relays that look at the same time begin with different ones. */
async function partitionsWithEvents(database: Kysely<unknown>): Promise<readonly number[]> {
  const outbox = database as Kysely<OutboxTables>;
  const rows = await outbox
    .selectFrom(
      sql<{ partition: number }>`generate_series(0, ${partitionCount - 1})`.as<'p'>(
        sql`p(partition)`,
      ),
    )
    .select('p.partition')
    .where((find) =>
      find.exists(
        find
          .selectFrom('outbox')
          .select(sql`1`.as('one'))
          .whereRef('outbox.partition', '=', 'p.partition')
          .where('published_at', 'is', null),
      ),
    )
    .orderBy(sql`random()`)
    .execute();
  return rows.map(({ partition }) => partition);
}

async function relayBatch(
  { bus, settings }: RelayOptions,
  partition: number,
  database: Kysely<unknown>,
): Promise<number> {
  const outbox = database as Kysely<OutboxTables>;
  const rows = await outbox
    .selectFrom('outbox')
    .select(['id', 'event_id', 'type', 'key', 'event'])
    .where('partition', '=', partition)
    .where('published_at', 'is', null)
    .orderBy('id')
    .limit(settings.batch)
    .execute();
  if (rows.length === 0) return 0;
  const events = rows.map(({ event_id, type, key, event }) => ({
    id: event_id,
    type,
    key,
    text: event,
  }));
  await bus.publish(events, {
    timeoutMs: settings.publishTimeoutMs,
    ...(bus.isTransactional && { transaction: database as Transaction<unknown> }),
  });
  await outbox
    .updateTable('outbox')
    .set({ published_at: sql`clock_timestamp()` })
    .where(
      'id',
      'in',
      rows.map(({ id }) => id),
    )
    .execute();
  return rows.length;
}
