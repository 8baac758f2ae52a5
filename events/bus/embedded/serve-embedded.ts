import { type Kysely, sql } from 'kysely';
import type { Logger } from '../../../common/logger.ts';
import { repeat } from '../../../subgraphs/kit/repeat.ts';
import type { Consuming, Delivery, DeliveryHandler } from '../bus.ts';
import type { EmbeddedTables } from './embedded-tables.ts';
import type { Leases } from './leases.ts';

/** The delay before a delivery whose handler rejected is tried again. */
const afterRejectionMs = 1_000;

interface ServeOptions {
  readonly database: Kysely<EmbeddedTables>;
  readonly consumer: string;
  readonly handle: DeliveryHandler;
  readonly prefetch: number;
  readonly pollMs: number;
  readonly leases: Leases;
  readonly log: Logger;
}

/** A served queue. */
export interface Serving extends Consuming {
  /** Looks at the queue now: there may be something in it, or something that is due later. */
  wake(): void;
}

/**
 * Takes deliveries from a consumer's queue in order, while this process holds its lease. It looks when it is woken, when a delayed
 * delivery is due, and from time to time.
 */
export function serveEmbedded(options: ServeOptions): Serving {
  const { database, consumer, handle, prefetch, pollMs, leases, log } = options;
  const inHand = new Map<string, Promise<void>>();
  /** Whether there may be delayed deliveries. After a look without any this is known. */
  let mayBeDelayed = true;
  let due: NodeJS.Timeout | undefined;

  const look = async (signal: AbortSignal): Promise<void> => {
    if (!leases.isHeld(consumer)) return;
    while (!signal.aborted && inHand.size < prefetch) {
      const taken = await next(database, consumer, [...inHand.keys()], prefetch - inHand.size);
      for (const { row, delivery } of taken) inHand.set(row, dealWith(row, delivery));
      if (taken.length === 0) {
        await lookForDelayed();
        return;
      }
      await Promise.race(inHand.values());
    }
  };

  const lookForDelayed = async (): Promise<void> => {
    if (!mayBeDelayed) return;
    mayBeDelayed = false;
    const waitMs = await untilDue(database, consumer, [...inHand.keys()]);
    if (waitMs === undefined) return;
    mayBeDelayed = true;
    clearTimeout(due);
    due = setTimeout(wake, Math.min(Math.max(waitMs, 1), pollMs));
    due.unref();
  };

  const dealWith = async (row: string, delivery: Delivery): Promise<void> => {
    let isDelayed = true;
    try {
      const outcome = await handle(delivery);
      await settle(database, row, delivery, outcome);
      isDelayed = outcome.kind === 'retry';
    } catch (error) {
      log.warn({ err: error, consumer, event: delivery.id }, 'a delivery could not be dealt with');
      await later(database, row).catch(() => undefined);
    } finally {
      inHand.delete(row);
      if (isDelayed) wake();
    }
  };

  const looking = repeat({ name: `queue of ${consumer}`, everyMs: pollMs, run: look, log });
  const wake = (): void => {
    mayBeDelayed = true;
    looking.wake();
  };
  leases.add(consumer, wake);
  return {
    wake,
    async stop() {
      clearTimeout(due);
      await looking.stop();
      clearTimeout(due);
      await Promise.all(inHand.values());
      await leases.remove(consumer);
    },
  };
}

/** How long the first of the delayed deliveries has to wait yet. */
async function untilDue(
  database: Kysely<EmbeddedTables>,
  consumer: string,
  except: readonly string[],
): Promise<number | undefined> {
  const { waitMs } = await database
    .selectFrom('messages')
    .select(
      sql<number | null>`(extract(epoch from min(available_at) - now()) * 1000)::float8`.as(
        'waitMs',
      ),
    )
    .where('consumer', '=', consumer)
    .where('state', '=', 'waiting')
    .where(sql<boolean>`id <> all (${except}::bigint[])`)
    .executeTakeFirstOrThrow();
  return waitMs ?? undefined;
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
