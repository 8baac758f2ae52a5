import { type Kysely, sql } from 'kysely';
import { isRefused } from '../../kit/database/is-refused.ts';
import { createTogether } from '../../kit/together.ts';
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

/** The most charges in one statement. */
const most = 50;

/** The ledger in a database: each call is one statement, alone or with others, outside the transactions of orders. */
export function createPaymentLedger(database: Kysely<OrdersTables>): PaymentLedger {
  const charge = createTogether({
    run: (charges: readonly Charge[]) => chargeAll(database, charges),
    most,
    keyOf: ({ orderId }) => orderId,
    isOfOne: isRefused,
  });
  return {
    charge: (orderId, amountMinor, outcome) => charge({ orderId, amountMinor, outcome }),

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

interface Charge {
  readonly orderId: string;
  readonly amountMinor: number;
  readonly outcome: LedgerEntry['outcome'];
}

async function chargeAll(
  database: Kysely<OrdersTables>,
  charges: readonly Charge[],
): Promise<readonly LedgerEntry[]> {
  const rows = await database
    .insertInto('simulated_payments')
    .values(
      charges.map(({ orderId, amountMinor, outcome }) => ({
        ...{ order_id: orderId, outcome, amount_minor: String(amountMinor), asked: 1 },
      })),
    )
    .onConflict((conflict) =>
      conflict.column('order_id').doUpdateSet({ asked: sql`simulated_payments.asked + 1` }),
    )
    .returning(['order_id as orderId', 'outcome', 'asked', 'refunded_at as refundedAt'])
    .execute();
  const entries = new Map(rows.map((row) => [row.orderId, row]));
  return charges.map(({ orderId }) => {
    const entry = entries.get(orderId);
    if (!entry) throw new Error('Expected an entry for each charge.');
    const { asked, refundedAt } = entry;
    return { outcome: refundedAt === null ? entry.outcome : 'VOIDED', asked };
  });
}
