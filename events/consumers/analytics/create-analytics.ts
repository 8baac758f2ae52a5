import { sql, type Transaction } from 'kysely';
import type { EventContract } from '../../contracts/event-contract.ts';
import type { ShopEvent } from '../../contracts/event.ts';
import {
  orderCancelledV1,
  orderPlacedV2,
  orderRefundedV1,
  paymentProcessedV1,
} from '../../contracts/order-events.ts';
import type { InboxTables } from '../../inbox/inbox-tables.ts';
import { type HandlerContext, onAll, type TransactionalConsumer } from '../define-consumer.ts';

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

/** What an event tells of an order; what it does not tell is null. */
type Fact = AnalyticsTables['sales'];

/** Stores the facts to count about each order: when it was placed, the amount paid, and the amount refunded. */
export function createAnalytics(): TransactionalConsumer<AnalyticsTables> {
  return {
    kind: 'transactional',
    name: 'analytics',
    handlers: [
      learn(orderPlacedV2, ({ data }) => ({
        ...unknown(data.orderId),
        currency: data.totals.currency,
        placed_at: new Date(data.placedAt),
      })),
      learn(paymentProcessedV1, ({ data, time }) => ({
        ...unknown(data.orderId),
        currency: data.currency,
        paid_at: new Date(time),
        paid_minor: String(data.amountMinor),
      })),
      learn(orderCancelledV1, ({ data, time }) => ({
        ...unknown(data.orderId),
        returned_at: new Date(time),
      })),
      learn(orderRefundedV1, ({ data, time }) => ({
        ...unknown(data.orderId),
        returned_at: new Date(time),
      })),
    ],
  };
}

function learn<TData>(contract: EventContract<TData>, factOf: (event: ShopEvent<TData>) => Fact) {
  return onAll(contract, (events, { transaction }: HandlerContext<AnalyticsTables>) =>
    note(transaction, events.map(factOf)),
  );
}

function unknown(orderId: string): Fact {
  return {
    order_id: orderId,
    currency: null,
    placed_at: null,
    paid_at: null,
    paid_minor: null,
    returned_at: null,
  };
}

/** Each kind of event sets other columns, so their order does not matter. */
async function note(
  transaction: Transaction<AnalyticsTables>,
  facts: readonly Fact[],
): Promise<void> {
  const column = <TName extends keyof Fact>(name: TName) => facts.map((fact) => fact[name]);
  await sql`insert into ${sql.id(analyticsSchema, 'sales')} as known
      (order_id, currency, placed_at, paid_at, paid_minor, returned_at)
    select distinct on (order_id) * from unnest(${column('order_id')}::bigint[], ${column('currency')}::text[],
      ${column('placed_at')}::timestamptz[], ${column('paid_at')}::timestamptz[],
      ${column('paid_minor')}::bigint[], ${column('returned_at')}::timestamptz[])
      as fact (order_id, currency, placed_at, paid_at, paid_minor, returned_at)
    on conflict (order_id) do update set
      currency = coalesce(excluded.currency, known.currency),
      placed_at = coalesce(excluded.placed_at, known.placed_at),
      paid_at = coalesce(excluded.paid_at, known.paid_at),
      paid_minor = coalesce(excluded.paid_minor, known.paid_minor),
      returned_at = coalesce(excluded.returned_at, known.returned_at)`.execute(transaction);
}
