import type { Clock } from '../../../common/clock.ts';
import { correlationIdFrom } from '../../../common/correlation.ts';
import type { Logger } from '../../../common/logger.ts';
import { traceparentFrom } from '../../../common/trace-context.ts';
import { type Repeated, repeat } from '../../kit/repeat.ts';
import type { PlacingRepository } from '../data/placing-repository.ts';
import type { ProgressRepository } from '../data/progress-repository.ts';
import { type OrderFlow, stepLeaseMs } from './order-flow.ts';

/** The dependencies of recovery. */
export interface RecoveryDependencies {
  readonly progress: Pick<ProgressRepository, 'claimDue'>;
  readonly placing: Pick<PlacingRepository, 'forgetKeys'>;
  readonly flow: OrderFlow;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * How often due orders are looked for, and how many are claimed at once. A step is due `stepLeaseMs` after it was written, or later: by
 * then it has been seen, and it is claimed at its time.
 */
const everyMs = stepLeaseMs / 3;
const limit = 10;

/** The longest delay between two attempts. */
const maxPauseMs = 5 * 60_000;

/** How often expired keys are deleted, and how many per statement. */
const forgetEveryMs = 60_000;
const keysAtOnce = 500;

/**
 * Continues orders whose next step is overdue, because a process ended, or products or the payment provider
 * was unavailable. Several processes share the work. Also deletes expired keys.
 */
export function startRecovery(dependencies: RecoveryDependencies): Pick<Repeated, 'stop'> {
  const { log } = dependencies;
  const jobs = [
    repeat({
      name: 'go on with orders',
      everyMs,
      run: (signal, againIn) => recoverOrders(dependencies, signal, againIn),
      log,
    }),
    repeat({
      name: 'forget keys of orders',
      everyMs: forgetEveryMs,
      run: (signal) => forgetKeys(dependencies, signal),
      log,
    }),
  ];
  return {
    async stop() {
      await Promise.all(jobs.map((job) => job.stop()));
    },
  };
}

async function recoverOrders(
  { progress, flow, clock, log }: RecoveryDependencies,
  signal: AbortSignal,
  againIn: (ms: number) => void,
): Promise<void> {
  const options = { limit, pauseMs: stepLeaseMs, maxPauseMs };
  while (!signal.aborted) {
    const { claimed, nextAt } = await progress.claimDue(new Date(clock.now()), options);
    if (nextAt) againIn(nextAt.getTime() - clock.now());
    if (claimed.length === 0) return;
    await Promise.all(claimed.map((orderId) => goOn(flow, orderId, log)));
  }
}

async function forgetKeys(
  { placing, clock }: RecoveryDependencies,
  signal: AbortSignal,
): Promise<void> {
  let forgotten = keysAtOnce;
  while (forgotten === keysAtOnce && !signal.aborted) {
    forgotten = await placing.forgetKeys(new Date(clock.now()), keysAtOnce);
  }
}

/** An order that cannot continue does not hold up others. */
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
