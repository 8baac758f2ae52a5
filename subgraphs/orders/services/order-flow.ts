import type { Clock } from '../../../common/clock.ts';
import { AppError } from '../../../common/errors.ts';
import type { Logger } from '../../../common/logger.ts';
import { within } from '../../../common/within.ts';
import type { CallTrace } from '../../kit/grpc/open-channel.ts';
import type {
  Move,
  OrderInProgress,
  ProgressRepository,
  Reserved,
} from '../data/progress-repository.ts';
import { isUndone } from '../domain/moves.ts';
import { totalWithShippingOf } from '../domain/order.ts';
import type { Inventory } from './inventory.ts';
import type { ChargeOutcome, PaymentProvider } from './payment-provider.ts';

/** The dependencies of the order flow. */
export interface OrderFlowDependencies {
  readonly progress: ProgressRepository;
  readonly inventory: Inventory;
  readonly payments: PaymentProvider;
  readonly clock: Clock;
  readonly log: Logger;
}

/** How far an order has come. */
export interface Advanced {
  /** False when it waits for products or the payment provider. */
  readonly isAtRest: boolean;
  /** The order as it was when it came to rest, or before the step that could not be done. */
  readonly order?: OrderInProgress | undefined;
}

/** Advances orders. */
export interface OrderFlow {
  /**
   * Advances an order as far as currently possible: reserves its stock and takes its payment; or, when it has ended, returns
   * both. Any step may already have been done by a process that ended before recording it. When products or the payment
   * provider is unavailable, `recoverOrders` retries the step later. An order that the caller
   * has just written need not be read again.
   */
  advance(orderId: string, trace: CallTrace, written?: OrderInProgress): Promise<Advanced>;
}

/** How long a process holds a step before recovery takes over. */
export const stepLeaseMs = 15_000;

/** The deadline of the payment provider. */
const chargeMs = 4_000;

/** A payment that is answered within this time is written down together with the reservation. */
const soonMs = 250;

/** More steps than any order needs. */
const maxSteps = 10;

/** Creates the order flow. Each order is advanced by one call at a time; calls made meanwhile share the next one. */
export function createOrderFlow(dependencies: OrderFlowDependencies): OrderFlow {
  const { progress, log } = dependencies;
  const running = new Map<string, Promise<Advanced>>();
  const following = new Map<string, Promise<Advanced>>();

  const run = async (
    orderId: string,
    trace: CallTrace,
    written: OrderInProgress | undefined,
  ): Promise<Advanced> => {
    let known = written;
    for (let count = 0; count < maxSteps; count += 1) {
      const order: OrderInProgress | undefined = known ?? (await progress.byId(orderId));
      known = undefined;
      if (!order) return { isAtRest: true };
      try {
        const next = await step(dependencies, order, trace);
        if (next === 'rest') return { isAtRest: true, order };
        if (next !== 'read') known = next;
      } catch (error) {
        if (!isAway(error)) throw error;
        if ((await giveUpIfLate(dependencies, order, trace)) === 'read') continue;
        const { correlationId } = trace;
        log.warn({ err: error, orderId, correlationId }, 'an order has to wait for others');
        return { isAtRest: false, order };
      }
    }
    throw new Error(`Order ${orderId} has not come to rest after ${maxSteps} steps.`);
  };
  const begin = (
    orderId: string,
    trace: CallTrace,
    written?: OrderInProgress,
  ): Promise<Advanced> => {
    const current = run(orderId, trace, written).finally(() => running.delete(orderId));
    running.set(orderId, current);
    return current;
  };

  return {
    advance(orderId, trace, written) {
      const current = running.get(orderId);
      if (!current) return begin(orderId, trace, written);
      const known = following.get(orderId);
      if (known) return known;
      // The current run may have read the order before the caller changed it.
      const next = current
        .catch(() => undefined)
        .then(() => {
          following.delete(orderId);
          return begin(orderId, trace);
        });
      following.set(orderId, next);
      return next;
    },
  };
}

/** After a step: nothing is left to do, or the order is to be read again, or it is known how it is now. */
type Next = 'rest' | 'read' | OrderInProgress;

/** Does one step. Rejects when somebody else is away. */
async function step(
  dependencies: OrderFlowDependencies,
  order: OrderInProgress,
  trace: CallTrace,
): Promise<Next> {
  if (!order.isDue) return 'rest';
  if (order.status === 'PENDING') return reserve(dependencies, order, trace);
  if (order.status === 'RESERVED') {
    return order.token === null
      ? giveUpIfLate(dependencies, order, trace)
      : pay(dependencies, order, order.token, trace);
  }
  if (isUndone(order.status)) await undo(dependencies, order, trace);
  else await dependencies.progress.finish(order.id, order.status);
  return 'rest';
}

async function reserve(
  dependencies: OrderFlowDependencies,
  order: OrderInProgress,
  trace: CallTrace,
): Promise<Next> {
  const { inventory, clock } = dependencies;
  const { id, items, token } = order;
  const outcome = await inventory.reserve({ id, items, isSold: token !== null }, trace);
  switch (outcome.kind) {
    case 'held': {
      const reserved = { at: new Date(clock.now()), expiresAt: outcome.expiresAt };
      if (token === null || !outcome.isSold) {
        return writeReserved(dependencies, order, reserved, trace);
      }
      return payAtOnce(dependencies, order, token, reserved, trace);
    }
    case 'short':
      // A concurrent call may still reserve stock that has become available: the next step releases it.
      return end(dependencies, order, 'OUT_OF_STOCK', trace, outcome.shortages);
    case 'ended':
      return end(dependencies, order, 'EXPIRED', trace);
  }
}

