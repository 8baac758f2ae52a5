import { type Kysely, sql, type Transaction } from 'kysely';
import { messageOf } from '../../common/errors.ts';
import type { Bus } from '../bus/bus.ts';
import type { OutboxTables } from '../outbox/outbox-tables.ts';
import { partitionCount } from '../outbox/partition.ts';
import { holdPartitions, type OutboxPlace } from './hold-partitions.ts';

/** The outbox, the bus, and how much is published at a time. */
export interface RelayBatchOptions extends OutboxPlace {
  readonly bus: Bus;
  /** The maximum number of events. */
  readonly batch: number;
  readonly publishTimeoutMs: number;
}

/** A batch that was published, all of it or a part. */
export interface RelayedBatch {
  readonly published: number;
  /** Whether more events may wait. */
  readonly isFull: boolean;
  /** Why the others could not be published; `undefined` when there are none. */
  readonly failure: Error | undefined;
}

interface WaitingEvent {
  readonly id: string;
  readonly partition: number;
  readonly event_id: string;
  readonly type: string;
  readonly key: string;
  readonly event: string;
}

const nothing: RelayedBatch = { published: 0, isFull: false, failure: undefined };

/**
 * Publishes the next events of all partitions that no other relay holds, in one transaction. Those of a partition that
 * fail do not keep those of the others.
 */
export async function relayBatch(options: RelayBatchOptions): Promise<RelayedBatch> {
  const partitions = await partitionsWithEvents(options.database);
  if (partitions.length === 0) return nothing;
  return holdPartitions(options, partitions, options.bus.isTransactional, (database, mine) =>
    publishFrom(options, mine, database as Kysely<OutboxTables>),
  );
}

async function publishFrom(
  { bus, batch, publishTimeoutMs: timeoutMs }: RelayBatchOptions,
  partitions: readonly number[],
  outbox: Kysely<OutboxTables>,
): Promise<RelayedBatch> {
  if (partitions.length === 0) return nothing;
  const each = Math.max(1, Math.floor(batch / partitions.length));
  const waiting = await firstOfEach(outbox, partitions, each);
  const published: string[] = [];
  let failure: Error | undefined;
  const publish = async (
    events: readonly WaitingEvent[],
    transaction?: Transaction<unknown>,
  ): Promise<void> => {
    const outgoing = events.map(({ event_id: id, type, key, event: text }) => ({
      ...{ id, type, key, text },
    }));
    await bus.publish(outgoing, { timeoutMs, ...(transaction && { transaction }) });
    for (const { id } of events) published.push(id);
  };
  if (bus.isTransactional) {
    await publish(waiting, outbox as unknown as Transaction<unknown>);
  } else {
    await Promise.all(
      partitions.map((partition) =>
        publish(waiting.filter((event) => event.partition === partition)).catch(
          (error: unknown) => {
            failure = error instanceof Error ? error : new Error(messageOf(error));
          },
        ),
      ),
    );
  }
  await markPublished(outbox, published);
  const isFull = partitions.some(
    (partition) => waiting.filter((event) => event.partition === partition).length >= each,
  );
  return { published: published.length, isFull, failure };
}

async function partitionsWithEvents(database: Kysely<unknown>): Promise<readonly number[]> {
  const outbox = database as Kysely<OutboxTables>;
  const rows = await outbox
    .selectFrom(
      sql<{ partition: number }>`generate_series(0, ${partitionCount - 1}::int)`.as<'p'>(
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
    .execute();
  return rows.map(({ partition }) => partition);
}

/** The first events of each partition, in the order of writing. */
function firstOfEach(
  outbox: Kysely<OutboxTables>,
  partitions: readonly number[],
  each: number,
): Promise<readonly WaitingEvent[]> {
  return outbox
    .selectFrom(sql<{ held: number }>`unnest(${partitions}::smallint[])`.as<'p'>(sql`p(held)`))
    .innerJoinLateral(
      (lateral) =>
        lateral
          .selectFrom('outbox')
          .select(['id', 'partition', 'event_id', 'type', 'key', 'event'])
          .whereRef('partition', '=', 'p.held')
          .where('published_at', 'is', null)
          .orderBy('id')
          .limit(each)
          .as('first'),
      (join) => join.onTrue(),
    )
    .selectAll('first')
    .orderBy('first.id')
    .execute();
}

async function markPublished(outbox: Kysely<OutboxTables>, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await outbox
    .updateTable('outbox')
    .set({ published_at: sql`clock_timestamp()` })
    .where(sql<boolean>`id = any (${ids}::bigint[])`)
    .execute();
}
