import type { Kysely } from 'kysely';
import type { OutboxTables } from './outbox-tables.ts';

/** How many events of an outbox wait to be published; counts to `most`, so that a long outbox costs no more than that. */
export async function countUnpublished<TTables>(
  database: Kysely<TTables>,
  most: number,
): Promise<number> {
  const outbox = database as unknown as Kysely<OutboxTables>;
  const { count } = await outbox
    .selectFrom(
      outbox
        .selectFrom('outbox')
        .select('partition')
        .where('published_at', 'is', null)
        .limit(most)
        .as('waiting'),
    )
    .select(({ fn }) => fn.countAll<string>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}
