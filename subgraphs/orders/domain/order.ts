import { type Money, multiply, sumOf } from '../../../common/money.ts';

/** The values of the schema's `OrderStatus`. */
export type OrderStatus =
  'PENDING' | 'RESERVED' | 'PAID' | 'SHIPPED' | 'DELIVERED' | 'REJECTED' | 'CANCELLED' | 'REFUNDED';

/** The values of the schema's `OrderStatusReason`. */
export type OrderStatusReason =
  'OUT_OF_STOCK' | 'PAYMENT_DECLINED' | 'EXPIRED' | 'CANCELLED_BY_CUSTOMER';

/** An order; its items are read separately. */
export interface Order {
  readonly id: string;
  readonly userId: string;
  readonly status: OrderStatus;
  readonly statusReason: OrderStatusReason | null;
  readonly shipping: Money;
  /** The deadline for reservation or payment; null for old orders without one. */
  readonly expiresAt: Date | null;
  readonly placedAt: Date;
}

/** An item of an order, with the name, sku and price at the time of the order. */
export interface OrderItem {
  readonly orderId: string;
  /** Its position in the order, from 1. */
  readonly line: number;
  readonly productId: string;
  readonly sku: string;
  /** Null for old orders, which did not store names. */
  readonly name: string | null;
  /** At least 1. */
  readonly quantity: number;
  readonly unitPrice: Money;
  /** The available quantity when it was too small; null if the order was not rejected for that. */
  readonly available: number | null;
}

/** A shipping address. */
export interface ShippingAddress {
  readonly name: string;
  readonly line1: string;
  readonly city: string;
  readonly postalCode: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
}

/** A payment method. */
export interface Payment {
  readonly method: 'CARD';
  /** The token from the payment provider. */
  readonly token: string;
}

/** The position of an order in a list sorted newest first; the id distinguishes orders of the same millisecond. */
export type OrderPosition = Pick<Order, 'placedAt' | 'id'>;

/** Quantity times unit price, exact to the minor unit. */
export function subtotalOf({
  unitPrice,
  quantity,
}: Pick<OrderItem, 'unitPrice' | 'quantity'>): Money {
  return multiply(unitPrice, quantity);
}

/** The sum of the items, exact to the minor unit, without shipping. */
export function totalOf(items: readonly Pick<OrderItem, 'unitPrice' | 'quantity'>[]): Money {
  return sumOf(items.map(subtotalOf));
}

/** The amount to pay: items and shipping. */
export function totalWithShippingOf(
  items: readonly Pick<OrderItem, 'unitPrice' | 'quantity'>[],
  shipping: Money,
): Money {
  return sumOf([totalOf(items), shipping]);
}
