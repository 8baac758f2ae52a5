import type { Transaction } from 'kysely';
import { eventMaxBytes, MalformedEventError, type ShopEvent } from '../contracts/event.ts';
import type { OutboxTables } from './outbox-tables.ts';
import { partitionOf } from './partition.ts';

/**
 * Writes an event in the caller's transaction, into the outbox of the caller's schema: it is published when that commits,
 * and never when it does not. Of transactions of one customer that run at the same time, the events may be published in
 * either order. Throws MalformedEventError when it is too large.
 */
export async function appendToOutbox<TTables>(
  transaction: Transaction<TTables>,
  event: ShopEvent,
): Promise<void> {
  const text = JSON.stringify(event);
  if (Buffer.byteLength(text) > eventMaxBytes) {
    throw new MalformedEventError(`${event.type} is larger than ${eventMaxBytes} bytes.`);
  }
  const outbox = transaction as unknown as Transaction<OutboxTables>;
  await outbox
    .insertInto('outbox')
    .values({
      event_id: event.id,
      type: event.type,
      key: event.userkey,
      partition: partitionOf(event.userkey),
      event: text,
      published_at: null,
    })
    .execute();
}
