import { setTimeout as pause } from 'node:timers/promises';
import { type Kysely, sql, type Transaction } from 'kysely';
import { messageOf } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';
import type { Bus } from '../bus/bus.ts';
import type { OutboxTables } from '../outbox/outbox-tables.ts';
import { partitionCount } from '../outbox/partition.ts';
import { holdPartition, type OutboxPlace } from './hold-partition.ts';

/** The settings of a relay. */
export interface RelaySettings {
  /** The maximum batch size. */
  readonly batch: number;
  /** How often an empty outbox is polled. */
  readonly pollMs: number;
  /** The timeout of the bus for a batch. */
  readonly publishTimeoutMs: number;
  /** The longest delay after failures; the first is `pollMs`, each next one twice as long. */
  readonly maxBackoffMs: number;
}

/** The dependencies of a relay. */
export interface RelayOptions extends OutboxPlace {
  readonly bus: Bus;
  readonly settings: RelaySettings;
  readonly log: Logger;
}

/** A running relay. */
export interface Relay {
  /** Resolves when the current batch is published. */
  stop(): Promise<void>;
}

/**
 * Starts publishing the events of an outbox, each at least once. Events of one key are published in the order of writing,
 * even with several relays, because each partition of keys has one relay at a time. While the bus is unavailable, events stay in the
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

/** Publishes one batch per partition that has events and is not locked. Returns the number of published events. */
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

/** In random order, so that concurrent relays start with different partitions. */
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
