import { type Kysely, sql } from 'kysely';
import { isRefused } from '../../kit/database/is-refused.ts';
import { retryConflicts, runTransaction } from '../../kit/database/run-transaction.ts';
import type { CallTrace } from '../../kit/grpc/open-channel.ts';
import { createTogether } from '../../kit/together.ts';
import { statesBefore } from '../domain/moves.ts';
import type { OrderContent, OrderEvent } from '../domain/order-event.ts';
import type { OrderStatus, OrderStatusReason, Payment } from '../domain/order.ts';
import { recordingOf } from './record-event.ts';
import { type OrdersTables, schemaName } from './tables.ts';

/** What the next step of an order needs. */
export interface OrderInProgress extends OrderContent {
  readonly id: string;
  readonly status: OrderStatus;
  readonly expiresAt: Date | null;
  readonly isShipped: boolean;
  /** Whether a step is left to do. */
  readonly isDue: boolean;
  /** The payment token; null when unknown or already used. */
  readonly token: string | null;
  readonly placedAt: Date;
}

/** When the stock of an order was reserved, and until when. */
export interface Reserved {
  readonly at: Date;
  readonly expiresAt: Date;
}

/** A status change of an order. */
export interface Move {
  readonly order: OrderContent & Pick<OrderInProgress, 'id'>;
  readonly to: Exclude<OrderStatus, 'PENDING'>;
  readonly at: Date;
  /** The trace of the request. */
  readonly trace: CallTrace;
  /** When recovery takes over; null when nothing is left to do. */
  readonly dueAt: Date | null;
  readonly reason?: OrderStatusReason;
  /** The new deadline for waiting. */
  readonly expiresAt?: Date;
  /** For a move to PAID of an order that is still PENDING: it becomes RESERVED on the way. */
  readonly reserved?: Reserved;
  /** The payment provider's reference. */
  readonly paymentReference?: string;
  /** The available quantity of items that were short. */
  readonly shortages?: readonly { readonly productId: string; readonly available: number }[];
}

/**
 * Brings orders from state to state. Each change is one transaction, and one statement; changes of different orders that
 * come at the same time are one together.
 */
export interface ProgressRepository {
  byId(orderId: string): Promise<OrderInProgress | undefined>;
  /** Makes a move; false when the order's current status does not allow it. */
  move(move: Move): Promise<boolean>;
  /** Stores a payment token for a user's order that waits for payment; false when it does not. */
  takePayment(
    orderId: string,
    userId: string,
    payment: Payment,
    times: { readonly now: Date; readonly dueAt: Date },
  ): Promise<boolean>;
  /** Marks that nothing is left to do, if the order still has this status. */
  finish(orderId: string, status: OrderStatus): Promise<void>;
  /**
   * Claims up to `limit` orders that are due. They become due again for other callers after `pauseMs`, and
   * twice that after each attempt, up to `maxPauseMs`.
   */
  claimDue(
    now: Date,
    options: { readonly limit: number; readonly pauseMs: number; readonly maxPauseMs: number },
  ): Promise<ClaimedOrders>;
}

/** Orders whose next step is due. */
export interface ClaimedOrders {
  readonly claimed: readonly string[];
  /** When none was due: when the first will be, as far as is known. */
  readonly nextAt: Date | undefined;
}

/** The most orders in one statement. */
const most = 50;

interface LineRow {
  readonly productId: string;
  readonly sku: string;
  readonly quantity: number;
  /** As text: JSON has no 64-bit integers. */
  readonly unitPriceMinor: string;
}

/** The repository on a database. */
export function createProgressRepository(database: Kysely<OrdersTables>): ProgressRepository {
  return {
    byId: createTogether({
      run: (ids: readonly string[]) => readAll(database, ids),
      most,
      isOfOne: isRefused,
    }),

    move: createTogether({
      run: (moves: readonly Move[]) => retryConflicts(() => moveAll(database, moves)),
      most,
      keyOf: ({ order: { id } }) => id,
      isOfOne: isRefused,
    }),

    takePayment(orderId, userId, { method, token }, { now, dueAt }) {
      return runTransaction(database, async (transaction) => {
        const waiting = await transaction
          .updateTable('orders')
          .set({ due_at: dueAt, tries: 0 })
          .where('id', '=', orderId)
          .where('user_id', '=', userId)
          .where('status', '=', 'RESERVED')
          .where('expires_at', '>', now)
          .returning('id')
          .executeTakeFirst();
        if (!waiting) return false;
        await transaction
          .insertInto('order_payments')
          .values({ order_id: orderId, method, token })
          .onConflict((conflict) => conflict.column('order_id').doUpdateSet({ method, token }))
          .execute();
        return true;
      });
    },

    async finish(orderId, status) {
      await database
        .updateTable('orders')
        .set({ due_at: null, tries: 0 })
        .where('id', '=', orderId)
        .where('status', '=', status)
        .execute();
    },

    async claimDue(now, { limit, pauseMs, maxPauseMs }) {
      // Usually none is due: then one statement without locks is enough.
      const first = await database
        .selectFrom('orders')
        .select('due_at')
        .where('due_at', 'is not', null)
        .orderBy('due_at')
        .limit(1)
        .executeTakeFirst();
      const firstAt = first?.due_at ?? undefined;
      if (firstAt === undefined || firstAt > now) return { claimed: [], nextAt: firstAt };
      const claimed = await database
        .updateTable('orders')
        .set({
          due_at: sql`${now}::timestamptz + least(${pauseMs} * power(2, least(tries, 20)), ${maxPauseMs}) * interval '1 ms'`,
          tries: sql`tries + 1`,
        })
        .where('id', 'in', (eb) =>
          eb
            .selectFrom('orders')
            .select('id')
            .where('due_at', '<=', now)
            .orderBy('due_at')
            .limit(limit)
            .forUpdate()
            .skipLocked(),
        )
        .returning('id')
        .execute();
      return { claimed: claimed.map(({ id }) => id), nextAt: undefined };
    },
  };
}

