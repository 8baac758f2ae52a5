import type { OrderStatus } from './order.ts';

/**
 * From which states an order gets into each. Nothing leads back, so an order is in each state once at most. An order is
 * rejected before anything is paid; a paid one is cancelled or refunded.
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

/** The states that an order may have just before it gets into a state. */
export function statesBefore(status: OrderStatus): readonly OrderStatus[] {
  return before[status];
}

/** Whether pieces and money of an order in a state go back. */
export function isUndone(status: OrderStatus): boolean {
  return status === 'REJECTED' || status === 'CANCELLED' || status === 'REFUNDED';
}
