import type { Fault } from './fault.ts';
import type { Order, OrderItem } from './order.ts';

/**
 * The faults of an order that is not paid, the same for every caller. `isAtRest` means that it waits only for its
 * customer.
 */
export function faultsOfOutcome(
  { status, statusReason }: Order,
  items: readonly OrderItem[],
  isAtRest: boolean,
): readonly Fault[] {
  switch (statusReason) {
    case 'OUT_OF_STOCK':
      return items.flatMap(({ line, name, available }) =>
        available === null ? [] : [outOfStock(line, name, available)],
      );
    case 'PAYMENT_DECLINED':
      return [declined];
    case 'EXPIRED':
      return [expired];
    case 'CANCELLED_BY_CUSTOMER':
    case null:
      break;
  }
  if (status === 'PENDING') return [pending];
  return status === 'RESERVED' && !isAtRest ? [paying] : [];
}

function outOfStock(line: number, name: string | null, available: number): Fault {
  return {
    code: 'OUT_OF_STOCK',
    message: `There are too few pieces of "${name ?? ''}"; ${available} are left.`,
    path: ['input', 'items', String(line - 1), 'quantity'],
  };
}

const declined: Fault = {
  code: 'PAYMENT_DECLINED',
  message: 'The payment was declined; no money was taken, and the pieces are free again.',
  path: ['input', 'payment', 'token'],
};

const expired: Fault = {
  code: 'ORDER_EXPIRED',
  message: 'The order was not paid in time; its pieces are free again.',
  path: null,
};

const pending: Fault = {
  code: 'PRODUCTS_UNAVAILABLE',
  message:
    'The stock cannot be asked at the moment. The order is kept and goes on by itself; the same request tells how far it is.',
  path: null,
};

const paying: Fault = {
  code: 'PAYMENT_PENDING',
  message:
    'The payment is not answered yet. The order goes on by itself; the same request tells how far it is.',
  path: null,
};
