import { createEvent } from '../../events/contracts/event-contract.ts';
import type { ShopEvent } from '../../events/contracts/event.ts';
import { orderCancelledV1 } from '../../events/contracts/order-events.ts';

/** An event of a test: an order of that customer was cancelled. Its reason tells it from others. */
export function cancelled({
  userId,
  orderId = '1001',
  reason = 'It was a test.',
  time = new Date('2026-12-01T12:00:00.000Z'),
}: {
  readonly userId: string;
  readonly orderId?: string;
  readonly reason?: string;
  readonly time?: Date;
}): ShopEvent<{ readonly reason: string }> {
  return createEvent(orderCancelledV1, {
    source: '/shop/orders',
    orderId,
    userId,
    time,
    correlationId: 'a-request-of-a-test',
    traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00',
    data: { orderId, userId, reason },
  });
}
