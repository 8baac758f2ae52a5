import { randomUUID } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Logger } from '../../../common/logger.ts';
import { repeat, type Repeated } from '../../../subgraphs/kit/repeat.ts';
import { type EmbeddedTables, embeddedSchema } from './embedded-tables.ts';

/** A process that has not renewed its leases for this long loses its consumers. */
const heldMs = 10_000;

/** A lease counts as lost this long before others may take it. */
const marginMs = 2_000;

/** How often a process renews its leases, and tries to get those of others. */
const renewMs = 3_000;

/** The leases of a process: each consumer is served by one process at a time, which keeps the order. */
export interface Leases {
  /** Tries to get the lease of a consumer from now on, and calls `onHeld` each time that it is got. */
  add(consumer: string, onHeld: () => void): void;
  isHeld(consumer: string): boolean;
  /** Lets another process take over. */
  remove(consumer: string): Promise<void>;
}

/** Creates the leases of this process. One statement renews all of them: an idle bus must not keep the disk busy. */
export function createLeases(database: Kysely<EmbeddedTables>, log: Logger): Leases {
  const holder = randomUUID();
  const wanted = new Map<string, () => void>();
  let held: ReadonlySet<string> = new Set();
  let renewedAt = 0;
  let renewing: Repeated | undefined;

  let lastRenewal: Promise<void> = Promise.resolve();

  const renew = (): Promise<void> => {
    lastRenewal = renewAll();
    return lastRenewal;
  };

  const renewAll = async (): Promise<void> => {
    const startedAt = performance.now();
    const { rows } = await sql<{ consumer: string }>`
      update ${sql.id(embeddedSchema, 'subscriptions')}
      set holder = ${holder}, held_until = now() + ${heldMs} * interval '1 ms'
      where consumer = any (${[...wanted.keys()]}::text[])
        and (holder is null or holder = ${holder} or held_until < now())
      returning consumer`.execute(database);
    const before = held;
    held = new Set(rows.map(({ consumer }) => consumer).filter((each) => wanted.has(each)));
    renewedAt = startedAt;
    for (const consumer of held) if (!before.has(consumer)) wanted.get(consumer)?.();
  };

  return {
    add(consumer, onHeld) {
      if (wanted.has(consumer)) throw new Error(`${consumer} is served by this process already.`);
      wanted.set(consumer, onHeld);
      renewing ??= repeat({ name: 'leases of consumers', everyMs: renewMs, run: renew, log });
      renewing.wake();
    },
    isHeld: (consumer) => held.has(consumer) && performance.now() < renewedAt + heldMs - marginMs,
    async remove(consumer) {
      wanted.delete(consumer);
      if (wanted.size === 0) {
        const ended = renewing;
        renewing = undefined;
        await ended?.stop();
      }
      // One that is going on would take it again.
      await lastRenewal.catch(() => undefined);
      await database
        .updateTable('subscriptions')
        .set({ holder: null, held_until: null })
        .where('consumer', '=', consumer)
        .where('holder', '=', holder)
        .execute();
      held = new Set([...held].filter((each) => each !== consumer));
    },
  };
}
