import { type Money, multiply, sumOf } from '../../../common/money.ts';

/** How far an order is, in the words of the schema's `OrderStatus`. */
export type OrderStatus = 'PENDING' | 'PAID' | 'SHIPPED' | 'DELIVERED' | 'CANCELLED';

/** What somebody bought; its lines are read apart. */
export interface Order {
  readonly id: string;
  readonly userId: string;
  readonly status: OrderStatus;
  readonly placedAt: Date;
}

/** A line of an order, with sku and price as they were on the day of the order. */
export interface OrderItem {
  readonly orderId: string;
  /** Its place in the order, from 1. */
  readonly line: number;
  readonly productId: string;
  readonly sku: string;
  /** Pieces, at least 1. */
  readonly quantity: number;
  readonly unitPrice: Money;
}

/** Where an order stands among orders that come newest first; the id tells apart two of the same millisecond. */
export type OrderPosition = Pick<Order, 'placedAt' | 'id'>;

/** The price of all pieces of a line, exact to the minor unit. */
export function subtotalOf({
  unitPrice,
  quantity,
}: Pick<OrderItem, 'unitPrice' | 'quantity'>): Money {
  return multiply(unitPrice, quantity);
}

/** The sum of the lines, exact to the minor unit; zero for none. Shipping is no part of it. */
export function totalOf(items: readonly Pick<OrderItem, 'unitPrice' | 'quantity'>[]): Money {
  return sumOf(items.map(subtotalOf));
}
