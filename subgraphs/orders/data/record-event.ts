import { appendToOutbox } from '../../../events/outbox/append-to-outbox.ts';
import { eventNameOf, type OrderEvent, type PastEvent } from '../domain/order-event.ts';
import { messageOf } from './message-of.ts';
import type { OrdersTransaction } from './tables.ts';

/**
 * Records what happens to an order, in the transaction that changes it: in the order's history, and in the outbox for other
 * services. Every change of an order's state comes through here, once.
 */
export async function recordEvent(
  transaction: OrdersTransaction,
  event: OrderEvent,
): Promise<void> {
  await recordHistory(transaction, [event]);
  await appendToOutbox(transaction, await messageOf(transaction, event));
}

/** Records events in the history of their orders alone: no other service receives them. */
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
