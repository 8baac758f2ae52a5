// Made of ../schema.graphql by `npm run codegen`. Do not edit.
// inputs: sha256-7c4f76499c1eeb29e6d348db2bb5b262a8075e201bab89c317caabf4751fe2e9
// body: sha256-b5b84d1d362a24ce5cdcff1217f1e3af1c62f6bec498d7e4a8f44c0a6faf148f

import type { ChatMessage as ChatMessageSource } from '../domain/chat-message.ts';
import type { Connection } from '../../kit/connection.ts';
import type { Money as MoneySource } from '../../kit/money.ts';
import type { Order as OrderSource } from '../domain/order.ts';
import type { OrderItem as OrderItemSource } from '../domain/order.ts';
import type { OrderQuote as OrderQuoteSource } from '../context.ts';
import type { OrdersContext } from '../context.ts';
import type { PastEvent as PastEventSource } from '../domain/order-event.ts';
import type { PricedItem as PricedItemSource } from '../domain/price-items.ts';
import type { SalesDay as SalesDaySource } from '../domain/sales.ts';
import type { ShippingAddress as ShippingAddressSource } from '../domain/order.ts';

import type { GraphQLResolveInfo, GraphQLScalarType, GraphQLScalarTypeConfig } from 'graphql';
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
export type Omit<T, K extends keyof T> = Pick<T, Exclude<keyof T, K>>;
export type RequireFields<T, K extends keyof T> = Omit<T, K> & { [P in K]-?: NonNullable<T[P]> };
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string };
  String: { input: string; output: string };
  Boolean: { input: boolean; output: boolean };
  Int: { input: number; output: number };
  Float: { input: number; output: number };
  /** A point in time: RFC 3339 text in UTC with milliseconds, such as `2026-11-23T08:00:00.000Z`. */
  DateTime: { input: Date; output: Date };
  _FieldSet: { input: string; output: string };
};

/** What can be asked. */
export type Query = {
  /** One order by its id. A customer finds their own, an admin any; what the viewer may not see is null, as if it did not exist. */
  readonly order?: Maybe<Order>;
  /** All orders, newest first. For admins. */
  readonly orders?: Maybe<OrderConnection>;
  /** What an order would cost now, shipping included. It keeps nothing back: prices and stock may change until the order is placed. */
  readonly quoteOrder?: Maybe<QuoteOrderPayload>;
  /** What was sold, day by day, as events tell it: some seconds behind. For admins. */
  readonly salesReport?: Maybe<SalesReport>;
};

/** What can be asked. */
export type QueryOrderArgs = {
  id: Scalars['ID']['input'];
};

/** What can be asked. */
export type QueryOrdersArgs = {
  first?: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
  status?: InputMaybe<OrderStatus>;
};

/** What can be asked. */
export type QueryQuoteOrderArgs = {
  items: ReadonlyArray<OrderItemInput>;
  country: Scalars['String']['input'];
};

/** What can be asked. */
export type QuerySalesReportArgs = {
  from: Scalars['String']['input'];
  days?: Scalars['Int']['input'];
};

/** What can be followed. A subscription is answered with events: over server-sent events, or a WebSocket. */
export type Subscription = {
  /**
   * An order each time that its state has changed. A customer follows their own, an admin any; what the viewer may not see is not
   * found. A slow reader gets the newest state.
   */
  readonly orderStatusChanged?: Maybe<Order>;
  /**
   * Each message of the chat on an order, once and in order. A customer follows the chats on their own orders, an admin any; of what
   * the viewer may not see, the order is not found.
   */
  readonly messageAdded?: Maybe<ChatMessage>;
  /** Each order that is placed, once, by any customer. For admins. */
  readonly orderPlaced: Order;
};

/** What can be followed. A subscription is answered with events: over server-sent events, or a WebSocket. */
export type SubscriptionOrderStatusChangedArgs = {
  orderId: Scalars['ID']['input'];
  withCurrent?: Scalars['Boolean']['input'];
};

/** What can be followed. A subscription is answered with events: over server-sent events, or a WebSocket. */
export type SubscriptionMessageAddedArgs = {
  orderId: Scalars['ID']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
};

/** What can be changed. */
export type Mutation = {
  /**
   * Places an order: keeps its pieces back, and takes the payment where one is given. Prices, names and shipping are those of this
   * moment. A request that is sent again with the same key within 24 hours gets the same order.
   */
  readonly placeOrder?: Maybe<PlaceOrderPayload>;
  /** Pays an order of the viewer's whose pieces are kept back. */
  readonly payOrder?: Maybe<PayOrderPayload>;
  /** Calls off an order of the viewer's that is not shipped: its pieces are free again, and what was paid is paid back. */
  readonly cancelOrder?: Maybe<CancelOrderPayload>;
  /**
   * Says something in the chat on an order: as its customer, or as support by an admin. A request that is sent again with the same key
   * says nothing twice. One account may send 30 messages a minute (`RATE_LIMITED`), unless the shop has set another number.
   */
  readonly sendMessage?: Maybe<SendMessagePayload>;
  /** Says that a paid order is on its way. For admins. */
  readonly shipOrder?: Maybe<ShipOrderPayload>;
  /**
   * Says that paid orders are on their way, as `shipOrder` does for one. Those that cannot be sent stay as they were, and the others are
   * sent. For admins.
   */
  readonly shipOrders?: Maybe<ShipOrdersPayload>;
  /** Says that a shipped order has arrived. For admins. */
  readonly deliverOrder?: Maybe<DeliverOrderPayload>;
  /** Pays an order back. The pieces of one that was not shipped are free again. For admins. */
  readonly refundOrder?: Maybe<RefundOrderPayload>;
};

/** What can be changed. */
export type MutationPlaceOrderArgs = {
  input: PlaceOrderInput;
};

/** What can be changed. */
export type MutationPayOrderArgs = {
  input: PayOrderInput;
};

/** What can be changed. */
export type MutationCancelOrderArgs = {
  input: CancelOrderInput;
};

/** What can be changed. */
export type MutationSendMessageArgs = {
  input: SendMessageInput;
};

/** What can be changed. */
export type MutationShipOrderArgs = {
  input: ShipOrderInput;
};

/** What can be changed. */
export type MutationShipOrdersArgs = {
  input: ShipOrdersInput;
};

/** What can be changed. */
export type MutationDeliverOrderArgs = {
  input: DeliverOrderInput;
};

/** What can be changed. */
export type MutationRefundOrderArgs = {
  input: RefundOrderInput;
};

