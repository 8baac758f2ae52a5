import { type Kysely, sql } from 'kysely';
import type { OutboxTables } from '../outbox/outbox-tables.ts';

const batch = 1_000;

/** Removes events published longer ago than this, in batches. Returns their number. */
export async function removePublished(
  database: Kysely<OutboxTables>,
  keepMs: number,
  signal: AbortSignal,
): Promise<number> {
  let removed = 0;
  while (!signal.aborted) {
    const { numDeletedRows } = await database
      .deleteFrom('outbox')
      .where('id', 'in', (old) =>
        old
          .selectFrom('outbox')
          .select('id')
          .where('published_at', '<', sql<Date>`now() - ${keepMs} * interval '1 ms'`)
          .orderBy('published_at')
          .limit(batch),
      )
      .executeTakeFirst();
    removed += Number(numDeletedRows);
    if (numDeletedRows < BigInt(batch)) break;
  }
  return removed;
}