/** Writes down that the stock is reserved. */
async function writeReserved(
  { progress }: OrderFlowDependencies,
  order: OrderInProgress,
  { at, expiresAt }: Reserved,
  trace: CallTrace,
): Promise<OrderInProgress | 'read'> {
  const dueAt = order.token === null ? expiresAt : later(at);
  const isMade = await progress.move({ order, to: 'RESERVED', at, trace, expiresAt, dueAt });
  return isMade ? { ...order, status: 'RESERVED', expiresAt } : 'read';
}

/** The stock is confirmed before the charge, so that stock that is gone is never paid for. */
async function pay(
  dependencies: OrderFlowDependencies,
  order: OrderInProgress,
  token: string,
  trace: CallTrace,
): Promise<Next> {
  if (!(await dependencies.inventory.confirm(order.id, trace))) {
    return end(dependencies, order, 'EXPIRED', trace);
  }
  return settle(dependencies, order, await charge(dependencies, order, token), trace);
}

/**
 * Takes the payment of an order whose stock has just been sold, and writes both down together. A payment that is not made
 * soon does not keep the first waiting.
 */
async function payAtOnce(
  dependencies: OrderFlowDependencies,
  order: OrderInProgress,
  token: string,
  reserved: Reserved,
  trace: CallTrace,
): Promise<Next> {
  const charging = charge(dependencies, order, token);
  if (await isMadeSoon(charging)) {
    return settle(dependencies, order, await charging, trace, reserved);
  }
  const written = await writeReserved(dependencies, order, reserved, trace);
  return written === 'read' ? 'read' : settle(dependencies, written, await charging, trace);
}

/** Rejects when the provider is away. */
async function charge(
  { payments }: OrderFlowDependencies,
  { id: orderId, items, shippingMinor: amountMinor, currencyCode }: OrderInProgress,
  token: string,
): Promise<ChargeOutcome> {
  const amount = totalWithShippingOf(items, { amountMinor, currencyCode });
  const outcome = await within<ChargeOutcome | undefined>(
    payments.charge({ orderId, amount, token }),
    chargeMs,
    undefined,
  );
  if (outcome) return outcome;
  throw new AppError('SUBGRAPH_TIMEOUT', `The payment was not answered in ${chargeMs} ms.`);
}

/** Whether it is known after a moment that an order is paid. */
function isMadeSoon(charging: Promise<ChargeOutcome>): Promise<boolean> {
  const isCharged = charging.then(
    ({ kind }) => kind === 'charged',
    () => false,
  );
  return within(isCharged, soonMs, false);
}

/** Writes down how the charge ended, and before it a reservation that is not written down yet. */
async function settle(
  dependencies: OrderFlowDependencies,
  order: OrderInProgress,
  outcome: ChargeOutcome,
  trace: CallTrace,
  reserved?: Reserved,
): Promise<Next> {
  switch (outcome.kind) {
    case 'charged': {
      const at = new Date(dependencies.clock.now());
      const { reference: paymentReference } = outcome;
      const paid = { to: 'PAID', at, trace, dueAt: null, paymentReference } as const;
      const move = { order, ...paid, ...(reserved && { reserved }) };
      if (!(await dependencies.progress.move(move))) return 'read';
      const { expiresAt } = reserved ?? order;
      return { ...order, status: 'PAID', isDue: false, token: null, expiresAt };
    }
    case 'declined':
      return end(dependencies, order, 'PAYMENT_DECLINED', trace);
    case 'ended':
      return end(dependencies, order, 'EXPIRED', trace);
  }
}

/** Ends an order early; the next step, which always follows, returns what it holds. */
async function end(
  { progress, clock }: OrderFlowDependencies,
  order: OrderInProgress,
  reason: 'EXPIRED' | 'OUT_OF_STOCK' | 'PAYMENT_DECLINED',
  trace: CallTrace,
  shortages: Move['shortages'] = [],
): Promise<'read'> {
  const at = new Date(clock.now());
  const to = reason === 'EXPIRED' ? 'CANCELLED' : 'REJECTED';
  await progress.move({ order, to, reason, at, trace, dueAt: later(at), shortages });
  return 'read';
}

async function undo(
  { progress, inventory, payments }: OrderFlowDependencies,
  { id, status, isShipped }: OrderInProgress,
  trace: CallTrace,
): Promise<void> {
  await payments.refund(id);
  if (!isShipped) await inventory.release(id, trace);
  await progress.finish(id, status);
}

/** Ends an order whose time is over before it was paid; others are left alone. */
async function giveUpIfLate(
  dependencies: OrderFlowDependencies,
  order: OrderInProgress,
  trace: CallTrace,
): Promise<'rest' | 'read'> {
  const { status, expiresAt } = order;
  const isOpen = status === 'PENDING' || status === 'RESERVED';
  const isLate = expiresAt !== null && expiresAt.getTime() <= dependencies.clock.now();
  return isOpen && isLate ? end(dependencies, order, 'EXPIRED', trace) : 'rest';
}

function later(at: Date): Date {
  return new Date(at.getTime() + stepLeaseMs);
}

function isAway(error: unknown): boolean {
  return (
    error instanceof AppError &&
    (error.code === 'SUBGRAPH_ERROR' || error.code === 'SUBGRAPH_TIMEOUT')
  );
}