/** What somebody bought. */
export type Order = {
  /** The order's id; it never changes. */
  readonly id: Scalars['ID']['output'];
  /** Who bought; null when the account is gone or its service does not answer. */
  readonly user?: Maybe<User>;
  /** How far the order is. */
  readonly status: OrderStatus;
  /** Why it ended before its time; null when it did not. */
  readonly statusReason?: Maybe<OrderStatusReason>;
  /** Until when its pieces are kept back for the payment; null when it does not wait for one. */
  readonly expiresAt?: Maybe<Scalars['DateTime']['output']>;
  /** What was bought, at most 100 lines, in the order they were added. */
  readonly items: ReadonlyArray<OrderItem>;
  /** The sum of the items, without shipping, at the prices of the day of the order. */
  readonly total: Money;
  /** What shipping costs; zero for orders from before it was part of an order. */
  readonly shipping: Money;
  /** What is to be paid: the items and shipping. */
  readonly totalWithShipping: Money;
  /** Where it goes; null for orders from before addresses were kept. */
  readonly shippingAddress?: Maybe<ShippingAddress>;
  /** What has happened to it, the oldest first, each once: at most 8. */
  readonly events: ReadonlyArray<OrderEvent>;
  /** What its customer and support have said to each other about it, the newest first. */
  readonly messages?: Maybe<ChatMessageConnection>;
  /** When it was placed. */
  readonly placedAt: Scalars['DateTime']['output'];
};

/** What somebody bought. */
export type OrderMessagesArgs = {
  first?: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
};

/** A message of the chat on an order. */
export type ChatMessage = {
  /** The message's id; it never changes. */
  readonly id: Scalars['ID']['output'];
  /** Its place in the chat, which `messageAdded` and `Order.messages` take as `after`; opaque. */
  readonly cursor: Scalars['String']['output'];
  /** Who sent it; null when the account is gone or its service does not answer. What a viewer sees of the account are its id and name. */
  readonly sender?: Maybe<User>;
  /** As what the sender spoke. */
  readonly role: ChatRole;
  /** What was said: 1 to 4,000 characters, with line breaks (LF). */
  readonly text: Scalars['String']['output'];
  /** When it was sent: later than each message before it in the chat. */
  readonly sentAt: Scalars['DateTime']['output'];
};

/** As what somebody speaks in a chat. */
export type ChatRole =
  /** The customer of the order. */
  | 'CUSTOMER'
  /** The shop. */
  | 'SUPPORT';

/** A page of a chat (Relay cursor connections). */
export type ChatMessageConnection = {
  /** The messages of the page, each with its cursor. */
  readonly edges: ReadonlyArray<ChatMessageEdge>;
  /** The messages of the page. */
  readonly nodes: ReadonlyArray<ChatMessage>;
  /** Where the page stands in the whole. */
  readonly pageInfo: PageInfo;
};

/** A message in a page. */
export type ChatMessageEdge = {
  /** The position of the message; opaque. */
  readonly cursor: Scalars['String']['output'];
  /** The message. */
  readonly node: ChatMessage;
};

/** A message to send. */
export type SendMessageInput = {
  /** The order that it is about. */
  readonly orderId: Scalars['ID']['input'];
  /** The text, 1 to 4,000 characters without blanks around it, of which one at least can be seen; no control characters but line breaks. */
  readonly message: Scalars['String']['input'];
  /**
   * A text of the client's own for this message, new for each message, such as a UUID: 8 to 100 letters, digits, `-`, `_`, `.` or `:`. A request
   * that is sent again with it gives the same message. Keys of others, and in other chats, are no matter.
   */
  readonly idempotencyKey: Scalars['String']['input'];
};

