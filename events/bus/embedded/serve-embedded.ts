import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Logger } from '../../../common/logger.ts';
import { repeat } from '../../../subgraphs/kit/repeat.ts';
import type { Consuming, Delivery, DeliveryHandler } from '../bus.ts';
import { type EmbeddedTables, embeddedSchema } from './embedded-tables.ts';

/** A process that has not renewed its lease for this long loses its consumers. */
const heldMs = 10_000;

/** How often a process renews its lease on a consumer. */
const renewMs = 3_000;

/** The delay before a delivery whose handler rejected is tried again. */
const afterRejectionMs = 1_000;

interface ServeOptions {
  readonly database: Kysely<EmbeddedTables>;
  readonly consumer: string;
  readonly handle: DeliveryHandler;
  readonly prefetch: number;
  readonly pollMs: number;
  readonly log: Logger;
}

/** Takes deliveries from a consumer's queue in order, while this process holds its lease. */
export function serveEmbedded(options: ServeOptions): Consuming {
  const { database, consumer, handle, prefetch, pollMs, log } = options;
  const holder = randomUUID();
  const inHand = new Map<string, Promise<void>>();

  let renewAt = 0;

  /** Renews rarely: an idle queue must not keep the disk busy. */
  const isHeld = async (): Promise<boolean> => {
    const now = performance.now();
    if (now < renewAt) return true;
    const isMine = await hold(database, consumer, holder);
    renewAt = isMine ? now + renewMs : 0;
    return isMine;
  };

  const look = async (signal: AbortSignal): Promise<void> => {
    if (!(await isHeld())) return;
    while (!signal.aborted && inHand.size < prefetch) {
      const taken = await next(database, consumer, [...inHand.keys()], prefetch - inHand.size);
      for (const { row, delivery } of taken) inHand.set(row, dealWith(row, delivery));
      if (taken.length === 0) return;
      await Promise.race(inHand.values());
    }
  };

  const dealWith = async (row: string, delivery: Delivery): Promise<void> => {
    try {
      await settle(database, row, delivery, await handle(delivery));
    } catch (error) {
      log.warn({ err: error, consumer, event: delivery.id }, 'a delivery could not be dealt with');
      await later(database, row).catch(() => undefined);
    } finally {
      inHand.delete(row);
    }
  };

  const looking = repeat({ name: `queue of ${consumer}`, everyMs: pollMs, run: look, log });
  return {
    async stop() {
      await looking.stop();
      await Promise.all(inHand.values());
      await letGo(database, consumer, holder);
    },
  };
}

/** Takes or renews the lease; false when another process holds it. */
async function hold(
  database: Kysely<EmbeddedTables>,
  consumer: string,
  holder: string,
): Promise<boolean> {
  const { rows } = await sql`update ${sql.id(embeddedSchema, 'subscriptions')}
    set holder = ${holder}, held_until = now() + ${heldMs} * interval '1 ms'
    where consumer = ${consumer} and (holder is null or holder = ${holder} or held_until < now())
    returning consumer`.execute(database);
  return rows.length > 0;
}

async function letGo(
  database: Kysely<EmbeddedTables>,
  consumer: string,
  holder: string,
): Promise<void> {
  await database
    .updateTable('subscriptions')
    .set({ holder: null, held_until: null })
    .where('consumer', '=', consumer)
    .where('holder', '=', holder)
    .execute();
}

async function next(
  database: Kysely<EmbeddedTables>,
  consumer: string,
  except: readonly string[],
  limit: number,
): Promise<readonly { readonly row: string; readonly delivery: Delivery }[]> {
  const rows = await database
    .selectFrom('messages')
    .select(['id', 'event_id', 'key', 'event', 'failures'])
    .where('consumer', '=', consumer)
    .where('state', '=', 'waiting')
    .where('available_at', '<=', sql<Date>`now()`)
    .where(sql<boolean>`id <> all (${except}::bigint[])`)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id, event_id, key, event, failures }) => ({
    row: id,
    delivery: { id: event_id, key, text: event, failures },
  }));
}

async function settle(
  database: Kysely<EmbeddedTables>,
  row: string,
  { failures }: Delivery,
  outcome: Awaited<ReturnType<DeliveryHandler>>,
): Promise<void> {
  switch (outcome.kind) {
    case 'done':
      await database.deleteFrom('messages').where('id', '=', row).execute();
      return;
    case 'retry':
      await database
        .updateTable('messages')
        .set({
          failures: failures + 1,
          reason: outcome.reason,
          available_at: sql`now() + ${outcome.delayMs} * interval '1 ms'`,
        })
        .where('id', '=', row)
        .execute();
      return;
    case 'dead':
      await database
        .updateTable('messages')
        .set({ failures: failures + 1, reason: outcome.reason, state: 'dead', died_at: sql`now()` })
        .where('id', '=', row)
        .execute();
  }
}

async function later(database: Kysely<EmbeddedTables>, row: string): Promise<void> {
  await database
    .updateTable('messages')
    .set({ available_at: sql`now() + ${afterRejectionMs} * interval '1 ms'` })
    .where('id', '=', row)
    .execute();
}
