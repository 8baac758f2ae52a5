import { createEvent } from '../../../events/contracts/event-contract.ts';
import type { ShopEvent } from '../../../events/contracts/event.ts';
import {
  orderCancelledV1,
  orderDeliveredV1,
  orderPlacedV2,
  orderRefundedV1,
  orderRejectedV1,
  paymentProcessedV1,
  shippingStartedV1,
  stockReservedV1,
} from '../../../events/contracts/order-events.ts';
import type { OrderEvent } from '../domain/order-event.ts';
import type { OrderStatusReason } from '../domain/order.ts';
import type { OrdersTransaction } from './tables.ts';

/** Returns the message for other services about an event, from the order as the transaction has it. */
export async function messageOf(
  transaction: OrdersTransaction,
  { type, orderId, userId, at, correlationId, traceparent }: OrderEvent,
): Promise<ShopEvent> {
  const order = await orderIn(transaction, orderId);
  const about = { orderId, userId };
  const { currency } = order.totals;
  const head = { source: '/shop/orders', ...about, time: at, correlationId, traceparent };
  switch (type) {
    case 'PLACED': {
      const { totals, items } = order;
      const data = { ...about, placedAt: at.toISOString(), totals, items };
      return createEvent(orderPlacedV2, { ...head, data });
    }
    case 'RESERVED': {
      const expiresAt = (order.expiresAt ?? at).toISOString();
      const items = order.items.map(({ productId, quantity }) => ({ productId, quantity }));
      return createEvent(stockReservedV1, { ...head, data: { ...about, expiresAt, items } });
    }
    case 'PAID': {
      const { paymentId, totals } = order;
      const data = { ...about, paymentId, currency, amountMinor: totals.totalMinor };
      return createEvent(paymentProcessedV1, { ...head, data });
    }
    case 'SHIPPED':
      return createEvent(shippingStartedV1, {
        ...head,
        data: { ...about, shippedAt: at.toISOString() },
      });
    case 'DELIVERED':
      return createEvent(orderDeliveredV1, {
        ...head,
        data: { ...about, deliveredAt: at.toISOString() },
      });
    case 'REJECTED':
      return createEvent(orderRejectedV1, { ...head, data: { ...about, reason: order.reason } });
    case 'CANCELLED':
      return createEvent(orderCancelledV1, { ...head, data: { ...about, reason: order.reason } });
    case 'REFUNDED': {
      const { totalMinor: amountMinor } = order.totals;
      const data = { ...about, currency, amountMinor, reason: 'The shop refunded the order.' };
      return createEvent(orderRefundedV1, { ...head, data });
    }
  }
}

async function orderIn(transaction: OrdersTransaction, orderId: string) {
  const order = await transaction
    .selectFrom('orders')
    .leftJoin('order_payments', 'order_payments.order_id', 'orders.id')
    .select([
      'orders.currency_code as currency',
      'orders.shipping_minor as shippingMinor',
      'orders.expires_at as expiresAt',
      'orders.reason',
      'order_payments.reference',
    ])
    .where('orders.id', '=', orderId)
    .executeTakeFirstOrThrow();
  const lines = await transaction
    .selectFrom('order_items')
    .select(['product_id as productId', 'sku', 'quantity', 'unit_price_minor as unitPriceMinor'])
    .where('order_id', '=', orderId)
    .orderBy('line')
    .execute();
  const items = lines.map(({ unitPriceMinor, ...line }) => ({
    ...line,
    unitPriceMinor: Number(unitPriceMinor),
  }));
  const itemsMinor = items.reduce((sum, item) => sum + item.quantity * item.unitPriceMinor, 0);
  const shippingMinor = Number(order.shippingMinor);
  return {
    items,
    totals: {
      currency: order.currency,
      itemsMinor,
      shippingMinor,
      totalMinor: itemsMinor + shippingMinor,
    },
    expiresAt: order.expiresAt,
    paymentId: order.reference ?? orderId,
    reason: order.reason === null ? 'The order was changed.' : sentences[order.reason],
  };
}

/** Why an order ended early, as a sentence for its customer. */
const sentences: Readonly<Record<OrderStatusReason, string>> = {
  OUT_OF_STOCK: 'There were too few pieces.',
  PAYMENT_DECLINED: 'The payment was declined.',
  EXPIRED: 'It was not paid in time.',
  CANCELLED_BY_CUSTOMER: 'The customer cancelled it.',
};
