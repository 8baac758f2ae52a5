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

/** What an order wants kept, and since and until when. Each product stands in it once. */
export interface NewReservation {
  readonly orderId: string;
  readonly items: readonly ReservationItem[];
  readonly now: Date;
  readonly expiresAt: Date;
}

/**
 * Pieces that are kept for orders. Each change is one transaction: at every moment, for each product, the free pieces, the
 * held and the confirmed ones together are those that were taken in. Each call may be made again with no other effect.
 */
export interface ReservationRepository {
  /** Takes all pieces out of stock or none. */
  reserve(reservation: NewReservation): Promise<ReserveOutcome>;
  /** Marks held pieces as sold; false when they were released before, or never held. */
  confirm(orderId: string): Promise<boolean>;
  /** Puts the pieces back, held or sold. From then on nothing can be reserved for the order. */
  release(orderId: string, now: Date): Promise<void>;
  /** Releases up to `limit` held reservations whose time is over; gives how many. */
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
        // Whichever comes first, this row or that of a reservation under way: the other one waits for it, and finds it.
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
      // Nearly always there is none: then one statement is enough.
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

/** Ends the transaction that has taken other products already. */
class OutOfStock extends Error {
  readonly productId: string;

  constructor(productId: string) {
    super(`Product ${productId} has too few free pieces.`);
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

/** The answer to a call for an order that has a reservation. */
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

/** Returns the pieces of orders to stock, in the order in which reservations lock products. */
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
      // Bounded: a release that the column's type refuses would be tried for ever.
      .set({ stock: sql`least(stock::bigint + ${quantity}::bigint, 2147483647)` })
      .where('id', '=', productId)
      .execute();
  }
}

/** Which products are lacking, read after the fact; the one that was found lacking is among them whatever came meanwhile. */
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
