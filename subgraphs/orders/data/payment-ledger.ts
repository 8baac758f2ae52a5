import { type Kysely, sql } from 'kysely';
import type { OrdersTables } from './tables.ts';

/** The simulated provider's record of an order. */
export interface LedgerEntry {
  readonly outcome: 'CHARGED' | 'DECLINED' | 'VOIDED';
  /** The number of charge requests. */
  readonly asked: number;
}

/** The records of the simulated payment provider: one entry per order, whatever is requested how often. */
export interface PaymentLedger {
  /** Records the outcome of a charge unless there is an entry; returns the entry. */
  charge(
    orderId: string,
    amountMinor: number,
    outcome: LedgerEntry['outcome'],
  ): Promise<LedgerEntry>;
  /** Refunds the charge, once. If there was none, a later charge is refused. */
  refund(orderId: string, now: Date): Promise<void>;
}

/** The ledger in a database: each call is one statement, outside the transactions of orders. */
export function createPaymentLedger(database: Kysely<OrdersTables>): PaymentLedger {
  return {
    async charge(orderId, amountMinor, outcome) {
      const entry = await database
        .insertInto('simulated_payments')
        .values({ order_id: orderId, outcome, amount_minor: String(amountMinor), asked: 1 })
        .onConflict((conflict) =>
          conflict.column('order_id').doUpdateSet({ asked: sql`simulated_payments.asked + 1` }),
        )
        .returning(['outcome', 'asked', 'refunded_at as refundedAt'])
        .executeTakeFirstOrThrow();
      const { asked, refundedAt } = entry;
      return { outcome: refundedAt === null ? entry.outcome : 'VOIDED', asked };
    },

    async refund(orderId, now) {
      await database
        .insertInto('simulated_payments')
        .values({ order_id: orderId, outcome: 'VOIDED', amount_minor: '0', asked: 0 })
        .onConflict((conflict) =>
          conflict
            .column('order_id')
            .doUpdateSet({ refunded_at: now })
            .where('simulated_payments.outcome', '=', 'CHARGED')
            .where('simulated_payments.refunded_at', 'is', null),
        )
        .execute();
    },
  };
}
