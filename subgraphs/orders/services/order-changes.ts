import type { Clock } from '../../../common/clock.ts';
import type { CallTrace } from '../../kit/grpc/open-channel.ts';
import { readId } from '../../kit/ids.ts';
import type { Move, OrderInProgress, ProgressRepository } from '../data/progress-repository.ts';
import type { OrderRepository } from '../data/repository.ts';
import type { Fault } from '../domain/fault.ts';
import { isUndone } from '../domain/moves.ts';
import { faultsOfPayment } from '../domain/order-request.ts';
import type { Order, Payment } from '../domain/order.ts';
import { type OrderFlow, stepLeaseMs } from './order-flow.ts';
import { outcomeOf, type OrderOutcome } from './placing.ts';

/** The dependencies of order changes. */
export interface OrderChangesDependencies {
  readonly orders: OrderRepository;
  readonly progress: ProgressRepository;
  readonly flow: OrderFlow;
  readonly clock: Clock;
}

/** Changes placed orders. Repeating a change has no effect and is not a fault. */
export interface OrderChanges {
  /** Pays a user's order that waits for payment. */
  pay(userId: string, orderId: string, payment: Payment, trace: CallTrace): Promise<OrderOutcome>;
  /** Cancels a user's order that is not shipped. */
  cancel(userId: string, orderId: string, trace: CallTrace): Promise<OrderOutcome>;
  ship(orderId: string, trace: CallTrace): Promise<OrderOutcome>;
  /**
   * Ships up to a hundred orders, each for itself. Rejects when one could not be: the others are shipped then, and all may
   * be repeated.
   */
  shipAll(orders: readonly OrderToShip[]): Promise<ShippedOrders>;
  deliver(orderId: string, trace: CallTrace): Promise<OrderOutcome>;
  refund(orderId: string, trace: CallTrace): Promise<OrderOutcome>;
}

/** An order to ship, and what it is shipped for. */
export interface OrderToShip {
  readonly id: string;
  readonly trace: CallTrace;
}

/** The outcome of each order; none, and why, when the list was not accepted. */
export interface ShippedOrders {
  readonly outcomes: readonly OrderOutcome[];
  readonly faults: readonly Fault[];
}

/** The most orders that are shipped at once. */
const mostShipped = 100;

/** Creates the service. */
export function createOrderChanges({
  orders,
  progress,
  flow,
  clock,
}: OrderChangesDependencies): OrderChanges {
  const find = async (orderId: string, userId?: string): Promise<Order | undefined> => {
    const order = await orders.byId(orderId);
    return userId === undefined || order?.userId === userId ? order : undefined;
  };

  const change = async (
    orderId: string,
    to: 'SHIPPED' | 'DELIVERED' | 'CANCELLED' | 'REFUNDED',
    {
      trace,
      userId,
      reason,
    }: { readonly trace: CallTrace; readonly userId?: string } & Pick<Move, 'reason'>,
  ): Promise<OrderOutcome> => {
    const known = readId(orderId) === undefined ? undefined : await progress.byId(orderId);
    if (!known || (userId !== undefined && known.userId !== userId)) return notFound(orderId);
    const at = new Date(clock.now());
    const dueAt = isUndone(to) ? new Date(at.getTime() + stepLeaseMs) : null;
    const isMade = await progress.move({
      ...{ order: known, to, at, trace, dueAt },
      ...(reason !== undefined && { reason }),
    });
    if (isMade && !dueAt) return { order: afterMove(known, to), faults: [] };
    if (isMade) await flow.advance(orderId, trace);
    const order = await find(orderId);
    if (!order) return notFound(orderId);
    return { order, faults: isMade || order.status === to ? [] : [statusFault(order, to)] };
  };

  return {
    async pay(userId, orderId, payment, trace) {
      const faults = faultsOfPayment(payment);
      const known = await find(orderId, userId);
      if (!known) return notFound(orderId);
      if (faults.length > 0) return { order: known, faults };
      const now = new Date(clock.now());
      const dueAt = new Date(now.getTime() + stepLeaseMs);
      await progress.takePayment(orderId, userId, payment, { now, dueAt });
      const outcome = await outcomeOf(orders, orderId, await flow.advance(orderId, trace));
      const { order } = outcome;
      if (!order || order.status === 'PAID' || outcome.faults.length > 0) return outcome;
      return { order, faults: [statusFault(order, 'PAID')] };
    },
    cancel: (userId, orderId, trace) =>
      change(orderId, 'CANCELLED', { trace, userId, reason: 'CANCELLED_BY_CUSTOMER' }),
    ship: (orderId, trace) => change(orderId, 'SHIPPED', { trace }),
    async shipAll(all) {
      if (all.length < 1 || all.length > mostShipped) {
        return { outcomes: [], faults: [manyFault(all.length)] };
      }
      const made = await Promise.allSettled(
        all.map(({ id, trace }) => change(id, 'SHIPPED', { trace })),
      );
      const outcomes = made.map((each, index) => {
        if (each.status === 'rejected') throw each.reason;
        const path = ['input', 'orders', String(index), 'id'];
        const { order, faults } = each.value;
        return { order, faults: faults.map((fault) => ({ ...fault, path })) };
      });
      return { outcomes, faults: [] };
    },
    deliver: (orderId, trace) => change(orderId, 'DELIVERED', { trace }),
    refund: (orderId, trace) => change(orderId, 'REFUNDED', { trace }),
  };
}

/** An order that has just been moved on, and has not ended before its time. */
function afterMove(known: OrderInProgress, status: Order['status']): Order {
  const { id, userId, expiresAt, placedAt, shippingMinor, currencyCode } = known;
  const shipping = { amountMinor: shippingMinor, currencyCode };
  return { id, userId, status, statusReason: null, shipping, expiresAt, placedAt };
}

function notFound(id: string): OrderOutcome {
  const message = `There is no order with the id "${id}".`;
  return { order: null, faults: [{ code: 'ORDER_NOT_FOUND', message, path: ['input', 'id'] }] };
}

function statusFault({ status }: Order, to: string): Fault {
  const message = `An order that is ${status} cannot become ${to}.`;
  return { code: 'ORDER_STATUS', message, path: ['input', 'id'] };
}

function manyFault(count: number): Fault {
  const message = `1 to ${mostShipped} orders are shipped at once; got ${count}.`;
  return { code: 'ORDERS_INVALID', message, path: ['input', 'orders'] };
}
