import type { OrderItem, OrderStatus, OrderStatusReason } from './order.ts';

/** The values of the schema's `OrderEventType`. */
export type OrderEventType = Exclude<OrderStatus, 'PENDING'> | 'PLACED';

/** An entry of an order's history. */
export interface PastEvent {
  readonly orderId: string;
  readonly type: OrderEventType;
  readonly at: Date;
}

/** What an order is made of: it never changes. */
export interface OrderContent {
  readonly userId: string;
  readonly currencyCode: string;
  readonly shippingMinor: number;
  readonly items: readonly Pick<OrderItem, 'productId' | 'sku' | 'quantity' | 'unitPrice'>[];
}

/** A change of an order, for its history and other services. */
export interface OrderEvent extends PastEvent {
  readonly order: OrderContent;
  /** Why it ended before its time, if it does. */
  readonly reason?: OrderStatusReason | undefined;
  /** Until when its pieces are kept, if they are. */
  readonly expiresAt?: Date | undefined;
  /** How the payment provider calls what was paid. */
  readonly paymentReference?: string | undefined;
  /** The request that caused it. */
  readonly correlationId: string;
  readonly traceparent: string;
}

const prefix = 'shop.order.';
const suffix = '.v1';

/** The event's public type, such as `shop.order.placed.v1`. */
export function eventNameOf(type: OrderEventType): string {
  return `${prefix}${type.toLowerCase()}${suffix}`;
}

/** The public type, from `eventNameOf`. */
export function eventTypeOf(name: string): OrderEventType {
  return name.slice(prefix.length, -suffix.length).toUpperCase() as OrderEventType;
}
