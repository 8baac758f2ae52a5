import type { Transaction } from 'kysely';
import {
  orderCancelledV1,
  orderPlacedV2,
  orderRefundedV1,
  paymentProcessedV1,
} from '../../contracts/order-events.ts';
import type { InboxTables } from '../../inbox/inbox.ts';
import { type HandlerContext, on, type TransactionalConsumer } from '../define-consumer.ts';

/** The database schema of analytics, with its inbox. */
export const analyticsSchema = 'analytics';

/** The migrations of analytics. */
export const analyticsMigrations = new URL('./migrations/', import.meta.url);

/** The tables of analytics. 64-bit integers are read as text. */
export interface AnalyticsTables extends InboxTables {
  readonly sales: {
    readonly order_id: string;
    readonly currency: string | null;
    readonly placed_at: Date | null;
    readonly paid_at: Date | null;
    readonly paid_minor: string | null;
    readonly returned_at: Date | null;
  };
}

type Sale = AnalyticsTables['sales'];

/** Stores the facts to count about each order: when it was placed, the amount paid, and the amount refunded. */
export function createAnalytics(): TransactionalConsumer<AnalyticsTables> {
  type Context = HandlerContext<AnalyticsTables>;
  return {
    kind: 'transactional',
    name: 'analytics',
    handlers: [
      on(orderPlacedV2, ({ data }, { transaction }: Context) =>
        note(transaction, data.orderId, {
          currency: data.totals.currency,
          placed_at: new Date(data.placedAt),
        }),
      ),
      on(paymentProcessedV1, ({ data, time }, { transaction }: Context) =>
        note(transaction, data.orderId, {
          currency: data.currency,
          paid_at: new Date(time),
          paid_minor: String(data.amountMinor),
        }),
      ),
      on(orderCancelledV1, ({ data, time }, { transaction }: Context) =>
        note(transaction, data.orderId, { returned_at: new Date(time) }),
      ),
      on(orderRefundedV1, ({ data, time }, { transaction }: Context) =>
        note(transaction, data.orderId, { returned_at: new Date(time) }),
      ),
    ],
  };
}

/** Each event sets other columns, so their order does not matter. */
async function note(
  transaction: Transaction<AnalyticsTables>,
  orderId: string,
  known: Partial<Omit<Sale, 'order_id'>>,
): Promise<void> {
  const nothing: Omit<Sale, 'order_id'> = {
    currency: null,
    placed_at: null,
    paid_at: null,
    paid_minor: null,
    returned_at: null,
  };
  await transaction
    .insertInto('sales')
    .values({ ...nothing, ...known, order_id: orderId })
    .onConflict((conflict) => conflict.column('order_id').doUpdateSet(known))
    .execute();
}
