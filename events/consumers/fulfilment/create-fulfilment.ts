import type { Logger } from '../../../common/logger.ts';
import { within } from '../../../common/within.ts';
import { paymentProcessedV1 } from '../../contracts/order-events.ts';
import { on, type RepeatableConsumer, type SenderContext } from '../define-consumer.ts';
import type { Orders, OrdersCall, OrderToShip } from './orders.ts';
import type { ShippingProvider } from './shipping-provider.ts';

/** The database schema of fulfilment, with its inbox. */
export const fulfilmentSchema = 'fulfilment';

/** The dependencies of fulfilment. */
export interface FulfilmentDependencies {
  readonly orders: Orders;
  readonly provider: ShippingProvider;
  readonly config: { readonly shipAfterMs: number; readonly providerTimeoutMs: number };
  readonly log: Logger;
}

/** The statuses in which an order must not be shipped. */
const ended: ReadonlySet<string> = new Set(['REJECTED', 'CANCELLED', 'REFUNDED']);

/**
 * Ships each paid order after a delay: the provider accepts its parcel, then orders marks it as shipped. Each
 * step may already have been done. An order that has ended meanwhile is not shipped, and its parcel is recalled: that
 * is not a failure.
 */
export function createFulfilment(dependencies: FulfilmentDependencies): RepeatableConsumer {
  const { shipAfterMs } = dependencies.config;
  return {
    kind: 'repeatable',
    name: 'fulfilment',
    notBefore: ({ time }) => Date.parse(time) + shipAfterMs,
    handlers: [
      on(paymentProcessedV1, ({ data: { orderId }, ...trace }, { signal }: SenderContext) =>
        fulfil(dependencies, orderId, { signal, trace }),
      ),
    ],
  };
}

async function fulfil(
  dependencies: FulfilmentDependencies,
  orderId: string,
  call: OrdersCall,
): Promise<void> {
  const { orders, log } = dependencies;
  const order = await orders.find(orderId, call);
  const after = order?.status === 'PAID' ? await ship(dependencies, orderId, order, call) : order;
  if (after?.wasShipped === true) {
    log.info({ order: orderId }, 'an order is shipped');
    return;
  }
  if (after && !ended.has(after.status)) {
    throw new Error(`Order ${orderId} is ${after.status}, and was to be shipped.`);
  }
  // An earlier attempt may have reached only the provider.
  await answerOf(dependencies, call, (signal) => dependencies.provider.callBack(orderId, signal));
  log.info({ order: orderId, status: after?.status }, 'an order is not shipped');
}

/** Returns the order afterwards. */
async function ship(
  dependencies: FulfilmentDependencies,
  orderId: string,
  { address }: OrderToShip,
  call: OrdersCall,
): Promise<OrderToShip | undefined> {
  const { orders, provider } = dependencies;
  const number = await answerOf(dependencies, call, (signal) =>
    provider.ship({ orderId, address }, signal),
  );
  if (number !== undefined && (await orders.ship(orderId, call)) === 'SHIPPED') {
    return { status: 'SHIPPED', wasShipped: true, address };
  }
  return orders.find(orderId, call);
}

/** The provider's response within the deadline, even if the provider ignores the signal. */
async function answerOf<T>(
  { config: { providerTimeoutMs: ms } }: FulfilmentDependencies,
  { signal }: OrdersCall,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = Symbol('late');
  const over = new AbortController();
  const answer = ask(AbortSignal.any([signal, over.signal]));
  // It may still reject after the deadline.
  answer.catch(() => undefined);
  try {
    const first = await within<T | typeof late>(answer, ms, late);
    if (first === late) throw new Error(`The shipping provider did not answer within ${ms} ms.`);
    return first;
  } finally {
    over.abort();
  }
}
