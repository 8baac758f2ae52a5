import { type Kysely, sql } from 'kysely';
import type { OutboxTables } from './outbox-tables.ts';
import { partitionCount } from './partition.ts';

/**
 * For how many seconds the oldest event of an outbox has waited to be published; 0 when none waits. Looks at the first event of
 * each partition only.
 */
export async function oldestUnpublishedSeconds<TTables>(
  database: Kysely<TTables>,
): Promise<number> {
  const outbox = database as unknown as Kysely<OutboxTables>;
  const { seconds } = await outbox
    .selectFrom(
      sql<{ partition: number }>`generate_series(0, ${partitionCount - 1}::int)`.as<'p'>(
        sql`p(partition)`,
      ),
    )
    .innerJoinLateral(
      (lateral) =>
        lateral
          .selectFrom('outbox')
          .select('recorded_at')
          .whereRef('outbox.partition', '=', 'p.partition')
          .where('published_at', 'is', null)
          .orderBy('id')
          .limit(1)
          .as('first'),
      (join) => join.onTrue(),
    )
    .select(
      sql<number | null>`extract(epoch from clock_timestamp() - min(first.recorded_at))::float8`.as(
        'seconds',
      ),
    )
    .executeTakeFirstOrThrow();
  return Math.max(0, seconds ?? 0);
}
