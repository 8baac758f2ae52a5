import { type Kysely, sql } from 'kysely';
import { retryConflicts, runTransaction } from '../../kit/database/run-transaction.ts';
import type { CallTrace } from '../../kit/grpc/open-channel.ts';
import { statesBefore } from '../domain/moves.ts';
import type { OrderContent } from '../domain/order-event.ts';
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
  /** The payment provider's reference. */
  readonly paymentReference?: string;
  /** The available quantity of items that were short. */
  readonly shortages?: readonly { readonly productId: string; readonly available: number }[];
}

/** Brings orders from state to state. Each change is one transaction, and one statement. */
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
  ): Promise<readonly string[]>;
}

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
    async byId(orderId) {
      const row = await database
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
          'order_payments.token',
          sql<
            readonly LineRow[] | null
          >`(select json_agg(json_build_object('productId', product_id::text, 'sku', sku,
            'quantity', quantity, 'unitPriceMinor', unit_price_minor::text) order by line)
            from ${table('order_items')} where order_id = orders.id)`.as('lines'),
        ])
        .where('orders.id', '=', orderId)
        .executeTakeFirst();
      if (!row) return undefined;
      const { dueAt, shippingMinor, lines, ...order } = row;
      const { currencyCode } = order;
      return {
        ...order,
        shippingMinor: Number(shippingMinor),
        isDue: dueAt !== null,
        items: (lines ?? []).map(({ unitPriceMinor, ...line }) => ({
          ...line,
          unitPrice: { amountMinor: Number(unitPriceMinor), currencyCode },
        })),
      };
    },

    move: (change) => retryConflicts(() => move(database, change)),

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
      const any = await database
        .selectFrom('orders')
        .select('id')
        .where('due_at', '<=', now)
        .limit(1)
        .executeTakeFirst();
      if (!any) return [];
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
      return claimed.map(({ id }) => id);
    },
  };
}

async function move(database: Kysely<OrdersTables>, change: Move): Promise<boolean> {
  const { order, to, at, trace, dueAt, reason, expiresAt, paymentReference, shortages } = change;
  const { id: orderId } = order;
  const isPaymentOver = to === 'PAID' || to === 'REJECTED' || to === 'CANCELLED';
  const recording = recordingOf({
    ...{ type: to, orderId, at, order, reason, expiresAt, paymentReference, ...trace },
  });
  const short = shortages ?? [];
  const { rows } = await sql`with changed as (
      update ${table('orders')} set status = ${to}, due_at = ${dueAt}, tries = 0,
          reason = coalesce(${reason ?? null}::text, reason),
          expires_at = coalesce(${expiresAt ?? null}::timestamptz, expires_at),
          is_shipped = is_shipped or ${to === 'SHIPPED'}
        where id = ${orderId} and status = any (${statesBefore(to)}::text[])
        returning id
    ), short as (
      update ${table('order_items')} as item set available = found.available
        from changed, unnest(${short.map(({ productId }) => productId)}::bigint[],
          ${short.map(({ available }) => available)}::int[]) as found (product_id, available)
        where item.order_id = changed.id and item.product_id = found.product_id
    ), payment as (
      update ${table('order_payments')} as payment
        set token = null, reference = coalesce(${paymentReference ?? null}::text, reference)
        from changed where payment.order_id = changed.id and ${isPaymentOver}
    ), ${recording}
    select id from changed`.execute(database);
  return rows.length > 0;
}

function table(name: keyof OrdersTables) {
  return sql.id(schemaName, name);
}
