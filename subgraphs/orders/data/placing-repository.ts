import { type Kysely, sql } from 'kysely';
import { shopCurrency } from '../../../common/money.ts';
import { isRefused } from '../../kit/database/is-refused.ts';
import { retryConflicts } from '../../kit/database/run-transaction.ts';
import type { CallTrace } from '../../kit/grpc/open-channel.ts';
import { createTogether } from '../../kit/together.ts';
import type { OrderItem, Payment, ShippingAddress } from '../domain/order.ts';
import { recordingOf } from './record-event.ts';
import { type OrdersTables, schemaName } from './tables.ts';

/** An order to place, with its prices. */
export interface NewOrder {
  readonly userId: string;
  /** The client's idempotency key. */
  readonly key: string;
  /** A fingerprint of the requested order. */
  readonly fingerprint: string;
  readonly items: readonly Omit<OrderItem, 'orderId' | 'line' | 'available'>[];
  readonly shippingMinor: number;
  readonly shippingAddress: ShippingAddress;
  readonly payment: Payment | undefined;
  readonly placedAt: Date;
  /** The trace of the placing request. */
  readonly trace: CallTrace;
  readonly expiresAt: Date;
  /** When recovery takes over, unless the first step is done by then. */
  readonly dueAt: Date;
}

/** The order placed under a key. */
export interface KeyedOrder {
  readonly orderId: string;
  readonly fingerprint: string;
}

/** An order under its key. */
export interface PlacedOrder extends KeyedOrder {
  /** Whether it has just been inserted; else it was placed under the key before. */
  readonly isNew: boolean;
}

/** Places orders, one for each key of a user; those that come at the same time by one statement. */
export interface PlacingRepository {
  /** What a user placed under a key, unless that is longer ago than keys are kept. */
  find(userId: string, key: string, now: Date): Promise<KeyedOrder | undefined>;
  /** Inserts an order as `PENDING`, unless its key is already used. */
  place(order: NewOrder): Promise<PlacedOrder>;
  /** Deletes up to `limit` expired keys; returns their number. */
  forgetKeys(now: Date, limit: number): Promise<number>;
}

/** The most orders in one statement. */
const most = 50;

/** How long a key is kept. */
const keyLifetimeMs = 24 * 60 * 60_000;

/** The repository on a database. */
export function createPlacingRepository(database: Kysely<OrdersTables>): PlacingRepository {
  const takeIds = createIds(database);
  const write = createTogether({
    run: async (orders: readonly NewOrder[]) => {
      const ids = await takeIds(orders.length);
      return retryConflicts(() => writeAll(database, orders, ids));
    },
    most,
    keyOf: ({ userId, key }) => `${userId} ${key}`,
    isOfOne: isRefused,
  });
  const find: PlacingRepository['find'] = (userId, key, now) =>
    database
      .selectFrom('order_keys')
      .select(['order_id as orderId', 'fingerprint'])
      .where('user_id', '=', userId)
      .where('key', '=', key)
      .where('created_at', '>', oldestOf(now))
      .executeTakeFirst();
  return {
    find,

    async place(order) {
      const { userId, key, fingerprint, placedAt } = order;
      const orderId = await write(order);
      if (orderId !== undefined) return { orderId, fingerprint, isNew: true };
      const known = await find(userId, key, placedAt);
      if (!known) throw new Error('Expected an order under the key that is taken.');
      return { ...known, isNew: false };
    },

    async forgetKeys(now, limit) {
      const result = await database
        .deleteFrom('order_keys')
        .where((eb) =>
          eb(
            eb.refTuple('user_id', 'key'),
            'in',
            eb
              .selectFrom('order_keys')
              .select(['user_id', 'key'])
              .where('created_at', '<=', oldestOf(now))
              .orderBy('created_at')
              .limit(limit)
              .forUpdate()
              .skipLocked()
              .$asTuple('user_id', 'key'),
          ),
        )
        .executeTakeFirst();
      return Number(result.numDeletedRows);
    },
  };
}

/** Keys up to this age are expired. */
function oldestOf(now: Date): Date {
  return new Date(now.getTime() - keyLifetimeMs);
}

