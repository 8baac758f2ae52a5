import { type Kysely, sql, type Transaction } from 'kysely';
import { runTransaction } from '../../kit/database/run-transaction.ts';
import {
  areSameItems,
  inLockOrder,
  type ReservationItem,
  type ReserveOutcome,
  type Shortage,
} from '../domain/reservation.ts';
import { type ProductsTables, schemaName } from './tables.ts';

/** The items that an order reserves, and from when until when. Each product occurs once. */
export interface NewReservation {
  readonly orderId: string;
  readonly items: readonly ReservationItem[];
  readonly now: Date;
  readonly expiresAt: Date;
}

/**
 * Items reserved for orders. Each change is one transaction: at any moment, for each product, the available, held and
 * confirmed quantities add up to the quantity taken in. Each call may be retried without further effect.
 */
export interface ReservationRepository {
  /** Reserves all items or none. */
  reserve(reservation: NewReservation): Promise<ReserveOutcome>;
  /** Marks held items as sold; false when they were already released, or never held. */
  confirm(orderId: string): Promise<boolean>;
  /** Returns the items to stock, held or sold. From then on nothing can be reserved for the order. */
  release(orderId: string, now: Date): Promise<void>;
  /** Releases up to `limit` held reservations that have expired; returns how many. */
  releaseExpired(now: Date, limit: number): Promise<number>;
}

/** The reservations in a database. */
export function createReservationRepository(
  database: Kysely<ProductsTables>,
): ReservationRepository {
  return {
    async reserve(reservation) {
      try {
        return await runTransaction(database, (transaction) => reserve(transaction, reservation));
      } catch (error) {
        if (!(error instanceof OutOfStock)) throw error;
        return {
          kind: 'short',
          shortages: await shortagesOf(database, reservation.items, error.productId),
        };
      }
    },

    async confirm(orderId) {
      const row = await database
        .updateTable('reservations')
        .set({ state: 'CONFIRMED' })
        .where('order_id', '=', orderId)
        .where('state', 'in', ['HELD', 'CONFIRMED'])
        .returning('order_id')
        .executeTakeFirst();
      return row !== undefined;
    },

    release(orderId, now) {
      return runTransaction(database, async (transaction) => {
        // Whichever is first, this row or that of a concurrent reservation: the other one waits for it, and finds it.
        const made = await transaction
          .insertInto('reservations')
          .values({ order_id: orderId, state: 'RELEASED', expires_at: now, created_at: now })
          .onConflict((conflict) => conflict.column('order_id').doNothing())
          .returning('order_id')
          .executeTakeFirst();
        if (made) return;
        const released = await transaction
          .updateTable('reservations')
          .set({ state: 'RELEASED' })
          .where('order_id', '=', orderId)
          .where('state', 'in', ['HELD', 'CONFIRMED'])
          .returning('order_id')
          .executeTakeFirst();
        if (released) await putBack(transaction, [orderId]);
      });
    },

    async releaseExpired(now, limit) {
      // There is almost never one: then a single statement is enough.
      const any = await database
        .selectFrom('reservations')
        .select('order_id')
        .where('state', '=', 'HELD')
        .where('expires_at', '<=', now)
        .limit(1)
        .executeTakeFirst();
      if (!any) return 0;
      return runTransaction(database, async (transaction) => {
        const released = await transaction
          .updateTable('reservations')
          .set({ state: 'RELEASED' })
          .where('order_id', 'in', (eb) =>
            eb
              .selectFrom('reservations')
              .select('order_id')
              .where('state', '=', 'HELD')
              .where('expires_at', '<=', now)
              .orderBy('expires_at')
              .limit(limit)
              .forUpdate()
              .skipLocked(),
          )
          .returning('order_id')
          .execute();
        const orderIds = released.map(({ order_id }) => order_id);
        if (orderIds.length > 0) await putBack(transaction, orderIds);
        return orderIds.length;
      });
    },
  };
}

