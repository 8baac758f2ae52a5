import { type RawBuilder, sql } from 'kysely';
import { outboxInsert } from '../../../events/outbox/append-to-outbox.ts';
import { eventNameOf, type OrderEvent, type PastEvent } from '../domain/order-event.ts';
import { messageOf } from './message-of.ts';
import { type OrdersTransaction, schemaName } from './tables.ts';

/**
 * Records what happens to an order, as a part of the statement that changes it, which has its row in `changed`: in the
 * order's history, and in the outbox for other services. Every status change passes through here once.
 */
export function recordingOf(event: OrderEvent): RawBuilder<unknown> {
  return sql`history as (
      insert into ${sql.id(schemaName, 'order_events')} (order_id, type, happened_at)
        select ${event.orderId}::bigint, ${eventNameOf(event.type)}, ${event.at}::timestamptz from changed
    ), message as (${outboxInsert(schemaName, messageOf(event), 'changed')})`;
}

/** Records events only in the history: other services do not receive them. */
export async function recordHistory(
  transaction: OrdersTransaction,
  events: readonly PastEvent[],
): Promise<void> {
  await transaction
    .insertInto('order_events')
    .values(
      events.map(({ type, orderId, at }) => ({
        order_id: orderId,
        type: eventNameOf(type),
        happened_at: at,
      })),
    )
    .execute();
}
