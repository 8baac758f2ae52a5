import { eventNameOf, type OrderEvent } from '../domain/order-event.ts';
import type { OrdersTransaction } from './tables.ts';

/**
 * Writes down what happens to an order, in the transaction that makes it happen: each change of an order's state comes
 * through here, once.
 */
export async function recordEvent(
  transaction: OrdersTransaction,
  { type, orderId, at }: OrderEvent,
): Promise<void> {
  await transaction
    .insertInto('order_events')
    .values({ order_id: orderId, type: eventNameOf(type), happened_at: at })
    .execute();
}
