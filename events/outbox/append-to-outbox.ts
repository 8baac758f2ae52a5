import { type RawBuilder, sql, type Transaction } from 'kysely';
import { eventMaxBytes, MalformedEventError, type ShopEvent } from '../contracts/event.ts';
import type { OutboxTables } from './outbox-tables.ts';
import { partitionOf } from './partition.ts';

/**
 * Writes an event to the outbox of the caller's schema, in the caller's transaction: it is published if that commits,
 * and never otherwise. Events of concurrent transactions of one customer may be published in
 * either order. Throws MalformedEventError when it is too large.
 */
export async function appendToOutbox<TTables>(
  transaction: Transaction<TTables>,
  event: ShopEvent,
): Promise<void> {
  const outbox = transaction as unknown as Transaction<OutboxTables>;
  await outbox
    .insertInto('outbox')
    .values({ ...rowOf(event), published_at: null })
    .execute();
}

/**
 * The same as a part of a statement of the caller's, which changes several things and has the changed rows in the common
 * table expression of that name, by `order_id`: an event whose subject is not among them is not written. They are published in
 * the order in which they are given. A change that is one statement needs no other transaction.
 */
export function outboxInsert(
  schema: string,
  events: readonly ShopEvent[],
  changed: string,
): RawBuilder<unknown> {
  const rows = events.map((event, place) => ({ place, order_id: event.subject, ...rowOf(event) }));
  return sql`insert into ${sql.id(schema, 'outbox')} (event_id, type, key, partition, event)
    select event_id, type, key, partition, event
      from json_to_recordset(${JSON.stringify(rows)}::json)
        as message (place int, order_id bigint, event_id uuid, type text, key text, partition smallint, event text)
      join ${sql.id(changed)} using (order_id)
      order by place`;
}

function rowOf(event: ShopEvent) {
  const text = JSON.stringify(event);
  if (Buffer.byteLength(text) > eventMaxBytes) {
    throw new MalformedEventError(`${event.type} is larger than ${eventMaxBytes} bytes.`);
  }
  const { id: event_id, type, userkey: key } = event;
  return { event_id, type, key, partition: partitionOf(key), event: text };
}
