import type { Generated } from 'kysely';
import type { OrderStatus } from '../domain/order.ts';

/** The tables of the database schema `orders`. 64-bit integers are read as text. */
export interface OrdersTables {
  readonly orders: OrdersTable;
  readonly order_items: OrderItemsTable;
}

interface OrdersTable {
  readonly id: Generated<string>;
  readonly user_id: string;
  readonly status: OrderStatus;
  readonly currency_code: string;
  readonly placed_at: Generated<Date>;
}

interface OrderItemsTable {
  readonly order_id: string;
  readonly line: number;
  readonly product_id: string;
  readonly sku: string;
  readonly quantity: number;
  readonly unit_price_minor: string;
}
