import type { OrderStatus } from './order.ts';

/**
 * The statuses from which an order can reach each status. There are no cycles, so an order has each status at most once. An order is
 * rejected only before payment; a paid one is cancelled or refunded.
 */
const before = {
  PENDING: [],
  RESERVED: ['PENDING'],
  PAID: ['RESERVED'],
  SHIPPED: ['PAID'],
  DELIVERED: ['SHIPPED'],
  REJECTED: ['PENDING', 'RESERVED'],
  CANCELLED: ['PENDING', 'RESERVED', 'PAID'],
  REFUNDED: ['PAID', 'SHIPPED', 'DELIVERED'],
} as const satisfies Readonly<Record<OrderStatus, readonly OrderStatus[]>>;

/** The possible previous statuses. */
export function statesBefore(status: OrderStatus): readonly OrderStatus[] {
  return before[status];
}

/** Whether an order with this status returns its stock and payment. */
export function isUndone(status: OrderStatus): boolean {
  return status === 'REJECTED' || status === 'CANCELLED' || status === 'REFUNDED';
}
