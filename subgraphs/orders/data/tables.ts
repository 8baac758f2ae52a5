import type { Generated, Transaction } from 'kysely';
import type { ChatRole } from '../domain/chat-message.ts';
import type { OrderStatus, OrderStatusReason } from '../domain/order.ts';

/** The database schema of this subgraph; raw SQL names it. */
export const schemaName = 'orders';

/** The tables of the database schema `orders`. 64-bit integers are read as text. */
export interface OrdersTables {
  readonly orders: OrdersTable;
  readonly order_items: OrderItemsTable;
  readonly order_addresses: OrderAddressesTable;
  readonly order_payments: OrderPaymentsTable;
  readonly order_events: OrderEventsTable;
  readonly order_keys: OrderKeysTable;
  readonly order_chats: OrderChatsTable;
  readonly order_messages: OrderMessagesTable;
  readonly simulated_payments: SimulatedPaymentsTable;
}

/** A transaction on these tables. */
export type OrdersTransaction = Transaction<OrdersTables>;

interface OrdersTable {
  readonly id: Generated<string>;
  readonly user_id: string;
  status: OrderStatus;
  reason: OrderStatusReason | null;
  readonly currency_code: string;
  readonly shipping_minor: Generated<string>;
  readonly placed_at: Generated<Date>;
  expires_at: Date | null;
  is_shipped: Generated<boolean>;
  due_at: Date | null;
  tries: Generated<number>;
}

interface OrderItemsTable {
  readonly order_id: string;
  readonly line: number;
  readonly product_id: string;
  readonly sku: string;
  readonly name: string | null;
  readonly quantity: number;
  readonly unit_price_minor: string;
  available: number | null;
}

interface OrderAddressesTable {
  readonly order_id: string;
  readonly name: string;
  readonly line1: string;
  readonly city: string;
  readonly postal_code: string;
  readonly country: string;
}

interface OrderPaymentsTable {
  readonly order_id: string;
  readonly method: 'CARD';
  token: string | null;
  reference: string | null;
}

interface OrderEventsTable {
  readonly id: Generated<string>;
  readonly order_id: string;
  readonly type: string;
  readonly happened_at: Date;
}

interface OrderKeysTable {
  readonly user_id: string;
  readonly key: string;
  fingerprint: string;
  order_id: string;
  created_at: Date;
}

interface OrderChatsTable {
  readonly order_id: string;
  last_number: number;
  last_sent_at: Date;
}

interface OrderMessagesTable {
  readonly order_id: string;
  readonly number: number;
  readonly sender_id: string;
  readonly sender_role: ChatRole;
  readonly text: string;
  readonly sent_at: Date;
  readonly key: string | null;
}

interface SimulatedPaymentsTable {
  readonly order_id: string;
  outcome: 'CHARGED' | 'DECLINED' | 'VOIDED';
  readonly amount_minor: string;
  asked: number;
  refunded_at: Date | null;
}