/** Ids for new orders: as many at a time as one statement can use. What is left when the process ends is never used. */
function createIds(database: Kysely<OrdersTables>): (count: number) => Promise<readonly string[]> {
  const free: string[] = [];
  return async (count) => {
    if (free.length < count) {
      const { rows } = await sql<{ id: string }>`
        select nextval(pg_get_serial_sequence(${`${schemaName}.orders`}, 'id')) as id
          from generate_series(1, ${most}::int)`.execute(database);
      for (const { id } of rows) free.push(id);
    }
    return free.splice(0, count);
  };
}

/** Writes orders under these ids, all in one statement; gives the id of each, `undefined` for those whose key is taken. */
async function writeAll(
  database: Kysely<OrdersTables>,
  orders: readonly NewOrder[],
  ids: readonly string[],
): Promise<readonly (string | undefined)[]> {
  const given = orders.map((order, index) => ({
    order_id: ids[index],
    user_id: order.userId,
    key: order.key,
    fingerprint: order.fingerprint,
    shipping_minor: String(order.shippingMinor),
    placed_at: order.placedAt,
    expires_at: order.expiresAt,
    due_at: order.dueAt,
    address_name: order.shippingAddress.name,
    line1: order.shippingAddress.line1,
    city: order.shippingAddress.city,
    postal_code: order.shippingAddress.postalCode,
    country: order.shippingAddress.country,
    method: order.payment?.method ?? null,
    token: order.payment?.token ?? null,
  }));
  const lines = orders.flatMap(({ items }, place) =>
    items.map(({ productId, sku, name, quantity, unitPrice }, index) => ({
      order_id: ids[place],
      line: index + 1,
      product_id: productId,
      ...{ sku, name, quantity },
      unit_price_minor: String(unitPrice.amountMinor),
    })),
  );
  const recording = recordingOf(
    orders.map(({ userId, items, shippingMinor, placedAt, trace }, index) => ({
      ...{ type: 'PLACED', orderId: ids[index] ?? '', at: placedAt, ...trace },
      order: { userId, items, shippingMinor, currencyCode: shopCurrency },
    })),
  );
  // The keys are inserted first: concurrent requests with the same key wait here, and then find the order.
  const { rows } = await sql<{ orderId: string }>`with given as materialized (
      select * from json_to_recordset(${JSON.stringify(given)}::json) as given (order_id bigint, user_id bigint, key text,
        fingerprint text, shipping_minor bigint, placed_at timestamptz, expires_at timestamptz, due_at timestamptz,
        address_name text, line1 text, city text, postal_code text, country text, method text, token text)
    ), changed as (
      insert into ${table('order_keys')} as known (user_id, key, fingerprint, order_id, created_at)
        select user_id, key, fingerprint, order_id, placed_at from given order by user_id, key
        on conflict (user_id, key) do update
          set fingerprint = excluded.fingerprint, order_id = excluded.order_id, created_at = excluded.created_at
          where known.created_at <= excluded.created_at - ${keyLifetimeMs} * interval '1 ms'
        returning order_id
    ), placed as (
      insert into ${table('orders')}
          (id, user_id, status, currency_code, shipping_minor, placed_at, expires_at, due_at)
        select order_id, user_id, 'PENDING', ${shopCurrency}, shipping_minor, placed_at, expires_at, due_at
        from changed join given using (order_id)
    ), lines as (
      insert into ${table('order_items')} (order_id, line, product_id, sku, name, quantity, unit_price_minor)
        select order_id, line, product_id, sku, name, quantity, unit_price_minor
        from changed join json_to_recordset(${JSON.stringify(lines)}::json) as item (order_id bigint, line int,
          product_id bigint, sku text, name text, quantity int, unit_price_minor bigint) using (order_id)
    ), address as (
      insert into ${table('order_addresses')} (order_id, name, line1, city, postal_code, country)
        select order_id, address_name, line1, city, postal_code, country from changed join given using (order_id)
    ), payment as (
      insert into ${table('order_payments')} (order_id, method, token)
        select order_id, method, token from changed join given using (order_id) where method is not null
    ), ${recording}
    select order_id as "orderId" from changed`.execute(database);
  const written = new Set(rows.map(({ orderId }) => orderId));
  return ids.map((id) => (written.has(id) ? id : undefined));
}

function table(name: keyof OrdersTables) {
  return sql.id(schemaName, name);
}