async function readAll(
  database: Kysely<OrdersTables>,
  orderIds: readonly string[],
): Promise<readonly (OrderInProgress | undefined)[]> {
  const rows = await database
    .selectFrom('orders')
    .leftJoin('order_payments', 'order_payments.order_id', 'orders.id')
    .select([
      'orders.id',
      'orders.user_id as userId',
      'orders.status',
      'orders.shipping_minor as shippingMinor',
      'orders.currency_code as currencyCode',
      'orders.expires_at as expiresAt',
      'orders.is_shipped as isShipped',
      'orders.due_at as dueAt',
      'orders.placed_at as placedAt',
      'order_payments.token',
      sql<
        readonly LineRow[] | null
      >`(select json_agg(json_build_object('productId', product_id::text, 'sku', sku,
        'quantity', quantity, 'unitPriceMinor', unit_price_minor::text) order by line)
        from ${table('order_items')} where order_id = orders.id)`.as('lines'),
    ])
    .where(sql<boolean>`orders.id = any (${orderIds}::bigint[])`)
    .execute();
  const found = new Map(
    rows.map(({ dueAt, shippingMinor, lines, ...order }) => [
      order.id,
      {
        ...order,
        shippingMinor: Number(shippingMinor),
        isDue: dueAt !== null,
        items: (lines ?? []).map(({ unitPriceMinor, ...line }) => ({
          ...line,
          unitPrice: { amountMinor: Number(unitPriceMinor), currencyCode: order.currencyCode },
        })),
      },
    ]),
  );
  return orderIds.map((id) => found.get(id));
}

/** Makes moves of different orders, in one statement. */
async function moveAll(
  database: Kysely<OrdersTables>,
  moves: readonly Move[],
): Promise<readonly boolean[]> {
  const given = moves.map(({ order, to, dueAt, reason, reserved, paymentReference, ...move }) => ({
    order_id: order.id,
    next: to,
    before: statesBefore(reserved ? 'RESERVED' : to),
    due_at: dueAt,
    reason,
    expires_at: reserved?.expiresAt ?? move.expiresAt,
    reference: paymentReference,
    is_payment_over: to === 'PAID' || to === 'REJECTED' || to === 'CANCELLED',
  }));
  const short = moves.flatMap(({ order, shortages = [] }) =>
    shortages.map(({ productId, available }) => ({
      order_id: order.id,
      product_id: productId,
      available,
    })),
  );
  const recording = recordingOf(moves.flatMap(eventsOf));
  const { rows } = await sql<{ orderId: string }>`with given as materialized (
      select * from json_to_recordset(${JSON.stringify(given)}::json) as given (order_id bigint, next text, before text[],
        due_at timestamptz, reason text, expires_at timestamptz, reference text, is_payment_over boolean)
    ), changed as (
      update ${table('orders')} as known set status = given.next, due_at = given.due_at, tries = 0,
          reason = coalesce(given.reason, known.reason),
          expires_at = coalesce(given.expires_at, known.expires_at),
          is_shipped = known.is_shipped or given.next = 'SHIPPED'
        from given where known.id = given.order_id and known.status = any (given.before)
        returning known.id as order_id
    ), short as (
      update ${table('order_items')} as item set available = found.available
        from changed join json_to_recordset(${JSON.stringify(short)}::json)
          as found (order_id bigint, product_id bigint, available int) using (order_id)
        where item.order_id = changed.order_id and item.product_id = found.product_id
    ), payment as (
      update ${table('order_payments')} as payment
        set token = null, reference = coalesce(given.reference, payment.reference)
        from changed join given using (order_id)
        where payment.order_id = changed.order_id and given.is_payment_over
    ), ${recording}
    select order_id as "orderId" from changed`.execute(database);
  const made = new Set(rows.map(({ orderId }) => orderId));
  return moves.map(({ order }) => made.has(order.id));
}

function eventsOf(move: Move): readonly OrderEvent[] {
  const { order, to, at, trace, reason, reserved, expiresAt, paymentReference } = move;
  const about = { orderId: order.id, order, ...trace };
  const event: OrderEvent = { ...about, type: to, at, reason, expiresAt, paymentReference };
  return reserved ? [{ ...about, type: 'RESERVED', ...reserved }, event] : [event];
}

function table(name: keyof OrdersTables) {
  return sql.id(schemaName, name);
}
