import { type Kysely, sql } from 'kysely';
import { shopCurrency } from '../../../common/money.ts';
import { retryConflicts } from '../../kit/database/run-transaction.ts';
import type { CallTrace } from '../../kit/grpc/open-channel.ts';
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

/** Places orders, one for each key of a user. */
export interface PlacingRepository {
  /** What a user placed under a key, unless that is longer ago than keys are kept; else an id for an order under it. */
  find(
    userId: string,
    key: string,
    now: Date,
  ): Promise<{ readonly known: KeyedOrder } | { readonly known?: never; readonly freeId: string }>;
  /** Inserts an order as `PENDING` and returns it; if its key is already used, returns the order placed under it. */
  place(orderId: string, order: NewOrder): Promise<KeyedOrder>;
  /** Deletes up to `limit` expired keys; returns their number. */
  forgetKeys(now: Date, limit: number): Promise<number>;
}

/** How long a key is kept. */
const keyLifetimeMs = 24 * 60 * 60_000;

/** The repository on a database. */
export function createPlacingRepository(database: Kysely<OrdersTables>): PlacingRepository {
  return {
    async find(userId, key, now) {
      const { rows } = await sql<{ fingerprint: string | null; orderId: string }>`
        select known.fingerprint, coalesce(known.order_id,
          nextval(pg_get_serial_sequence(${`${schemaName}.orders`}, 'id'))) as "orderId"
        from (values (1)) as one left join ${table('order_keys')} as known
          on user_id = ${userId} and key = ${key} and created_at > ${oldestOf(now)}`.execute(
        database,
      );
      const [found] = rows;
      if (!found) throw new Error('Expected a row, with a key or without.');
      const { fingerprint, orderId } = found;
      return fingerprint === null ? { freeId: orderId } : { known: { orderId, fingerprint } };
    },

    async place(orderId, order) {
      const { userId, key, fingerprint, placedAt } = order;
      if (await retryConflicts(() => write(database, orderId, order))) {
        return { orderId, fingerprint };
      }
      const known = await database
        .selectFrom('order_keys')
        .select(['order_id as orderId', 'fingerprint'])
        .where('user_id', '=', userId)
        .where('key', '=', key)
        .where('created_at', '>', oldestOf(placedAt))
        .executeTakeFirst();
      if (!known) throw new Error('Expected an order under the key that is taken.');
      return known;
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

/** Writes the order, all in one statement, under an id of its own; gives false when its key is taken. */
async function write(
  database: Kysely<OrdersTables>,
  orderId: string,
  order: NewOrder,
): Promise<boolean> {
  const { userId, items, shippingMinor, payment, placedAt } = order;
  const { name, line1, city, postalCode, country } = order.shippingAddress;
  const column = <T>(of: (item: NewOrder['items'][number]) => T): readonly T[] => items.map(of);
  const recording = recordingOf({
    ...{ type: 'PLACED', orderId, at: placedAt, ...order.trace },
    order: { userId, items, shippingMinor, currencyCode: shopCurrency },
  });
  // The key is inserted first: concurrent requests with the same key wait here, and then find the order.
  const { rows } = await sql`with changed as (
      insert into ${table('order_keys')} as known (user_id, key, fingerprint, order_id, created_at)
        values (${userId}, ${order.key}, ${order.fingerprint}, ${orderId}, ${placedAt})
        on conflict (user_id, key) do update
          set fingerprint = excluded.fingerprint, order_id = excluded.order_id, created_at = excluded.created_at
          where known.created_at <= ${oldestOf(placedAt)}
        returning order_id
    ), placed as (
      insert into ${table('orders')}
          (id, user_id, status, currency_code, shipping_minor, placed_at, expires_at, due_at)
        select order_id, ${userId}::bigint, 'PENDING', ${shopCurrency}, ${String(shippingMinor)}::bigint,
          ${placedAt}::timestamptz, ${order.expiresAt}::timestamptz, ${order.dueAt}::timestamptz from changed
    ), lines as (
      insert into ${table('order_items')} (order_id, line, product_id, sku, name, quantity, unit_price_minor)
        select order_id, line, product_id, sku, name, quantity, unit_price_minor
        from changed, unnest(${column(({ productId }) => productId)}::bigint[], ${column(({ sku }) => sku)}::text[],
          ${column((item) => item.name)}::text[], ${column(({ quantity }) => quantity)}::int[],
          ${column(({ unitPrice }) => String(unitPrice.amountMinor))}::bigint[])
          with ordinality as item (product_id, sku, name, quantity, unit_price_minor, line)
    ), address as (
      insert into ${table('order_addresses')} (order_id, name, line1, city, postal_code, country)
        select order_id, ${name}, ${line1}, ${city}, ${postalCode}, ${country} from changed
    ), payment as (
      insert into ${table('order_payments')} (order_id, method, token)
        select order_id, ${payment?.method ?? null}::text, ${payment?.token ?? null}::text
        from changed where ${payment !== undefined}
    ), ${recording}
    select order_id from changed`.execute(database);
  return rows.length > 0;
}

function table(name: keyof OrdersTables) {
  return sql.id(schemaName, name);
}