/** The result of `sendMessage`. */
export type SendMessagePayload = {
  /** The message; null when none was sent. */
  readonly message?: Maybe<ChatMessage>;
  /** Why none was sent: `ORDER_NOT_FOUND`, `MESSAGE_INVALID`, `IDEMPOTENCY_KEY_INVALID`, `IDEMPOTENCY_KEY_REUSED`. Empty when it was. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** How far an order is: from `PENDING` to `RESERVED`, `PAID`, `SHIPPED` and `DELIVERED`, unless it ends before. */
export type OrderStatus =
  /** Placed; its pieces are not kept back yet. */
  | 'PENDING'
  /** Its pieces are kept back; not yet paid. */
  | 'RESERVED'
  /** Paid. */
  | 'PAID'
  /** On its way. */
  | 'SHIPPED'
  /** With the customer. */
  | 'DELIVERED'
  /** Not taken: too few pieces, or the payment was declined. Nothing was paid. */
  | 'REJECTED'
  /** Called off; its pieces are free again, and what was paid is paid back. */
  | 'CANCELLED'
  /** Paid back by the shop. */
  | 'REFUNDED';

/** Why an order ended before its time. */
export type OrderStatusReason =
  /** There were too few pieces. */
  | 'OUT_OF_STOCK'
  /** The payment was declined. */
  | 'PAYMENT_DECLINED'
  /** It was not paid in time. */
  | 'EXPIRED'
  /** The customer called it off. */
  | 'CANCELLED_BY_CUSTOMER';

/** Something that happened to an order. */
export type OrderEvent = {
  /** What happened. */
  readonly type: OrderEventType;
  /** When it happened. */
  readonly at: Scalars['DateTime']['output'];
};

/** What can happen to an order. */
export type OrderEventType =
  /** It was placed. */
  | 'PLACED'
  /** Its pieces were kept back. */
  | 'RESERVED'
  /** It was paid. */
  | 'PAID'
  /** It was sent. */
  | 'SHIPPED'
  /** It arrived. */
  | 'DELIVERED'
  /** It was not taken. */
  | 'REJECTED'
  /** It was called off. */
  | 'CANCELLED'
  /** It was paid back by the shop. */
  | 'REFUNDED';

/** Where an order goes. */
export type ShippingAddress = {
  /** Who receives it. */
  readonly name: Scalars['String']['output'];
  /** Street and number, or what stands for them. */
  readonly line1: Scalars['String']['output'];
  /** The city. */
  readonly city: Scalars['String']['output'];
  /** The postal code. */
  readonly postalCode: Scalars['String']['output'];
  /** The country's code of two letters (ISO 3166-1), such as `US`. */
  readonly country: Scalars['String']['output'];
};

/** A line of an order. */
export type OrderItem = {
  /** What was bought; null when its service does not answer. The line keeps the sku, so that reading it asks no other service. */
  readonly product?: Maybe<Product>;
  /** The product's name on the day of the order; null for orders from before names were kept. */
  readonly name?: Maybe<Scalars['String']['output']>;
  /** How many pieces, at least 1. */
  readonly quantity: Scalars['Int']['output'];
  /** The price of one piece on the day of the order. */
  readonly unitPrice: Money;
  /** The price of all pieces of the line. */
  readonly subtotal: Money;
};

/** An amount of money. */
export type Money = {
  /** The amount as a decimal text with the currency's decimals, such as `999.99`. */
  readonly amount: Scalars['String']['output'];
  /** The currency's ISO 4217 code, such as `USD`. */
  readonly currencyCode: Scalars['String']['output'];
};

/** A person with an account. */
export type User = {
  /** The account's id. */
  readonly id: Scalars['ID']['output'];
  /** The person's orders, newest first. Only the person and admins see them; for others null. */
  readonly orders?: Maybe<OrderConnection>;
};

/** A person with an account. */
export type UserOrdersArgs = {
  first?: Scalars['Int']['input'];
  after?: InputMaybe<Scalars['String']['input']>;
};

/** Something the shop sells. */
export type Product = {
  /** The product's id. */
  readonly id: Scalars['ID']['output'];
  /** The stock keeping unit, by which warehouses know it; it never changes. */
  readonly sku: Scalars['String']['output'];
  /** Its weight in grams with its packing. */
  readonly weightGrams: Scalars['Int']['output'];
  /** How it must be handled on its way. */
  readonly handling: Handling;
  /** What shipping one piece costs. */
  readonly shippingCost?: Maybe<Money>;
};

/** How a product must be handled on its way to the customer. */
export type Handling =
  /** As any parcel. */
  | 'STANDARD'
  /** Breaks: packed by hand, at a surcharge. */
  | 'FRAGILE'
  /** Too large for the sorting machines, at a surcharge. */
  | 'BULKY';

/** A page of orders (Relay cursor connections). */
export type OrderConnection = {
  /** The orders of the page, each with its cursor. */
  readonly edges: ReadonlyArray<OrderEdge>;
  /** The orders of the page. */
  readonly nodes: ReadonlyArray<Order>;
  /** Where the page stands in the whole. */
  readonly pageInfo: PageInfo;
};

/** An order in a page. */
export type OrderEdge = {
  /** The position of the order; opaque. */
  readonly cursor: Scalars['String']['output'];
  /** The order. */
  readonly node: Order;
};

/** Where a page stands in the whole (Relay cursor connections). */
export type PageInfo = {
  /** Whether there is more after this page. */
  readonly hasNextPage: Scalars['Boolean']['output'];
  /** Whether there is more before this page. */
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  /** The cursor of the first entry; null for an empty page. */
  readonly startCursor?: Maybe<Scalars['String']['output']>;
  /** The cursor of the last entry; null for an empty page. */
  readonly endCursor?: Maybe<Scalars['String']['output']>;
};

/** A reason for which a change was not made: something the person can put right. */
export type UserError = {
  /** What kind of reason, for programs: upper case, such as `EMAIL_TAKEN`. */
  readonly code: Scalars['String']['output'];
  /** The reason, for people. */
  readonly message: Scalars['String']['output'];
  /** The way to the input value it is about, such as `["input", "email"]`; null when it is about no single one. */
  readonly path?: Maybe<ReadonlyArray<Scalars['String']['output']>>;
};

/** A product and how many pieces of it. */
export type OrderItemInput = {
  /** The product. */
  readonly productId: Scalars['ID']['input'];
  /** How many pieces, 1 to 1,000. */
  readonly quantity: Scalars['Int']['input'];
};

/** What an order would cost. */
export type OrderQuote = {
  /** The price of each product, in the order in which they were asked for. */
  readonly items: ReadonlyArray<OrderQuoteItem>;
  /** The sum of the items, without shipping. */
  readonly total: Money;
  /** What shipping costs, by weight, handling and country. */
  readonly shipping: Money;
  /** What would be paid: the items and shipping. */
  readonly totalWithShipping: Money;
};

/** A line of a quote. */
export type OrderQuoteItem = {
  /** The product. */
  readonly product?: Maybe<Product>;
  /** The product's name. */
  readonly name: Scalars['String']['output'];
  /** How many pieces were asked for. */
  readonly quantity: Scalars['Int']['output'];
  /** Whether there are so many pieces at this moment. */
  readonly isAvailable: Scalars['Boolean']['output'];
  /** The price of one piece. */
  readonly unitPrice: Money;
  /** The price of all pieces of the line. */
  readonly subtotal: Money;
};

/** The result of `quoteOrder`. */
export type QuoteOrderPayload = {
  /** The quote; null when there is none. */
  readonly quote?: Maybe<OrderQuote>;
  /**
   * Why there is none: `ITEMS_INVALID`, `QUANTITY_INVALID`, `PRODUCT_REPEATED`, `PRODUCT_NOT_FOUND`, `PRICE_TOO_HIGH`, `COUNTRY_NOT_SERVED`,
   * `PRODUCTS_UNAVAILABLE`. Empty when there is one.
   */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** An order to place. */
export type PlaceOrderInput = {
  /**
   * A text of the client's own for this order, new for each order, such as a UUID: 8 to 100 letters, digits, `-`, `_`, `.` or `:`. A request that
   * is sent again with it within 24 hours places no second order. Keys of others are no matter.
   */
  readonly idempotencyKey: Scalars['String']['input'];
  /** What is ordered: 1 to 100 products, each once. */
  readonly items: ReadonlyArray<OrderItemInput>;
  /** Where it goes. */
  readonly shippingAddress: ShippingAddressInput;
  /** How it is paid; without it, the pieces are kept for 15 minutes, within which `payOrder` pays. */
  readonly payment?: InputMaybe<PaymentInput>;
};

/** Where an order goes. */
export type ShippingAddressInput = {
  /** Who receives it, 1 to 100 characters. */
  readonly name: Scalars['String']['input'];
  /** Street and number, or what stands for them, 1 to 200 characters. */
  readonly line1: Scalars['String']['input'];
  /** The city, 1 to 100 characters. */
  readonly city: Scalars['String']['input'];
  /** The postal code, 1 to 20 characters. */
  readonly postalCode: Scalars['String']['input'];
  /** The country's code of two letters (ISO 3166-1), such as `US`. */
  readonly country: Scalars['String']['input'];
};

/** How an order is paid. */
export type PaymentInput = {
  /** The kind of payment. */
  readonly method: PaymentMethod;
  /** What the payment provider gave the client for it, such as `tok_visa`: 1 to 100 letters, digits, `_` or `-`. Never a card's number. */
  readonly token: Scalars['String']['input'];
};

/** A kind of payment. */
export type PaymentMethod =
  /** By card. */
  'CARD';

/** The result of `placeOrder`. */
export type PlaceOrderPayload = {
  /** The order; null when none was placed. One that was placed and not taken is `REJECTED`. */
  readonly order?: Maybe<Order>;
  /**
   * Why there is none: `IDEMPOTENCY_KEY_INVALID`, `IDEMPOTENCY_KEY_REUSED`, `ITEMS_INVALID`, `QUANTITY_INVALID`, `PRODUCT_REPEATED`,
   * `PRODUCT_NOT_FOUND`, `PRICE_TOO_HIGH`, `ADDRESS_INVALID`, `COUNTRY_NOT_SERVED`, `PAYMENT_INVALID`, `PRODUCTS_UNAVAILABLE`. Why it was not taken:
   * `OUT_OF_STOCK`, `PAYMENT_DECLINED`, `ORDER_EXPIRED`. Why it is not settled yet, and goes on by itself: `PRODUCTS_UNAVAILABLE`, `PAYMENT_PENDING`.
   * Empty when all went well.
   */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** A payment of an order. */
export type PayOrderInput = {
  /** The order's id. */
  readonly id: Scalars['ID']['input'];
  /** How it is paid. */
  readonly payment: PaymentInput;
};

/** The result of `payOrder`. */
export type PayOrderPayload = {
  /** The order; null when the viewer has none of that id. */
  readonly order?: Maybe<Order>;
  /**
   * Why it was not paid: `ORDER_NOT_FOUND`, `PAYMENT_INVALID`, `ORDER_STATUS`, `PAYMENT_DECLINED`, `ORDER_EXPIRED`; or `PAYMENT_PENDING` while it goes on by
   * itself. Empty when it was; paying twice is no error and takes no money.
   */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** An order to call off. */
export type CancelOrderInput = {
  /** The order's id. */
  readonly id: Scalars['ID']['input'];
};

/** The result of `cancelOrder`. */
export type CancelOrderPayload = {
  /** The order; null when the viewer has none of that id. */
  readonly order?: Maybe<Order>;
  /** Why it was not called off: `ORDER_NOT_FOUND`, `ORDER_STATUS`. Empty when it was; calling off twice is no error. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** An order to send. */
export type ShipOrderInput = {
  /** The order's id. */
  readonly id: Scalars['ID']['input'];
};

/** The result of `shipOrder`. */
export type ShipOrderPayload = {
  /** The order; null when there is none of that id. */
  readonly order?: Maybe<Order>;
  /** Why it was not sent: `ORDER_NOT_FOUND`, `ORDER_STATUS`. Empty when it was; twice is no error. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** Orders to send. */
export type ShipOrdersInput = {
  /** 1 to 100 orders. */
  readonly orders: ReadonlyArray<OrderToShip>;
};

/** An order to send with others. */
export type OrderToShip = {
  /** The order's id. */
  readonly id: Scalars['ID']['input'];
  /** The correlation id of what it is sent for, which its event gets; by default that of the request. */
  readonly correlationId?: InputMaybe<Scalars['String']['input']>;
  /** The trace of what it is sent for (W3C Trace Context), which its event gets; by default that of the request. */
  readonly traceparent?: InputMaybe<Scalars['String']['input']>;
};

/** The result of `shipOrders`. */
export type ShipOrdersPayload = {
  /** The result for each order of the list, in its order; empty when the list is not accepted. */
  readonly results: ReadonlyArray<ShipOrderPayload>;
  /** Why the list is not accepted: `ORDERS_INVALID`. Empty when it is. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** An order to mark as arrived. */
export type DeliverOrderInput = {
  /** The order's id. */
  readonly id: Scalars['ID']['input'];
};

/** The result of `deliverOrder`. */
export type DeliverOrderPayload = {
  /** The order; null when there is none of that id. */
  readonly order?: Maybe<Order>;
  /** Why it was not marked: `ORDER_NOT_FOUND`, `ORDER_STATUS`. Empty when it was; twice is no error. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** An order to pay back. */
export type RefundOrderInput = {
  /** The order's id. */
  readonly id: Scalars['ID']['input'];
};

/** The result of `refundOrder`. */
export type RefundOrderPayload = {
  /** The order; null when there is none of that id. */
  readonly order?: Maybe<Order>;
  /** Why it was not paid back: `ORDER_NOT_FOUND`, `ORDER_STATUS`. Empty when it was; twice is no error. */
  readonly userErrors: ReadonlyArray<UserError>;
};

/** What was sold in a span of days. */
export type SalesReport = {
  /** The days on which something was placed, paid or paid back, the earliest first; a day for each currency. */
  readonly days: ReadonlyArray<SalesDay>;
};

/** What was sold on a day, in one currency. */
export type SalesDay = {
  /** The day, in UTC, such as `2026-11-28`. */
  readonly day: Scalars['String']['output'];
  /** How many orders were placed. */
  readonly orders: Scalars['Int']['output'];
  /** What was paid on that day, shipping included; what went back is not taken off. */
  readonly revenue: Money;
  /** How many paid orders were cancelled or refunded on that day. */
  readonly refunds: Scalars['Int']['output'];
  /** What went back for them. */
  readonly refunded: Money;
};

export type ResolverTypeWrapper<T> = Promise<T> | T;

export type ReferenceResolver<TResult, TReference, TContext> = (
  reference: TReference,
  context: TContext,
  info: GraphQLResolveInfo,
) => Promise<TResult> | TResult;

type ScalarCheck<T, S> = S extends true ? T : NullableCheck<T, S>;
type NullableCheck<T, S> =
  Maybe<T> extends T ? Maybe<ListCheck<NonNullable<T>, S>> : ListCheck<T, S>;
type ListCheck<T, S> = T extends (infer U)[] ? NullableCheck<U, S>[] : GraphQLRecursivePick<T, S>;
export type GraphQLRecursivePick<T, S> = { [K in keyof T & keyof S]: ScalarCheck<T[K], S[K]> };

export type ResolverWithResolve<TResult, TParent, TContext, TArgs> = {
  resolve: ResolverFn<TResult, TParent, TContext, TArgs>;
};
export type Resolver<
  TResult,
  TParent = Record<PropertyKey, never>,
  TContext = Record<PropertyKey, never>,
  TArgs = Record<PropertyKey, never>,
> =
  | ResolverFn<TResult, TParent, TContext, TArgs>
  | ResolverWithResolve<TResult, TParent, TContext, TArgs>;

export type ResolverFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo,
) => Promise<TResult> | TResult;

export type SubscriptionSubscribeFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo,
) => AsyncIterable<TResult> | Promise<AsyncIterable<TResult>>;

export type SubscriptionResolveFn<TResult, TParent, TContext, TArgs> = (
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo,
) => TResult | Promise<TResult>;

export interface SubscriptionSubscriberObject<
  TResult,
  TKey extends string,
  TParent,
  TContext,
  TArgs,
> {
  subscribe: SubscriptionSubscribeFn<{ [key in TKey]: TResult }, TParent, TContext, TArgs>;
  resolve?: SubscriptionResolveFn<TResult, { [key in TKey]: TResult }, TContext, TArgs>;
}

export interface SubscriptionResolverObject<TResult, TParent, TContext, TArgs> {
  subscribe: SubscriptionSubscribeFn<any, TParent, TContext, TArgs>;
  resolve: SubscriptionResolveFn<TResult, any, TContext, TArgs>;
}

export type SubscriptionObject<TResult, TKey extends string, TParent, TContext, TArgs> =
  | SubscriptionSubscriberObject<TResult, TKey, TParent, TContext, TArgs>
  | SubscriptionResolverObject<TResult, TParent, TContext, TArgs>;

export type SubscriptionResolver<
  TResult,
  TKey extends string,
  TParent = Record<PropertyKey, never>,
  TContext = Record<PropertyKey, never>,
  TArgs = Record<PropertyKey, never>,
> =
  | ((...args: any[]) => SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>)
  | SubscriptionObject<TResult, TKey, TParent, TContext, TArgs>;

export type TypeResolveFn<
  TTypes,
  TParent = Record<PropertyKey, never>,
  TContext = Record<PropertyKey, never>,
> = (
  parent: TParent,
  context: TContext,
  info: GraphQLResolveInfo,
) => Maybe<TTypes> | Promise<Maybe<TTypes>>;

export type IsTypeOfResolverFn<
  T = Record<PropertyKey, never>,
  TContext = Record<PropertyKey, never>,
> = (obj: T, context: TContext, info: GraphQLResolveInfo) => boolean | Promise<boolean>;

export type NextResolverFn<T> = () => Promise<T>;

export type DirectiveResolverFn<
  TResult = Record<PropertyKey, never>,
  TParent = Record<PropertyKey, never>,
  TContext = Record<PropertyKey, never>,
  TArgs = Record<PropertyKey, never>,
> = (
  next: NextResolverFn<TResult>,
  parent: TParent,
  args: TArgs,
  context: TContext,
  info: GraphQLResolveInfo,
) => TResult | Promise<TResult>;

/** Mapping of federation types */
export type FederationTypes = {
  Order: Order;
  User: User;
  Product: Product;
};

/** Mapping of federation reference types */
export type FederationReferenceTypes = {
  Order: { __typename: 'Order' } & GraphQLRecursivePick<FederationTypes['Order'], { id: true }>;
  User: { __typename: 'User' } & GraphQLRecursivePick<FederationTypes['User'], { id: true }>;
  Product: { __typename: 'Product' } & GraphQLRecursivePick<
    FederationTypes['Product'],
    { id: true }
  > &
    (
      | Record<PropertyKey, never>
      | GraphQLRecursivePick<FederationTypes['Product'], { weightGrams: true; handling: true }>
    );
};

/** Mapping between all available schema types and the resolvers types */
export type ResolversTypes = {
  DateTime: ResolverTypeWrapper<Scalars['DateTime']['output']>;
  Query: ResolverTypeWrapper<Record<PropertyKey, never>>;
  ID: ResolverTypeWrapper<Scalars['ID']['output']>;
  Int: ResolverTypeWrapper<Scalars['Int']['output']>;
  String: ResolverTypeWrapper<Scalars['String']['output']>;
  Subscription: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Boolean: ResolverTypeWrapper<Scalars['Boolean']['output']>;
  Mutation: ResolverTypeWrapper<Record<PropertyKey, never>>;
  Order: ResolverTypeWrapper<OrderSource>;
  ChatMessage: ResolverTypeWrapper<ChatMessageSource>;
  ChatRole: ChatRole;
  ChatMessageConnection: ResolverTypeWrapper<Connection<ChatMessageSource>>;
  ChatMessageEdge: ResolverTypeWrapper<
    Omit<ChatMessageEdge, 'node'> & { node: ResolversTypes['ChatMessage'] }
  >;
  SendMessageInput: SendMessageInput;
  SendMessagePayload: ResolverTypeWrapper<
    Omit<SendMessagePayload, 'message'> & { message?: Maybe<ResolversTypes['ChatMessage']> }
  >;
  OrderStatus: OrderStatus;
  OrderStatusReason: OrderStatusReason;
  OrderEvent: ResolverTypeWrapper<PastEventSource>;
  OrderEventType: OrderEventType;
  ShippingAddress: ResolverTypeWrapper<ShippingAddressSource>;
  OrderItem: ResolverTypeWrapper<OrderItemSource>;
  Money: ResolverTypeWrapper<MoneySource>;
  User: ResolverTypeWrapper<{ readonly __typename?: 'User'; readonly id: string }>;
  Product: ResolverTypeWrapper<{
    readonly __typename?: 'Product';
    readonly id: string;
    readonly sku?: string;
    readonly weightGrams?: number;
    readonly handling?: Handling;
  }>;
  Handling: Handling;
  OrderConnection: ResolverTypeWrapper<Connection<OrderSource>>;
  OrderEdge: ResolverTypeWrapper<Omit<OrderEdge, 'node'> & { node: ResolversTypes['Order'] }>;
  PageInfo: ResolverTypeWrapper<PageInfo>;
  UserError: ResolverTypeWrapper<UserError>;
  OrderItemInput: OrderItemInput;
  OrderQuote: ResolverTypeWrapper<OrderQuoteSource>;
  OrderQuoteItem: ResolverTypeWrapper<PricedItemSource>;
  QuoteOrderPayload: ResolverTypeWrapper<
    Omit<QuoteOrderPayload, 'quote'> & { quote?: Maybe<ResolversTypes['OrderQuote']> }
  >;
  PlaceOrderInput: PlaceOrderInput;
  ShippingAddressInput: ShippingAddressInput;
  PaymentInput: PaymentInput;
  PaymentMethod: PaymentMethod;
  PlaceOrderPayload: ResolverTypeWrapper<
    Omit<PlaceOrderPayload, 'order'> & { order?: Maybe<ResolversTypes['Order']> }
  >;
  PayOrderInput: PayOrderInput;
  PayOrderPayload: ResolverTypeWrapper<
    Omit<PayOrderPayload, 'order'> & { order?: Maybe<ResolversTypes['Order']> }
  >;
  CancelOrderInput: CancelOrderInput;
  CancelOrderPayload: ResolverTypeWrapper<
    Omit<CancelOrderPayload, 'order'> & { order?: Maybe<ResolversTypes['Order']> }
  >;
  ShipOrderInput: ShipOrderInput;
  ShipOrderPayload: ResolverTypeWrapper<
    Omit<ShipOrderPayload, 'order'> & { order?: Maybe<ResolversTypes['Order']> }
  >;
  ShipOrdersInput: ShipOrdersInput;
  OrderToShip: OrderToShip;
  ShipOrdersPayload: ResolverTypeWrapper<
    Omit<ShipOrdersPayload, 'results'> & {
      results: ReadonlyArray<ResolversTypes['ShipOrderPayload']>;
    }
  >;
  DeliverOrderInput: DeliverOrderInput;
  DeliverOrderPayload: ResolverTypeWrapper<
    Omit<DeliverOrderPayload, 'order'> & { order?: Maybe<ResolversTypes['Order']> }
  >;
  RefundOrderInput: RefundOrderInput;
  RefundOrderPayload: ResolverTypeWrapper<
    Omit<RefundOrderPayload, 'order'> & { order?: Maybe<ResolversTypes['Order']> }
  >;
  SalesReport: ResolverTypeWrapper<
    Omit<SalesReport, 'days'> & { days: ReadonlyArray<ResolversTypes['SalesDay']> }
  >;
  SalesDay: ResolverTypeWrapper<SalesDaySource>;
};

/** Mapping between all available schema types and the resolvers parents */
export type ResolversParentTypes = {
  DateTime: Scalars['DateTime']['output'];
  Query: Record<PropertyKey, never>;
  ID: Scalars['ID']['output'];
  Int: Scalars['Int']['output'];
  String: Scalars['String']['output'];
  Subscription: Record<PropertyKey, never>;
  Boolean: Scalars['Boolean']['output'];
  Mutation: Record<PropertyKey, never>;
  Order: OrderSource;
  ChatMessage: ChatMessageSource;
  ChatMessageConnection: Connection<ChatMessageSource>;
  ChatMessageEdge: Omit<ChatMessageEdge, 'node'> & { node: ResolversParentTypes['ChatMessage'] };
  SendMessageInput: SendMessageInput;
  SendMessagePayload: Omit<SendMessagePayload, 'message'> & {
    message?: Maybe<ResolversParentTypes['ChatMessage']>;
  };
  OrderEvent: PastEventSource;
  ShippingAddress: ShippingAddressSource;
  OrderItem: OrderItemSource;
  Money: MoneySource;
  User: { readonly __typename?: 'User'; readonly id: string };
  Product: {
    readonly __typename?: 'Product';
    readonly id: string;
    readonly sku?: string;
    readonly weightGrams?: number;
    readonly handling?: Handling;
  };
  OrderConnection: Connection<OrderSource>;
  OrderEdge: Omit<OrderEdge, 'node'> & { node: ResolversParentTypes['Order'] };
  PageInfo: PageInfo;
  UserError: UserError;
  OrderItemInput: OrderItemInput;
  OrderQuote: OrderQuoteSource;
  OrderQuoteItem: PricedItemSource;
  QuoteOrderPayload: Omit<QuoteOrderPayload, 'quote'> & {
    quote?: Maybe<ResolversParentTypes['OrderQuote']>;
  };
  PlaceOrderInput: PlaceOrderInput;
  ShippingAddressInput: ShippingAddressInput;
  PaymentInput: PaymentInput;
  PlaceOrderPayload: Omit<PlaceOrderPayload, 'order'> & {
    order?: Maybe<ResolversParentTypes['Order']>;
  };
  PayOrderInput: PayOrderInput;
  PayOrderPayload: Omit<PayOrderPayload, 'order'> & {
    order?: Maybe<ResolversParentTypes['Order']>;
  };
  CancelOrderInput: CancelOrderInput;
  CancelOrderPayload: Omit<CancelOrderPayload, 'order'> & {
    order?: Maybe<ResolversParentTypes['Order']>;
  };
  ShipOrderInput: ShipOrderInput;
  ShipOrderPayload: Omit<ShipOrderPayload, 'order'> & {
    order?: Maybe<ResolversParentTypes['Order']>;
  };
  ShipOrdersInput: ShipOrdersInput;
  OrderToShip: OrderToShip;
  ShipOrdersPayload: Omit<ShipOrdersPayload, 'results'> & {
    results: ReadonlyArray<ResolversParentTypes['ShipOrderPayload']>;
  };
  DeliverOrderInput: DeliverOrderInput;
  DeliverOrderPayload: Omit<DeliverOrderPayload, 'order'> & {
    order?: Maybe<ResolversParentTypes['Order']>;
  };
  RefundOrderInput: RefundOrderInput;
  RefundOrderPayload: Omit<RefundOrderPayload, 'order'> & {
    order?: Maybe<ResolversParentTypes['Order']>;
  };
  SalesReport: Omit<SalesReport, 'days'> & {
    days: ReadonlyArray<ResolversParentTypes['SalesDay']>;
  };
  SalesDay: SalesDaySource;
};

export interface DateTimeScalarConfig extends GraphQLScalarTypeConfig<
  ResolversTypes['DateTime'],
  any
> {
  name: 'DateTime';
}

export type QueryResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['Query'] = ResolversParentTypes['Query'],
> = {
  order: Resolver<
    Maybe<ResolversTypes['Order']>,
    ParentType,
    ContextType,
    RequireFields<QueryOrderArgs, 'id'>
  >;
  orders: Resolver<
    Maybe<ResolversTypes['OrderConnection']>,
    ParentType,
    ContextType,
    RequireFields<QueryOrdersArgs, 'first'>
  >;
  quoteOrder: Resolver<
    Maybe<ResolversTypes['QuoteOrderPayload']>,
    ParentType,
    ContextType,
    RequireFields<QueryQuoteOrderArgs, 'items' | 'country'>
  >;
  salesReport: Resolver<
    Maybe<ResolversTypes['SalesReport']>,
    ParentType,
    ContextType,
    RequireFields<QuerySalesReportArgs, 'from' | 'days'>
  >;
};

export type SubscriptionResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['Subscription'] = ResolversParentTypes['Subscription'],
> = {
  orderStatusChanged: SubscriptionResolver<
    Maybe<ResolversTypes['Order']>,
    'orderStatusChanged',
    ParentType,
    ContextType,
    RequireFields<SubscriptionOrderStatusChangedArgs, 'orderId' | 'withCurrent'>
  >;
  messageAdded: SubscriptionResolver<
    Maybe<ResolversTypes['ChatMessage']>,
    'messageAdded',
    ParentType,
    ContextType,
    RequireFields<SubscriptionMessageAddedArgs, 'orderId'>
  >;
  orderPlaced: SubscriptionResolver<
    ResolversTypes['Order'],
    'orderPlaced',
    ParentType,
    ContextType
  >;
};

export type MutationResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['Mutation'] = ResolversParentTypes['Mutation'],
> = {
  placeOrder: Resolver<
    Maybe<ResolversTypes['PlaceOrderPayload']>,
    ParentType,
    ContextType,
    RequireFields<MutationPlaceOrderArgs, 'input'>
  >;
  payOrder: Resolver<
    Maybe<ResolversTypes['PayOrderPayload']>,
    ParentType,
    ContextType,
    RequireFields<MutationPayOrderArgs, 'input'>
  >;
  cancelOrder: Resolver<
    Maybe<ResolversTypes['CancelOrderPayload']>,
    ParentType,
    ContextType,
    RequireFields<MutationCancelOrderArgs, 'input'>
  >;
  sendMessage: Resolver<
    Maybe<ResolversTypes['SendMessagePayload']>,
    ParentType,
    ContextType,
    RequireFields<MutationSendMessageArgs, 'input'>
  >;
  shipOrder: Resolver<
    Maybe<ResolversTypes['ShipOrderPayload']>,
    ParentType,
    ContextType,
    RequireFields<MutationShipOrderArgs, 'input'>
  >;
  shipOrders: Resolver<
    Maybe<ResolversTypes['ShipOrdersPayload']>,
    ParentType,
    ContextType,
    RequireFields<MutationShipOrdersArgs, 'input'>
  >;
  deliverOrder: Resolver<
    Maybe<ResolversTypes['DeliverOrderPayload']>,
    ParentType,
    ContextType,
    RequireFields<MutationDeliverOrderArgs, 'input'>
  >;
  refundOrder: Resolver<
    Maybe<ResolversTypes['RefundOrderPayload']>,
    ParentType,
    ContextType,
    RequireFields<MutationRefundOrderArgs, 'input'>
  >;
};

export type OrderResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['Order'] = ResolversParentTypes['Order'],
  FederationReferenceType extends FederationReferenceTypes['Order'] =
    FederationReferenceTypes['Order'],
> = {
  __resolveReference?: ReferenceResolver<
    Maybe<ResolversTypes['Order']> | FederationReferenceType,
    FederationReferenceType,
    ContextType
  >;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  user?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  status?: Resolver<ResolversTypes['OrderStatus'], ParentType, ContextType>;
  statusReason?: Resolver<Maybe<ResolversTypes['OrderStatusReason']>, ParentType, ContextType>;
  expiresAt?: Resolver<Maybe<ResolversTypes['DateTime']>, ParentType, ContextType>;
  items?: Resolver<ReadonlyArray<ResolversTypes['OrderItem']>, ParentType, ContextType>;
  total?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  shipping?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  totalWithShipping?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  shippingAddress?: Resolver<Maybe<ResolversTypes['ShippingAddress']>, ParentType, ContextType>;
  events?: Resolver<ReadonlyArray<ResolversTypes['OrderEvent']>, ParentType, ContextType>;
  messages?: Resolver<
    Maybe<ResolversTypes['ChatMessageConnection']>,
    ParentType,
    ContextType,
    RequireFields<OrderMessagesArgs, 'first'>
  >;
  placedAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type ChatMessageResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['ChatMessage'] = ResolversParentTypes['ChatMessage'],
> = {
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  sender?: Resolver<Maybe<ResolversTypes['User']>, ParentType, ContextType>;
  role?: Resolver<ResolversTypes['ChatRole'], ParentType, ContextType>;
  text?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  sentAt?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type ChatMessageConnectionResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['ChatMessageConnection'] =
    ResolversParentTypes['ChatMessageConnection'],
> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['ChatMessageEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['ChatMessage']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type ChatMessageEdgeResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['ChatMessageEdge'] =
    ResolversParentTypes['ChatMessageEdge'],
> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['ChatMessage'], ParentType, ContextType>;
};

export type SendMessagePayloadResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['SendMessagePayload'] =
    ResolversParentTypes['SendMessagePayload'],
> = {
  message?: Resolver<Maybe<ResolversTypes['ChatMessage']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type OrderEventResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['OrderEvent'] = ResolversParentTypes['OrderEvent'],
> = {
  type?: Resolver<ResolversTypes['OrderEventType'], ParentType, ContextType>;
  at?: Resolver<ResolversTypes['DateTime'], ParentType, ContextType>;
};

export type ShippingAddressResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['ShippingAddress'] =
    ResolversParentTypes['ShippingAddress'],
> = {
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  line1?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  city?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  postalCode?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  country?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type OrderItemResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['OrderItem'] = ResolversParentTypes['OrderItem'],
> = {
  product?: Resolver<Maybe<ResolversTypes['Product']>, ParentType, ContextType>;
  name?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  quantity?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  unitPrice?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  subtotal?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
};

export type MoneyResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['Money'] = ResolversParentTypes['Money'],
> = {
  amount?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  currencyCode?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
};

export type UserResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['User'] = ResolversParentTypes['User'],
  FederationReferenceType extends FederationReferenceTypes['User'] =
    FederationReferenceTypes['User'],
> = {
  __resolveReference?: ReferenceResolver<
    Maybe<ResolversTypes['User']> | FederationReferenceType,
    FederationReferenceType,
    ContextType
  >;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  orders?: Resolver<
    Maybe<ResolversTypes['OrderConnection']>,
    ParentType,
    ContextType,
    RequireFields<UserOrdersArgs, 'first'>
  >;
};

export type ProductResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['Product'] = ResolversParentTypes['Product'],
  FederationReferenceType extends FederationReferenceTypes['Product'] =
    FederationReferenceTypes['Product'],
> = {
  __resolveReference?: ReferenceResolver<
    Maybe<ResolversTypes['Product']> | FederationReferenceType,
    FederationReferenceType,
    ContextType
  >;
  id?: Resolver<ResolversTypes['ID'], ParentType, ContextType>;
  sku?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  shippingCost?: Resolver<Maybe<ResolversTypes['Money']>, ParentType, ContextType>;
};

export type OrderConnectionResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['OrderConnection'] =
    ResolversParentTypes['OrderConnection'],
> = {
  edges?: Resolver<ReadonlyArray<ResolversTypes['OrderEdge']>, ParentType, ContextType>;
  nodes?: Resolver<ReadonlyArray<ResolversTypes['Order']>, ParentType, ContextType>;
  pageInfo?: Resolver<ResolversTypes['PageInfo'], ParentType, ContextType>;
};

export type OrderEdgeResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['OrderEdge'] = ResolversParentTypes['OrderEdge'],
> = {
  cursor?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  node?: Resolver<ResolversTypes['Order'], ParentType, ContextType>;
};

export type PageInfoResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['PageInfo'] = ResolversParentTypes['PageInfo'],
> = {
  hasNextPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  hasPreviousPage?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  startCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
  endCursor?: Resolver<Maybe<ResolversTypes['String']>, ParentType, ContextType>;
};

export type UserErrorResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['UserError'] = ResolversParentTypes['UserError'],
> = {
  code?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  message?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  path?: Resolver<Maybe<ReadonlyArray<ResolversTypes['String']>>, ParentType, ContextType>;
};

export type OrderQuoteResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['OrderQuote'] = ResolversParentTypes['OrderQuote'],
> = {
  items?: Resolver<ReadonlyArray<ResolversTypes['OrderQuoteItem']>, ParentType, ContextType>;
  total?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  shipping?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  totalWithShipping?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
};

export type OrderQuoteItemResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['OrderQuoteItem'] =
    ResolversParentTypes['OrderQuoteItem'],
> = {
  product?: Resolver<Maybe<ResolversTypes['Product']>, ParentType, ContextType>;
  name?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  quantity?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  isAvailable?: Resolver<ResolversTypes['Boolean'], ParentType, ContextType>;
  unitPrice?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  subtotal?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
};

export type QuoteOrderPayloadResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['QuoteOrderPayload'] =
    ResolversParentTypes['QuoteOrderPayload'],
> = {
  quote?: Resolver<Maybe<ResolversTypes['OrderQuote']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type PlaceOrderPayloadResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['PlaceOrderPayload'] =
    ResolversParentTypes['PlaceOrderPayload'],
> = {
  order?: Resolver<Maybe<ResolversTypes['Order']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type PayOrderPayloadResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['PayOrderPayload'] =
    ResolversParentTypes['PayOrderPayload'],
> = {
  order?: Resolver<Maybe<ResolversTypes['Order']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type CancelOrderPayloadResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['CancelOrderPayload'] =
    ResolversParentTypes['CancelOrderPayload'],
> = {
  order?: Resolver<Maybe<ResolversTypes['Order']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ShipOrderPayloadResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['ShipOrderPayload'] =
    ResolversParentTypes['ShipOrderPayload'],
> = {
  order?: Resolver<Maybe<ResolversTypes['Order']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type ShipOrdersPayloadResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['ShipOrdersPayload'] =
    ResolversParentTypes['ShipOrdersPayload'],
> = {
  results?: Resolver<ReadonlyArray<ResolversTypes['ShipOrderPayload']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type DeliverOrderPayloadResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['DeliverOrderPayload'] =
    ResolversParentTypes['DeliverOrderPayload'],
> = {
  order?: Resolver<Maybe<ResolversTypes['Order']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type RefundOrderPayloadResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['RefundOrderPayload'] =
    ResolversParentTypes['RefundOrderPayload'],
> = {
  order?: Resolver<Maybe<ResolversTypes['Order']>, ParentType, ContextType>;
  userErrors?: Resolver<ReadonlyArray<ResolversTypes['UserError']>, ParentType, ContextType>;
};

export type SalesReportResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['SalesReport'] = ResolversParentTypes['SalesReport'],
> = {
  days?: Resolver<ReadonlyArray<ResolversTypes['SalesDay']>, ParentType, ContextType>;
};

export type SalesDayResolvers<
  ContextType = OrdersContext,
  ParentType extends ResolversParentTypes['SalesDay'] = ResolversParentTypes['SalesDay'],
> = {
  day?: Resolver<ResolversTypes['String'], ParentType, ContextType>;
  orders?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  revenue?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
  refunds?: Resolver<ResolversTypes['Int'], ParentType, ContextType>;
  refunded?: Resolver<ResolversTypes['Money'], ParentType, ContextType>;
};

export type Resolvers<ContextType = OrdersContext> = {
  DateTime?: GraphQLScalarType;
  Query?: QueryResolvers<ContextType>;
  Subscription?: SubscriptionResolvers<ContextType>;
  Mutation?: MutationResolvers<ContextType>;
  Order?: OrderResolvers<ContextType>;
  ChatMessage?: ChatMessageResolvers<ContextType>;
  ChatMessageConnection?: ChatMessageConnectionResolvers<ContextType>;
  ChatMessageEdge?: ChatMessageEdgeResolvers<ContextType>;
  SendMessagePayload?: SendMessagePayloadResolvers<ContextType>;
  OrderEvent?: OrderEventResolvers<ContextType>;
  ShippingAddress?: ShippingAddressResolvers<ContextType>;
  OrderItem?: OrderItemResolvers<ContextType>;
  Money?: MoneyResolvers<ContextType>;
  User?: UserResolvers<ContextType>;
  Product?: ProductResolvers<ContextType>;
  OrderConnection?: OrderConnectionResolvers<ContextType>;
  OrderEdge?: OrderEdgeResolvers<ContextType>;
  PageInfo?: PageInfoResolvers<ContextType>;
  UserError?: UserErrorResolvers<ContextType>;
  OrderQuote?: OrderQuoteResolvers<ContextType>;
  OrderQuoteItem?: OrderQuoteItemResolvers<ContextType>;
  QuoteOrderPayload?: QuoteOrderPayloadResolvers<ContextType>;
  PlaceOrderPayload?: PlaceOrderPayloadResolvers<ContextType>;
  PayOrderPayload?: PayOrderPayloadResolvers<ContextType>;
  CancelOrderPayload?: CancelOrderPayloadResolvers<ContextType>;
  ShipOrderPayload?: ShipOrderPayloadResolvers<ContextType>;
  ShipOrdersPayload?: ShipOrdersPayloadResolvers<ContextType>;
  DeliverOrderPayload?: DeliverOrderPayloadResolvers<ContextType>;
  RefundOrderPayload?: RefundOrderPayloadResolvers<ContextType>;
  SalesReport?: SalesReportResolvers<ContextType>;
  SalesDay?: SalesDayResolvers<ContextType>;
};
