import type { OrderItem, OrderStatus, OrderStatusReason } from './order.ts';

/** What can happen to an order, in the words of the schema's `OrderEventType`. */
export type OrderEventType = Exclude<OrderStatus, 'PENDING'> | 'PLACED';

/** Something that happened to an order, as its history has it. */
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

/** Something that happens to an order, for all who want to know. */
export interface OrderEvent extends PastEvent {
  readonly order: OrderContent;
  /** Why it ended before its time, if it does. */
  readonly reason?: OrderStatusReason | undefined;
  /** Until when its pieces are kept, if they are. */
  readonly expiresAt?: Date | undefined;
  /** How the payment provider calls what was paid. */
  readonly paymentReference?: string | undefined;
  /** The request that caused it, and its place in a trace. */
  readonly correlationId: string;
  readonly traceparent: string;
}

const prefix = 'shop.order.';
const suffix = '.v1';

/** The name by which an event is known outside, such as `shop.order.placed.v1`. */
export function eventNameOf(type: OrderEventType): string {
  return `${prefix}${type.toLowerCase()}${suffix}`;
}

/** What happened, by the name that `eventNameOf` gives it. */
export function eventTypeOf(name: string): OrderEventType {
  return name.slice(prefix.length, -suffix.length).toUpperCase() as OrderEventType;
}
