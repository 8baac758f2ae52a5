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
import type { OrderContent, OrderEvent } from '../domain/order-event.ts';
import type { OrderStatusReason } from '../domain/order.ts';

/** Returns the message for other services about an event. */
export function messageOf({
  type,
  orderId,
  order,
  at,
  correlationId,
  traceparent,
  ...more
}: OrderEvent): ShopEvent {
  const { userId, currencyCode: currency } = order;
  const about = { orderId, userId };
  const items = order.items.map(({ productId, sku, quantity, unitPrice }) => ({
    ...{ productId, sku, quantity },
    unitPriceMinor: unitPrice.amountMinor,
  }));
  const totals = totalsOf(order);
  const head = { source: '/shop/orders', ...about, time: at, correlationId, traceparent };
  const reason = more.reason === undefined ? 'The order was changed.' : sentences[more.reason];
  switch (type) {
    case 'PLACED': {
      const data = { ...about, placedAt: at.toISOString(), totals, items };
      return createEvent(orderPlacedV2, { ...head, data });
    }
    case 'RESERVED': {
      const expiresAt = (more.expiresAt ?? at).toISOString();
      const pieces = items.map(({ productId, quantity }) => ({ productId, quantity }));
      return createEvent(stockReservedV1, {
        ...head,
        data: { ...about, expiresAt, items: pieces },
      });
    }
    case 'PAID': {
      const paymentId = more.paymentReference ?? orderId;
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
      return createEvent(orderRejectedV1, { ...head, data: { ...about, reason } });
    case 'CANCELLED':
      return createEvent(orderCancelledV1, { ...head, data: { ...about, reason } });
    case 'REFUNDED': {
      const { totalMinor: amountMinor } = totals;
      const data = { ...about, currency, amountMinor, reason: 'The shop refunded the order.' };
      return createEvent(orderRefundedV1, { ...head, data });
    }
  }
}

function totalsOf({ items, shippingMinor, currencyCode: currency }: OrderContent) {
  const itemsMinor = items.reduce(
    (sum, { quantity, unitPrice }) => sum + quantity * unitPrice.amountMinor,
    0,
  );
  return { currency, itemsMinor, shippingMinor, totalMinor: itemsMinor + shippingMinor };
}

/** The reason for an early end, as a sentence for the customer. */
const sentences: Readonly<Record<OrderStatusReason, string>> = {
  OUT_OF_STOCK: 'There were too few pieces.',
  PAYMENT_DECLINED: 'The payment was declined.',
  EXPIRED: 'It was not paid in time.',
  CANCELLED_BY_CUSTOMER: 'The customer cancelled it.',
};
