/** A step in the life of an order, as the row that is about to be written. */
export interface Point {
  readonly name: string;
  /** The process that writes it. */
  readonly writtenBy: 'orders' | 'products' | 'events';
  readonly table: string;
  /** Of the row, as `new`. */
  readonly condition: string;
}

/** Where a process may be killed that places, ends or calls off an order. */
export const stepsOfOrders: readonly Point[] = [
  point('before an order is committed', 'orders.order_events', isEvent('placed')),
  point(
    'after it, before its pieces are kept for a payment that comes later',
    'products.reservations',
    "new.state = 'HELD'",
    'products',
  ),
  point(
    'after it, before its pieces are sold',
    'products.reservations',
    "new.state = 'CONFIRMED'",
    'products',
  ),
  point('when they are sold, before it says so', 'orders.order_events', isEvent('reserved')),
  point('after that, before money is taken', 'orders.simulated_payments', 'new.asked = 1'),
  point('when money is taken, before it says so', 'orders.order_events', isEvent('paid')),
  point(
    'when a payment is declined, before it says so',
    'orders.order_events',
    isEvent('rejected'),
  ),
  point(
    'after that, before pieces go back',
    'products.reservations',
    "new.state = 'RELEASED'",
    'products',
  ),
  point(
    'when they are back, before it says so',
    'orders.orders',
    "new.status = 'REJECTED' and new.due_at is null",
  ),
  point('before a cancellation is committed', 'orders.order_events', isEvent('cancelled')),
  point(
    'after it, before money goes back',
    'orders.simulated_payments',
    'new.refunded_at is not null',
  ),
];

/** Where a process may be killed that carries events. */
export const stepsOfEvents: readonly Point[] = [
  point(
    'when events are published, before that is marked',
    'orders.outbox',
    'new.published_at is not null',
    'events',
  ),
  point(
    'before a message to a customer is begun',
    'notifications.inbox',
    "new.state = 'started'",
    'events',
  ),
  point(
    'when it is sent, before it says so',
    'notifications.inbox',
    "new.state = 'done'",
    'events',
  ),
];

function point(
  name: string,
  table: string,
  condition: string,
  writtenBy: Point['writtenBy'] = 'orders',
): Point {
  return { name, table, condition, writtenBy };
}

function isEvent(event: string): string {
  return `new.type = 'shop.order.${event}.v1'`;
}
