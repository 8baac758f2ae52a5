import { type Kysely, sql } from 'kysely';
import { shopCurrency } from '../../../common/money.ts';
import { runTransaction } from '../../kit/database/run-transaction.ts';
import type { CallTrace } from '../../kit/grpc/open-channel.ts';
import type { OrderItem, Payment, ShippingAddress } from '../domain/order.ts';
import { recordEvent } from './record-event.ts';
import { type OrdersTables, type OrdersTransaction, schemaName } from './tables.ts';

/** An order that is to be placed, with its prices. */
export interface NewOrder {
  readonly userId: string;
  /** The client's name for it. */
  readonly key: string;
  /** Of what was ordered. */
  readonly fingerprint: string;
  readonly items: readonly Omit<OrderItem, 'orderId' | 'line' | 'available'>[];
  readonly shippingMinor: number;
  readonly shippingAddress: ShippingAddress;
  readonly payment: Payment | undefined;
  readonly placedAt: Date;
  /** The request that places it. */
  readonly trace: CallTrace;
  readonly expiresAt: Date;
  /** When somebody must look after it, unless its first step is done by then. */
  readonly dueAt: Date;
}

/** The order that was placed under a key. */
export interface KeyedOrder {
  readonly orderId: string;
  readonly fingerprint: string;
}

/** Places orders, one for each key of a user. */
export interface PlacingRepository {
  /** What a user placed under a key, unless that is longer ago than keys are kept. */
  placedUnder(userId: string, key: string, now: Date): Promise<KeyedOrder | undefined>;
  /** Writes an order, `PENDING`, and gives it; gives the one that has been placed under its key if there is one. */
  place(order: NewOrder): Promise<KeyedOrder>;
  /** Forgets up to `limit` keys that are kept no longer; gives how many. */
  forgetKeys(now: Date, limit: number): Promise<number>;
}

/** For so long a key stands for its order. */
const keyLifetimeMs = 24 * 60 * 60_000;

/** The placing of orders in a database. */
export function createPlacingRepository(database: Kysely<OrdersTables>): PlacingRepository {
  return {
    placedUnder: (userId, key, now) => placedUnder(database, { userId, key, now }),

    place: (order) => runTransaction(database, (transaction) => place(transaction, order)),

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

/** Those that are no younger are kept no longer. */
function oldestOf(now: Date): Date {
  return new Date(now.getTime() - keyLifetimeMs);
}

function placedUnder(
  database: Kysely<OrdersTables>,
  { userId, key, now }: { readonly userId: string; readonly key: string; readonly now: Date },
): Promise<KeyedOrder | undefined> {
  return database
    .selectFrom('order_keys')
    .select(['order_id as orderId', 'fingerprint'])
    .where('user_id', '=', userId)
    .where('key', '=', key)
    .where('created_at', '>', oldestOf(now))
    .executeTakeFirst();
}

async function place(transaction: OrdersTransaction, order: NewOrder): Promise<KeyedOrder> {
  const { userId, key, fingerprint, placedAt } = order;
  // The key comes first: of requests with the same one, the others wait here for the order, and find it.
  const made = await transaction
    .insertInto('order_keys')
    .values({
      user_id: userId,
      key,
      fingerprint,
      order_id: sql`nextval(pg_get_serial_sequence(${`${schemaName}.orders`}, 'id'))`,
      created_at: placedAt,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['user_id', 'key'])
        .doUpdateSet((eb) => ({
          fingerprint: eb.ref('excluded.fingerprint'),
          order_id: eb.ref('excluded.order_id'),
          created_at: eb.ref('excluded.created_at'),
        }))
        .where('order_keys.created_at', '<=', oldestOf(placedAt)),
    )
    .returning('order_id as orderId')
    .executeTakeFirst();
  if (!made) {
    const known = await placedUnder(transaction, { userId, key, now: placedAt });
    if (!known) throw new Error('Expected an order under the key that is taken.');
    return known;
  }
  await write(transaction, made.orderId, order);
  return { orderId: made.orderId, fingerprint };
}

async function write(transaction: OrdersTransaction, id: string, order: NewOrder): Promise<void> {
  const { userId, items, shippingMinor, shippingAddress, payment, placedAt } = order;
  await transaction
    .insertInto('orders')
    .values({
      id,
      user_id: userId,
      status: 'PENDING',
      currency_code: shopCurrency,
      shipping_minor: String(shippingMinor),
      placed_at: placedAt,
      expires_at: order.expiresAt,
      due_at: order.dueAt,
    })
    .execute();
  await transaction
    .insertInto('order_items')
    .values(
      items.map(({ productId, sku, name, quantity, unitPrice }, index) => ({
        order_id: id,
        line: index + 1,
        product_id: productId,
        sku,
        name,
        quantity,
        unit_price_minor: String(unitPrice.amountMinor),
      })),
    )
    .execute();
  const { postalCode, ...address } = shippingAddress;
  await transaction
    .insertInto('order_addresses')
    .values({ order_id: id, ...address, postal_code: postalCode })
    .execute();
  if (payment) {
    await transaction
      .insertInto('order_payments')
      .values({ order_id: id, method: payment.method, token: payment.token })
      .execute();
  }
  await recordEvent(transaction, {
    type: 'PLACED',
    orderId: id,
    userId,
    at: placedAt,
    ...order.trace,
  });
}
