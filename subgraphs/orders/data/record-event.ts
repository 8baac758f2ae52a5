import { type RawBuilder, sql } from 'kysely';
import { outboxInsert } from '../../../events/outbox/append-to-outbox.ts';
import { eventNameOf, type OrderEvent, type PastEvent } from '../domain/order-event.ts';
import { messageOf } from './message-of.ts';
import { type OrdersTransaction, schemaName } from './tables.ts';

/**
 * Records what happens to orders, as a part of the statement that changes them, which has the ids of those that it has
 * changed in `changed (order_id)`: in their history, and in the outbox for other services, in this order. Every status change
 * passes through here once.
 */
export function recordingOf(events: readonly OrderEvent[]): RawBuilder<unknown> {
  const history = events.map(({ orderId, type, at }, place) => ({
    place,
    order_id: orderId,
    type: eventNameOf(type),
    happened_at: at,
  }));
  return sql`history as (
      insert into ${sql.id(schemaName, 'order_events')} (order_id, type, happened_at)
        select order_id, type, happened_at from json_to_recordset(${JSON.stringify(history)}::json)
          as happened (place int, order_id bigint, type text, happened_at timestamptz) join changed using (order_id)
        order by place
    ), message as (${outboxInsert(schemaName, events.map(messageOf), 'changed')})`;
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
