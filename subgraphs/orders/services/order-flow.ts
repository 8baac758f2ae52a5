import type { Clock } from '../../../common/clock.ts';
import { AppError } from '../../../common/errors.ts';
import type { Logger } from '../../../common/logger.ts';
import { within } from '../../../common/within.ts';
import type { CallTrace } from '../../kit/grpc/open-channel.ts';
import type { Move, OrderInProgress, ProgressRepository } from '../data/progress-repository.ts';
import type { OrderRepository } from '../data/repository.ts';
import { isUndone } from '../domain/moves.ts';
import { totalWithShippingOf } from '../domain/order.ts';
import type { Inventory } from './inventory.ts';
import type { PaymentProvider } from './payment-provider.ts';

/** What the flow of orders is made of. */
export interface OrderFlowDependencies {
  readonly orders: Pick<OrderRepository, 'itemsOf'>;
  readonly progress: ProgressRepository;
  readonly inventory: Inventory;
  readonly payments: PaymentProvider;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Brings orders forward. */
export interface OrderFlow {
  /**
   * Takes an order as far as it gets at this moment: its pieces are kept, its payment is taken; or, when it has ended, both
   * go back. Each step may have been done before, by a process that ended before it could say so. Gives false when
   * products or the payment provider was away: the step is tried again later, by `recoverOrders`.
   */
  advance(orderId: string, trace: CallTrace): Promise<boolean>;
}

/** How long a process that does a step has it to itself. */
export const stepLeaseMs = 15_000;

/** For so long the answer of the payment provider is waited for. */
const chargeMs = 4_000;

/** No order takes so many steps. */
const maxSteps = 10;

/** Makes the flow of orders. One order is advanced once at a time; who asks meanwhile shares the next time. */
export function createOrderFlow(dependencies: OrderFlowDependencies): OrderFlow {
  const { progress, log } = dependencies;
  const running = new Map<string, Promise<boolean>>();
  const following = new Map<string, Promise<boolean>>();

  const run = async (orderId: string, trace: CallTrace): Promise<boolean> => {
    for (let count = 0; count < maxSteps; count += 1) {
      const order = await progress.byId(orderId);
      if (!order) return true;
      try {
        if (!(await step(dependencies, order, trace))) return true;
      } catch (error) {
        if (!isAway(error)) throw error;
        if (await giveUpIfLate(dependencies, order, trace)) continue;
        const { correlationId } = trace;
        log.warn({ err: error, orderId, correlationId }, 'an order has to wait for others');
        return false;
      }
    }
    throw new Error(`Order ${orderId} has not come to rest after ${maxSteps} steps.`);
  };
  const begin = (orderId: string, trace: CallTrace): Promise<boolean> => {
    const current = run(orderId, trace).finally(() => running.delete(orderId));
    running.set(orderId, current);
    return current;
  };

  return {
    advance(orderId, trace) {
      const current = running.get(orderId);
      if (!current) return begin(orderId, trace);
      const known = following.get(orderId);
      if (known) return known;
      // What is under way may have looked at the order before the caller changed it.
      const next = current
        .catch(() => false)
        .then(() => {
          following.delete(orderId);
          return begin(orderId, trace);
        });
      following.set(orderId, next);
      return next;
    },
  };
}

/** Does one step; false when there is none to do. Rejects when somebody else is away. */
async function step(
  dependencies: OrderFlowDependencies,
  order: OrderInProgress,
  trace: CallTrace,
): Promise<boolean> {
  if (!order.isDue) return false;
  if (order.status === 'PENDING') return reserve(dependencies, order, trace);
  if (order.status === 'RESERVED') {
    return order.token === null
      ? giveUpIfLate(dependencies, order, trace)
      : pay(dependencies, order, order.token, trace);
  }
  if (isUndone(order.status)) await undo(dependencies, order, trace);
  else await dependencies.progress.finish(order.id, order.status);
  return false;
}

async function reserve(
  dependencies: OrderFlowDependencies,
  { id: orderId, token }: OrderInProgress,
  trace: CallTrace,
): Promise<boolean> {
  const { orders, progress, inventory, clock } = dependencies;
  const outcome = await inventory.reserve(orderId, await orders.itemsOf([orderId]), trace);
  switch (outcome.kind) {
    case 'held': {
      const at = new Date(clock.now());
      const { expiresAt } = outcome;
      const waits = token === null;
      const dueAt = waits ? expiresAt : later(at);
      await progress.move({ orderId, to: 'RESERVED', at, trace, expiresAt, dueAt });
      return !waits;
    }
    case 'short':
      // Another answer to the same question may be under way, to which there were pieces again: they are released.
      return end(dependencies, orderId, 'OUT_OF_STOCK', trace, outcome.shortages);
    case 'ended':
      return end(dependencies, orderId, 'EXPIRED', trace);
  }
}

/** The pieces are sold before money is taken: it is never taken for pieces that are gone. */
async function pay(
  dependencies: OrderFlowDependencies,
  { id: orderId, shippingMinor, currencyCode }: OrderInProgress,
  token: string,
  trace: CallTrace,
): Promise<boolean> {
  const { orders, progress, inventory, payments, clock } = dependencies;
  const isSold = await inventory.confirm(orderId, trace);
  if (!isSold) return end(dependencies, orderId, 'EXPIRED', trace);
  const shipping = { amountMinor: shippingMinor, currencyCode };
  const amount = totalWithShippingOf(await orders.itemsOf([orderId]), shipping);
  const outcome = await within(payments.charge({ orderId, amount, token }), chargeMs, undefined);
  if (!outcome) {
    throw new AppError('SUBGRAPH_TIMEOUT', `The payment was not answered in ${chargeMs} ms.`);
  }
  switch (outcome.kind) {
    case 'charged': {
      const at = new Date(clock.now());
      const { reference: paymentReference } = outcome;
      await progress.move({ orderId, to: 'PAID', at, trace, dueAt: null, paymentReference });
      return true;
    }
    case 'declined':
      return end(dependencies, orderId, 'PAYMENT_DECLINED', trace);
    case 'ended':
      return end(dependencies, orderId, 'EXPIRED', trace);
  }
}

/** Ends an order before its time; what it holds goes back in the next step. There always is one. */
async function end(
  { progress, clock }: OrderFlowDependencies,
  orderId: string,
  reason: 'EXPIRED' | 'OUT_OF_STOCK' | 'PAYMENT_DECLINED',
  trace: CallTrace,
  shortages: Move['shortages'] = [],
): Promise<true> {
  const at = new Date(clock.now());
  const to = reason === 'EXPIRED' ? 'CANCELLED' : 'REJECTED';
  await progress.move({ orderId, to, reason, at, trace, dueAt: later(at), shortages });
  return true;
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

/** Ends an order whose time is over before it was paid; false for others. */
async function giveUpIfLate(
  dependencies: OrderFlowDependencies,
  { id, status, expiresAt }: OrderInProgress,
  trace: CallTrace,
): Promise<boolean> {
  const isOpen = status === 'PENDING' || status === 'RESERVED';
  const isLate = expiresAt !== null && expiresAt.getTime() <= dependencies.clock.now();
  return isOpen && isLate && end(dependencies, id, 'EXPIRED', trace);
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
