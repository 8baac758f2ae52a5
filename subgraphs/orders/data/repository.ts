import { type Expression, expressionBuilder, type Kysely, sql, type SqlBool } from 'kysely';
import { readIds } from '../../kit/ids.ts';
import { createTogether } from '../../kit/together.ts';
import { eventTypeOf, type PastEvent } from '../domain/order-event.ts';
import {
  type Order,
  type OrderItem,
  type OrderPosition,
  type OrderStatus,
  type OrderStatusReason,
  type ShippingAddress,
} from '../domain/order.ts';
import type { OrdersTables } from './tables.ts';

/** A range of a list of orders, newest first: at most `limit`, after a position. */
export interface OrderRange {
  readonly limit: number;
  readonly after: OrderPosition | undefined;
}

/** Reads orders. Each method runs at most one statement; an impossible id finds nothing. */
export interface OrderRepository {
  byIds(ids: readonly string[]): Promise<readonly Order[]>;
  /** One order, by one statement for all that are read at the same time. */
  byId(id: string): Promise<Order | undefined>;
  /** All orders, or those with one status. */
  newest(range: OrderRange, status: OrderStatus | undefined): Promise<readonly Order[]>;
  /** The ids of at most `limit` orders that were placed at a time or later, the earliest first. */
  placedSince(time: Date, limit: number): Promise<readonly string[]>;
  /** The same range of each user's orders. */
  newestOfUsers(userIds: readonly string[], range: OrderRange): Promise<readonly Order[]>;
  /** The lines of orders, in the order they were added. */
  itemsOf(orderIds: readonly string[]): Promise<readonly OrderItem[]>;
  /** The shipping addresses of orders. */
  addressesOf(orderIds: readonly string[]): Promise<readonly AddressOfOrder[]>;
  /** The history of orders, oldest first. */
  eventsOf(orderIds: readonly string[]): Promise<readonly PastEvent[]>;
}

/** A shipping address with its order. */
export interface AddressOfOrder extends ShippingAddress {
  readonly orderId: string;
}

/** The repository on a database. */
export function createOrderRepository(database: Kysely<OrdersTables>): OrderRepository {
  const byIds = async (ids: readonly string[]): Promise<readonly Order[]> => {
    const possible = readIds(ids);
    if (possible.length === 0) return [];
    const rows = await database
      .selectFrom('orders')
      .select(orderColumns)
      .where(sql<boolean>`orders.id = any (${possible}::bigint[])`)
      .execute();
    return rows.map(toOrder);
  };
  return {
    byIds,
    byId: createTogether({
      run: async (ids: readonly string[]) => {
        const found = new Map((await byIds(ids)).map((order) => [order.id, order]));
        return ids.map((id) => found.get(id));
      },
      most: 100,
    }),

    async newest({ limit, after }, status) {
      const rows = await database
        .selectFrom('orders')
        .select(orderColumns)
        .where(hasStatus(status))
        .where(comesAfter(after))
        .orderBy('orders.placed_at', 'desc')
        .orderBy('orders.id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(toOrder);
    },

    async placedSince(time, limit) {
      const rows = await database
        .selectFrom('orders')
        .select('id')
        .where('placed_at', '>=', time)
        .orderBy('placed_at')
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(({ id }) => id);
    },

    async newestOfUsers(userIds, { limit, after }) {
      const possible = readIds(userIds);
      if (possible.length === 0) return [];
      const rows = await database
        .selectFrom(sql<{ id: string }>`unnest(${possible}::bigint[])`.as<'owner'>(sql`owner(id)`))
        .innerJoinLateral(
          (lateral) =>
            lateral
              .selectFrom('orders')
              .select(orderColumns)
              .whereRef('orders.user_id', '=', 'owner.id')
              .where(comesAfter(after))
              .orderBy('orders.placed_at', 'desc')
              .orderBy('orders.id', 'desc')
              .limit(limit)
              .as('newest'),
          (join) => join.onTrue(),
        )
        .selectAll('newest')
        .orderBy('newest.placedAt', 'desc')
        .orderBy('newest.id', 'desc')
        .execute();
      return rows.map(toOrder);
    },

    async itemsOf(orderIds) {
      const possible = readIds(orderIds);
      if (possible.length === 0) return [];
      const rows = await database
        .selectFrom('order_items')
        .innerJoin('orders', 'orders.id', 'order_items.order_id')
        .select(itemColumns)
        .where(sql<boolean>`order_items.order_id = any (${possible}::bigint[])`)
        .orderBy('order_items.order_id')
        .orderBy('order_items.line')
        .execute();
      return rows.map(({ unitPriceMinor, currencyCode, ...item }) => ({
        ...item,
        unitPrice: { amountMinor: Number(unitPriceMinor), currencyCode },
      }));
    },

    async addressesOf(orderIds) {
      const possible = readIds(orderIds);
      if (possible.length === 0) return [];
      return database
        .selectFrom('order_addresses')
        .select([
          'order_id as orderId',
          'name',
          'line1',
          'city',
          'postal_code as postalCode',
          'country',
        ])
        .where(sql<boolean>`order_id = any (${possible}::bigint[])`)
        .execute();
    },

    async eventsOf(orderIds) {
      const possible = readIds(orderIds);
      if (possible.length === 0) return [];
      const rows = await database
        .selectFrom('order_events')
        .select(['order_id', 'type', 'happened_at'])
        .where(sql<boolean>`order_id = any (${possible}::bigint[])`)
        .orderBy('id')
        .execute();
      return rows.map(({ order_id: orderId, type, happened_at: at }) => ({
        orderId,
        type: eventTypeOf(type),
        at,
      }));
    },
  };
}

interface OrderRow {
  readonly id: string;
  readonly userId: string;
  readonly status: OrderStatus;
  readonly statusReason: OrderStatusReason | null;
  readonly shippingMinor: string;
  readonly currencyCode: string;
  readonly expiresAt: Date | null;
  readonly placedAt: Date;
}

function toOrder({ shippingMinor, currencyCode, ...order }: OrderRow): Order {
  return { ...order, shipping: { amountMinor: Number(shippingMinor), currencyCode } };
}

const orderColumns = [
  'orders.id',
  'orders.user_id as userId',
  'orders.status',
  'orders.reason as statusReason',
  'orders.shipping_minor as shippingMinor',
  'orders.currency_code as currencyCode',
  'orders.expires_at as expiresAt',
  'orders.placed_at as placedAt',
] as const;

const itemColumns = [
  'order_items.order_id as orderId',
  'order_items.line',
  'order_items.product_id as productId',
  'order_items.sku',
  'order_items.name',
  'order_items.quantity',
  'order_items.unit_price_minor as unitPriceMinor',
  'order_items.available',
  'orders.currency_code as currencyCode',
] as const;

const where = expressionBuilder<OrdersTables, 'orders'>();

function hasStatus(status: OrderStatus | undefined): Expression<SqlBool> {
  return status === undefined ? where.lit(true) : where('orders.status', '=', status);
}

/** Compares both values as a row, so that the index of the list finds where the page starts. */
function comesAfter(position: OrderPosition | undefined): Expression<SqlBool> {
  if (position === undefined) return where.lit(true);
  const { placedAt, id } = position;
  return where(where.refTuple('orders.placed_at', 'orders.id'), '<', where.tuple(placedAt, id));
}