/** Aborts the transaction, which may have reserved other products already. */
class OutOfStock extends Error {
  readonly productId: string;

  constructor(productId: string) {
    super(`Product ${productId} has too little stock.`);
    this.name = 'OutOfStock';
    this.productId = productId;
  }
}

async function reserve(
  transaction: Transaction<ProductsTables>,
  { orderId, items, now, expiresAt }: NewReservation,
): Promise<ReserveOutcome> {
  const made = await transaction
    .insertInto('reservations')
    .values({ order_id: orderId, state: 'HELD', expires_at: expiresAt, created_at: now })
    .onConflict((conflict) => conflict.column('order_id').doNothing())
    .returning('order_id')
    .executeTakeFirst();
  if (!made) return asItIs(transaction, orderId, items);
  for (const { productId, quantity } of inLockOrder(items)) {
    const taken = await transaction
      .updateTable('products')
      .set((eb) => ({ stock: eb('stock', '-', quantity) }))
      .where('id', '=', productId)
      .where('stock', '>=', quantity)
      .where('archived_at', 'is', null)
      .returning('id')
      .executeTakeFirst();
    if (!taken) throw new OutOfStock(productId);
  }
  await transaction
    .insertInto('reservation_items')
    .values(
      items.map(({ productId, quantity }) => ({
        order_id: orderId,
        product_id: productId,
        quantity,
      })),
    )
    .execute();
  return { kind: 'held', expiresAt };
}

/** The result of a call for an order that already has a reservation. */
async function asItIs(
  transaction: Transaction<ProductsTables>,
  orderId: string,
  items: readonly ReservationItem[],
): Promise<ReserveOutcome> {
  const { state, expires_at: expiresAt } = await transaction
    .selectFrom('reservations')
    .select(['state', 'expires_at'])
    .where('order_id', '=', orderId)
    .executeTakeFirstOrThrow();
  if (state === 'RELEASED') return { kind: 'ended' };
  const kept = await transaction
    .selectFrom('reservation_items')
    .select(['product_id as productId', 'quantity'])
    .where('order_id', '=', orderId)
    .execute();
  return areSameItems(kept, items) ? { kind: 'held', expiresAt } : { kind: 'different' };
}

/** Returns the items of orders to stock, in the order in which reservations lock products. */
async function putBack(
  transaction: Transaction<ProductsTables>,
  orderIds: readonly string[],
): Promise<void> {
  const rows = await transaction
    .selectFrom('reservation_items')
    .select(['product_id as productId'])
    .select(({ fn }) => fn.sum<string>('quantity').as('quantity'))
    .where('order_id', 'in', orderIds)
    .groupBy('product_id')
    .execute();
  for (const { productId, quantity } of inLockOrder(rows)) {
    await transaction
      .updateTable('products')
      // Capped: a release that exceeds the column's type would fail and be retried forever.
      .set({ stock: sql`least(stock::bigint + ${quantity}::bigint, 2147483647)` })
      .where('id', '=', productId)
      .execute();
  }
}

/** Which products are short, read afterwards; includes the one that was found short, whatever has changed since. */
async function shortagesOf(
  database: Kysely<ProductsTables>,
  items: readonly ReservationItem[],
  lacking: string,
): Promise<readonly Shortage[]> {
  const ids = items.map(({ productId }) => productId);
  const { rows } = await sql<{ readonly id: string; readonly available: number }>`
    select id, case when archived_at is null then stock else 0 end as available
    from ${sql.table(`${schemaName}.products`)} where id = any(${ids}::bigint[])`.execute(database);
  const available = new Map(rows.map((row) => [row.id, row.available]));
  return inLockOrder(items)
    .map(({ productId, quantity }) => ({
      productId,
      quantity,
      available: available.get(productId) ?? 0,
    }))
    .filter((item) => item.productId === lacking || item.available < item.quantity)
    .map(({ productId, available: free }) => ({ productId, available: free }));
}
