import { type Kysely, sql, type Transaction } from 'kysely';
import { isRefused } from '../../kit/database/is-refused.ts';
import { retryConflicts, runTransaction } from '../../kit/database/run-transaction.ts';
import { createTogether } from '../../kit/together.ts';
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
  /** Whether they are only kept, or sold at once. */
  readonly state: 'HELD' | 'CONFIRMED';
  readonly now: Date;
  readonly expiresAt: Date;
}

/**
 * Items reserved for orders. Each change is one transaction: at any moment, for each product, the available, held and
 * confirmed quantities add up to the quantity taken in. Each call may be retried without further effect.
 */
export interface ReservationRepository {
  /** Reserves all items or none; `held` means that they are sold if that was asked for. */
  reserve(reservation: NewReservation): Promise<ReserveOutcome>;
  /** Marks held items as sold; false when they were already released, or never held. */
  confirm(orderId: string): Promise<boolean>;
  /** Returns the items to stock, held or sold. From then on nothing can be reserved for the order. */
  release(orderId: string, now: Date): Promise<void>;
  /** Releases up to `limit` held reservations that have expired; returns how many. */
  releaseExpired(now: Date, limit: number): Promise<number>;
}

/** The most orders in one statement. */
const most = 50;

/** The reservations in a database. */
export function createReservationRepository(
  database: Kysely<ProductsTables>,
): ReservationRepository {
  const confirm = createTogether({
    run: async (orderIds: readonly string[]) => {
      const rows = await database
        .updateTable('reservations')
        .set({ state: 'CONFIRMED' })
        .where(sql<boolean>`order_id = any (${orderIds}::bigint[])`)
        .where(sql<boolean>`state in ('HELD', 'CONFIRMED')`)
        .returning('order_id')
        .execute();
      const confirmed = new Set(rows.map(({ order_id }) => order_id));
      return orderIds.map((id) => confirmed.has(id));
    },
    most,
    isOfOne: isRefused,
  });
  const reserveAlone = (reservation: NewReservation): Promise<ReserveOutcome> =>
    retryConflicts(() => reserve(database, reservation, confirm));
  /** One by itself is made here, so that those that come meanwhile are made together after it. */
  const together = createTogether<NewReservation, ReserveOutcome | undefined>({
    run: async (reservations) => {
      const [first] = reservations;
      if (reservations.length === 1 && first) return [await reserveAlone(first)];
      const made = await retryConflicts(() => takeTogether(database, reservations));
      return reservations.map(({ orderId, expiresAt }) =>
        made.has(orderId) ? { kind: 'held', expiresAt } : undefined,
      );
    },
    most,
    keyOf: ({ orderId }) => orderId,
    isOfOne: isRefused,
  });
  return {
    async reserve(reservation) {
      const outcome = await together(reservation);
      return outcome ?? reserveAlone(reservation);
    },

    confirm,

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

async function reserve(
  database: Kysely<ProductsTables>,
  reservation: NewReservation,
  confirm: ReservationRepository['confirm'],
): Promise<ReserveOutcome> {
  const { orderId, items, state, expiresAt } = reservation;
  const { isMade, enough } = await take(database, reservation);
  if (isMade) return { kind: 'held', expiresAt };
  const known = await asItIs(database, orderId, items);
  if (known?.kind === 'held' && state === 'CONFIRMED' && !(await confirm(orderId))) {
    return { kind: 'ended' };
  }
  if (known) return known;
  return { kind: 'short', shortages: await shortagesOf(database, items, enough) };
}

/**
 * Takes all items or none, in one statement: a reservation waits for the others of its products no longer than that takes.
 * The rows of products are locked in the order in which every reservation locks them, and their stock is read when they
 * are; `enough` has the products of which there was enough then.
 */
async function take(
  database: Kysely<ProductsTables>,
  { orderId, items, state, now, expiresAt }: NewReservation,
): Promise<{ readonly isMade: boolean; readonly enough: readonly string[] }> {
  const sorted = inLockOrder(items);
  const ids = sorted.map(({ productId }) => productId);
  const quantities = sorted.map(({ quantity }) => quantity);
  const { rows } = await sql<{ isMade: boolean; enough: readonly string[] | null }>`
    with wanted as (
      select id, quantity from unnest(${ids}::bigint[], ${quantities}::int[]) as w (id, quantity)
    ), locked as (
      select id, stock, archived_at from ${table('products')}
        where id = any (${ids}::bigint[])
          and not exists (select from ${table('reservations')} where order_id = ${orderId})
        order by id for no key update
    ), enough as (
      select id from locked join wanted using (id) where stock >= quantity and archived_at is null
    ), made as (
      insert into ${table('reservations')} (order_id, state, expires_at, created_at)
        select ${orderId}::bigint, ${state}::text, ${expiresAt}::timestamptz, ${now}::timestamptz
        where (select count(*) from enough) = ${ids.length}::int
        on conflict (order_id) do nothing
        returning order_id
    ), taken as (
      update ${table('products')} as p set stock = p.stock - wanted.quantity
        from wanted, made where p.id = wanted.id
    ), kept as (
      insert into ${table('reservation_items')} (order_id, product_id, quantity)
        select made.order_id, wanted.id, wanted.quantity from made, wanted
    )
    select exists (select from made) as "isMade", (select array_agg(id::text) from enough) as enough`.execute(
    database,
  );
  const [row] = rows;
  return { isMade: row?.isMade === true, enough: row?.enough ?? [] };
}

/**
 * Takes all items of all orders in one statement, if there are enough for all and none of them has a reservation; else
 * nothing. Gives the orders whose reservation was made. Products are locked as `take` locks them.
 */
async function takeTogether(
  database: Kysely<ProductsTables>,
  reservations: readonly NewReservation[],
): Promise<ReadonlySet<string>> {
  const orders = reservations.map(({ orderId, state, now, expiresAt }) => ({
    order_id: orderId,
    state,
    expires_at: expiresAt,
    created_at: now,
  }));
  const items = reservations.flatMap(({ orderId, items: ofOrder }) =>
    ofOrder.map(({ productId, quantity }) => ({ order_id: orderId, id: productId, quantity })),
  );
  const productIds = [...new Set(items.map(({ id }) => id))];
  const { rows } = await sql<{ orderId: string }>`
    with given as materialized (
      select * from json_to_recordset(${JSON.stringify(orders)}::json)
        as given (order_id bigint, state text, expires_at timestamptz, created_at timestamptz)
    ), wanted as materialized (
      select * from json_to_recordset(${JSON.stringify(items)}::json)
        as wanted (order_id bigint, id bigint, quantity int)
    ), locked as (
      select id, stock, archived_at from ${table('products')}
        where id = any (${productIds}::bigint[])
        order by id for no key update
    ), enough as (
      select id from locked where archived_at is null
        and stock >= (select sum(quantity) from wanted where wanted.id = locked.id)
    ), made as (
      insert into ${table('reservations')} (order_id, state, expires_at, created_at)
        select order_id, state, expires_at, created_at from given
        where (select count(*) from enough) = ${productIds.length}::int
          and not exists (select from ${table('reservations')} as known
            where known.order_id = any (${orders.map(({ order_id }) => order_id)}::bigint[]))
        order by order_id
        on conflict (order_id) do nothing
        returning order_id
    ), taken as (
      update ${table('products')} as p set stock = p.stock - sold.quantity
        from (select id, sum(quantity)::int as quantity from made join wanted using (order_id) group by id) as sold
        where p.id = sold.id
    ), kept as (
      insert into ${table('reservation_items')} (order_id, product_id, quantity)
        select order_id, id, quantity from made join wanted using (order_id)
    )
    select order_id as "orderId" from made`.execute(database);
  return new Set(rows.map(({ orderId }) => orderId));
}

/** The result of a call for an order that already has a reservation; `undefined` when it has none. */
async function asItIs(
  database: Kysely<ProductsTables>,
  orderId: string,
  items: readonly ReservationItem[],
): Promise<ReserveOutcome | undefined> {
  const known = await database
    .selectFrom('reservations')
    .select(['state', 'expires_at as expiresAt'])
    .where('order_id', '=', orderId)
    .executeTakeFirst();
  if (!known) return undefined;
  const { state, expiresAt } = known;
  if (state === 'RELEASED') return { kind: 'ended' };
  const kept = await database
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

/** Which products are short, read afterwards; includes those that were found short, whatever has changed since. */
async function shortagesOf(
  database: Kysely<ProductsTables>,
  items: readonly ReservationItem[],
  enough: readonly string[],
): Promise<readonly Shortage[]> {
  const ids = items.map(({ productId }) => productId);
  const { rows } = await sql<{ readonly id: string; readonly available: number }>`
    select id, case when archived_at is null then stock else 0 end as available
    from ${table('products')} where id = any(${ids}::bigint[])`.execute(database);
  const available = new Map(rows.map((row) => [row.id, row.available]));
  return inLockOrder(items)
    .map(({ productId, quantity }) => ({
      productId,
      quantity,
      available: available.get(productId) ?? 0,
    }))
    .filter((item) => !enough.includes(item.productId) || item.available < item.quantity)
    .map(({ productId, available: free }) => ({ productId, available: free }));
}

function table(name: keyof ProductsTables) {
  return sql.id(schemaName, name);
}
