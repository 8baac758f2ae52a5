import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../../common/clock.ts';
import { AppError } from '../../../common/errors.ts';
import type { PaymentLedger } from '../data/payment-ledger.ts';
import type { PaymentProvider } from './payment-provider.ts';

const declining: ReadonlySet<string> = new Set(['tok_declined', 'tok_insufficient_funds']);

/** The delay for `tok_slow`. */
const slowMs = 2_000;

/**
 * A payment provider that takes no money. The token decides the outcome: `tok_declined` and `tok_insufficient_funds` are declined,
 * `tok_slow` takes two seconds, `tok_unavailable` fails, `tok_lost_answer` is charged and fails the first time it is asked.
 * All others are charged immediately.
 */
export function createSimulatedProvider(ledger: PaymentLedger, clock: Clock): PaymentProvider {
  return {
    async charge({ orderId, amount, token }) {
      if (token === 'tok_unavailable') throw away();
      if (token === 'tok_slow') await pause(slowMs);
      const { outcome, asked } = await ledger.charge(
        orderId,
        amount.amountMinor,
        declining.has(token) ? 'DECLINED' : 'CHARGED',
      );
      if (token === 'tok_lost_answer' && asked === 1) throw away();
      switch (outcome) {
        case 'CHARGED':
          return { kind: 'charged', reference: `simulated-${orderId}` };
        case 'DECLINED':
          return { kind: 'declined' };
        case 'VOIDED':
          return { kind: 'ended' };
      }
    },

    refund: (orderId) => ledger.refund(orderId, new Date(clock.now())),
  };
}

function away(): AppError {
  return new AppError('SUBGRAPH_ERROR', 'The payment provider failed to answer.');
}
