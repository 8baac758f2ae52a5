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
 * The same as a part of a statement of the caller's, which changes something and has the changed row, or none, in the
 * common table expression of that name: without a row, there is no event. A change that is one statement needs no other
 * transaction.
 */
export function outboxInsert(
  schema: string,
  event: ShopEvent,
  changed: string,
): RawBuilder<unknown> {
  const { event_id, type, key, partition, event: text } = rowOf(event);
  return sql`insert into ${sql.id(schema, 'outbox')} (event_id, type, key, partition, event)
    select ${event_id}::uuid, ${type}, ${key}, ${partition}::smallint, ${text} from ${sql.id(changed)}`;
}

function rowOf(event: ShopEvent) {
  const text = JSON.stringify(event);
  if (Buffer.byteLength(text) > eventMaxBytes) {
    throw new MalformedEventError(`${event.type} is larger than ${eventMaxBytes} bytes.`);
  }
  const { id: event_id, type, userkey: key } = event;
  return { event_id, type, key, partition: partitionOf(key), event: text };
}
