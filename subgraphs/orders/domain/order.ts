import { type Money, multiply, sumOf } from '../../../common/money.ts';

/** How far an order is, in the words of the schema's `OrderStatus`. */
export type OrderStatus =
  'PENDING' | 'RESERVED' | 'PAID' | 'SHIPPED' | 'DELIVERED' | 'REJECTED' | 'CANCELLED' | 'REFUNDED';

/** Why an order ended before its time, in the words of the schema's `OrderStatusReason`. */
export type OrderStatusReason =
  'OUT_OF_STOCK' | 'PAYMENT_DECLINED' | 'EXPIRED' | 'CANCELLED_BY_CUSTOMER';

/** What somebody bought; its lines are read apart. */
export interface Order {
  readonly id: string;
  readonly userId: string;
  readonly status: OrderStatus;
  readonly statusReason: OrderStatusReason | null;
  readonly shipping: Money;
  /** Until when it may wait for pieces or for its payment; null for orders from before that was limited. */
  readonly expiresAt: Date | null;
  readonly placedAt: Date;
}

/** A line of an order, with name, sku and price as they were on the day of the order. */
export interface OrderItem {
  readonly orderId: string;
  /** Its place in the order, from 1. */
  readonly line: number;
  readonly productId: string;
  readonly sku: string;
  /** Null for orders from before names were kept. */
  readonly name: string | null;
  /** Pieces, at least 1. */
  readonly quantity: number;
  readonly unitPrice: Money;
  /** How many pieces were free when there were too few; null when that is not why the order was rejected. */
  readonly available: number | null;
}

/** Where an order goes. */
export interface ShippingAddress {
  readonly name: string;
  readonly line1: string;
  readonly city: string;
  readonly postalCode: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
}

/** How an order is paid. */
export interface Payment {
  readonly method: 'CARD';
  /** What the payment provider gave the client. */
  readonly token: string;
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

/** What is to be paid: the lines and shipping. */
export function totalWithShippingOf(
  items: readonly Pick<OrderItem, 'unitPrice' | 'quantity'>[],
  shipping: Money,
): Money {
  return sumOf([totalOf(items), shipping]);
}
