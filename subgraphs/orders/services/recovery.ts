import type { Clock } from '../../../common/clock.ts';
import { correlationIdFrom } from '../../../common/correlation.ts';
import type { Logger } from '../../../common/logger.ts';
import { traceparentFrom } from '../../../common/trace-context.ts';
import { type Repeated, repeat } from '../../kit/repeat.ts';
import type { PlacingRepository } from '../data/placing-repository.ts';
import type { ProgressRepository } from '../data/progress-repository.ts';
import { type OrderFlow, stepLeaseMs } from './order-flow.ts';

/** What recovery is made of. */
export interface RecoveryDependencies {
  readonly progress: Pick<ProgressRepository, 'claimDue'>;
  readonly placing: Pick<PlacingRepository, 'forgetKeys'>;
  readonly flow: OrderFlow;
  readonly clock: Clock;
  readonly log: Logger;
}

/** How often orders without progress are looked for, and how many are taken at a time. */
const everyMs = 1_000;
const limit = 10;

/** The longest time between two tries. */
const maxPauseMs = 5 * 60_000;

/** How many keys are forgotten in one statement. */
const keysAtOnce = 500;

/**
 * Goes on with orders whose next step is not done: the process that did it has ended, or products or the payment provider
 * was away. Several processes share the work. Forgets keys that are kept no longer.
 */
export function startRecovery(dependencies: RecoveryDependencies): Repeated {
  return repeat({
    name: 'go on with orders',
    everyMs,
    run: (signal) => recoverOrders(dependencies, signal),
    log: dependencies.log,
  });
}

async function recoverOrders(
  { progress, placing, flow, clock, log }: RecoveryDependencies,
  signal: AbortSignal,
): Promise<void> {
  let claimed = limit;
  while (claimed === limit && !signal.aborted) {
    const options = { limit, pauseMs: stepLeaseMs, maxPauseMs };
    const due = await progress.claimDue(new Date(clock.now()), options);
    await Promise.all(due.map((orderId) => goOn(flow, orderId, log)));
    claimed = due.length;
  }
  let forgotten = keysAtOnce;
  while (forgotten === keysAtOnce && !signal.aborted) {
    forgotten = await placing.forgetKeys(new Date(clock.now()), keysAtOnce);
  }
}

/** One order that cannot go on holds up no other. */
async function goOn(flow: OrderFlow, orderId: string, log: Logger): Promise<void> {
  const trace = {
    correlationId: correlationIdFrom(undefined),
    traceparent: traceparentFrom(undefined),
  };
  try {
    await flow.advance(orderId, trace);
  } catch (error) {
    log.error({ err: error, orderId, ...trace }, 'an order does not go on');
  }
}
