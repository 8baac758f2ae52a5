import { createHash } from 'node:crypto';
import type { Clock } from '../../../common/clock.ts';
import { AppError } from '../../../common/errors.ts';
import { type Money, shopCurrency } from '../../../common/money.ts';
import { createSemaphore } from '../../../common/semaphore.ts';
import type { CallTrace } from '../../kit/grpc/open-channel.ts';
import type { KeyedOrder, NewOrder, PlacingRepository } from '../data/placing-repository.ts';
import type { OrderInProgress } from '../data/progress-repository.ts';
import type { OrderRepository } from '../data/repository.ts';
import type { Fault } from '../domain/fault.ts';
import {
  faultsOfCountry,
  faultsOfItems,
  faultsOfRequest,
  type OrderRequest,
  tidyAddress,
  type WantedItem,
} from '../domain/order-request.ts';
import { type Order, type OrderItem, totalOf, totalWithShippingOf } from '../domain/order.ts';
import { faultsOfOutcome } from '../domain/outcome.ts';
import { type PricedItem, priceItems } from '../domain/price-items.ts';
import { shippingOf } from '../domain/shipping.ts';
import type { EventBacklog } from './event-backlog.ts';
import type { Inventory } from './inventory.ts';
import { type Advanced, type OrderFlow, stepLeaseMs } from './order-flow.ts';

/** The dependencies of placing. */
export interface PlacingDependencies {
  readonly orders: OrderRepository;
  readonly placing: PlacingRepository;
  readonly inventory: Pick<Inventory, 'products'>;
  readonly flow: OrderFlow;
  readonly backlog: EventBacklog;
  readonly clock: Clock;
}

/** An order and its faults. */
export interface OrderOutcome {
  readonly order: Order | null;
  readonly faults: readonly Fault[];
  /** Its items, where they need not be read. */
  readonly items?: readonly OrderItem[];
}

/** The cost of a possible order. */
export interface Quote {
  readonly items: readonly PricedItem[];
  readonly total: Money;
  readonly shipping: Money;
  readonly totalWithShipping: Money;
}

/** Quotes and places orders. */
export interface Placing {
  /** Throws AppError OVERLOADED when too many orders, or too many events, wait; then nothing was ordered. */
  place(userId: string, request: OrderRequest, trace: CallTrace): Promise<OrderOutcome>;
  quote(
    items: readonly WantedItem[],
    country: string,
    trace: CallTrace,
  ): Promise<{ readonly quote: Quote | null; readonly faults: readonly Fault[] }>;
}

/** How long an order may wait for its reservation. */
const waitMs = 15 * 60_000;

/**
 * Orders that are placed at the same time share their statements, so a few more cost less each; still more would only miss
 * their deadlines.
 */
const atOnce = { name: 'placing an order', places: 64, maxWaiting: 500, maxWaitMs: 10_000 };

/** Creates the service. */
export function createPlacing(dependencies: PlacingDependencies): Placing {
  const { orders, placing, inventory, flow, backlog, clock } = dependencies;
  const line = createSemaphore(atOnce);

  const settle = async (
    { orderId, fingerprint }: KeyedOrder,
    asked: string,
    trace: CallTrace,
  ): Promise<OrderOutcome> => {
    if (fingerprint !== asked) return refused([keyReused]);
    return outcomeOf(orders, orderId, await flow.advance(orderId, trace));
  };

  /** An order that the caller has just written is not read again, unless it has ended before its time. */
  const advance = async (
    id: string,
    written: NewOrder,
    trace: CallTrace,
  ): Promise<OrderOutcome> => {
    const advanced = await flow.advance(id, trace, asWritten(id, written));
    const { status, expiresAt = null } = advanced.order ?? {};
    if (status !== 'PAID' && status !== 'RESERVED') return outcomeOf(orders, id, advanced);
    const { userId, shippingMinor, placedAt } = written;
    const shipping = { amountMinor: shippingMinor, currencyCode: shopCurrency };
    const order: Order = {
      ...{ id, userId, status, statusReason: null, shipping, expiresAt, placedAt },
    };
    const items = written.items.map((item, index) => ({
      ...item,
      ...{ orderId: id, line: index + 1, available: null },
    }));
    return { order, items, faults: faultsOfOutcome(order, items, advanced.isAtRest) };
  };

  /** What the user placed under this key, or why nothing is. The key of an order is looked up only here: almost all are new. */
  const placedBefore = async (
    { userId, key, fingerprint }: Pick<NewOrder, 'userId' | 'key' | 'fingerprint'>,
    trace: CallTrace,
    otherwise: () => OrderOutcome,
  ): Promise<OrderOutcome> => {
    const known = await placing.find(userId, key, new Date(clock.now()));
    return known ? settle(known, fingerprint, trace) : otherwise();
  };

  const place: Placing['place'] = async (userId, request, trace) => {
    const { idempotencyKey: key, items, shippingAddress, payment } = request;
    const fingerprint = fingerprintOf(request);
    const { country } = shippingAddress;
    const keyed = { userId, key, fingerprint };
    if (await backlog.isFull()) return placedBefore(keyed, trace, refuseOrders);
    const path = ['input', 'items'];
    const { quote: quoted, faults } = await quote(inventory, { items, country, path, trace });
    if (!quoted) return placedBefore(keyed, trace, () => refused(faults));
    const placedAt = new Date(clock.now());
    const order: NewOrder = {
      ...keyed,
      items: quoted.items.map(({ productId, quantity, product }) => ({
        productId,
        sku: product.sku,
        name: product.name,
        quantity,
        unitPrice: product.unitPrice,
      })),
      shippingMinor: quoted.shipping.amountMinor,
      shippingAddress,
      payment,
      placedAt,
      trace,
      expiresAt: new Date(placedAt.getTime() + waitMs),
      dueAt: new Date(placedAt.getTime() + stepLeaseMs),
    };
    const placed = await placing.place(order);
    return placed.isNew
      ? advance(placed.orderId, order, trace)
      : settle(placed, fingerprint, trace);
  };

  return {
    async place(userId, given, trace) {
      const request = { ...given, shippingAddress: tidyAddress(given.shippingAddress) };
      const wrong = faultsOfRequest(request);
      if (wrong.length > 0) return refused(wrong);
      const leave = await line.acquire({ group: userId, member: userId });
      try {
        return await place(userId, request, trace);
      } finally {
        leave();
      }
    },

    async quote(items, country, trace) {
      const wrong = [...faultsOfItems(items, ['items']), ...faultsOfCountry(country, ['country'])];
      if (wrong.length > 0) return { quote: null, faults: wrong };
      return quote(inventory, { items, country, path: ['items'], trace });
    },
  };
}

/** The current order, and its faults when it is not paid. */
export async function outcomeOf(
  orders: Pick<OrderRepository, 'byId' | 'itemsOf'>,
  orderId: string,
  { isAtRest }: Pick<Advanced, 'isAtRest'>,
): Promise<OrderOutcome> {
  const order = await orders.byId(orderId);
  if (!order) return { order: null, faults: [] };
  const items = order.statusReason === 'OUT_OF_STOCK' ? await orders.itemsOf([orderId]) : [];
  return { order, faults: faultsOfOutcome(order, items, isAtRest) };
}

async function quote(
  inventory: Pick<Inventory, 'products'>,
  {
    items,
    country,
    path,
    trace,
  }: {
    readonly items: readonly WantedItem[];
    readonly country: string;
    readonly path: readonly string[];
    readonly trace: CallTrace;
  },
): Promise<{ readonly quote: Quote | null; readonly faults: readonly Fault[] }> {
  const products = await inventory
    .products(
      items.map(({ productId }) => productId),
      trace,
    )
    .catch((error: unknown) => {
      if (error instanceof AppError) return undefined;
      throw error;
    });
  if (!products) return { quote: null, faults: [productsUnavailable] };
  const priced = priceItems(items, products, path);
  if (priced.faults.length > 0) return { quote: null, faults: priced.faults };
  const lines = priced.items.map(({ quantity, product }) => ({ quantity, ...product }));
  const shipping = shippingOf(lines, country);
  if (!shipping) throw new Error('Expected a country that the shop sends to.');
  return {
    quote: {
      items: priced.items,
      total: totalOf(lines),
      shipping,
      totalWithShipping: totalWithShippingOf(lines, shipping),
    },
    faults: [],
  };
}

/** An order that has just been written, as its first step needs it. */
function asWritten(id: string, order: NewOrder): OrderInProgress {
  const { userId, items, shippingMinor, expiresAt, payment, placedAt } = order;
  return {
    ...{ id, userId, items, shippingMinor, expiresAt, placedAt },
    status: 'PENDING',
    currencyCode: shopCurrency,
    isShipped: false,
    isDue: true,
    token: payment?.token ?? null,
  };
}

/** A fingerprint of the request: equal only for equal requests. */
function fingerprintOf({ items, shippingAddress, payment }: OrderRequest): string {
  const { name, line1, city, postalCode, country } = shippingAddress;
  const content = [
    items.map(({ productId, quantity }) => [productId, quantity]),
    [name, line1, city, postalCode, country],
    payment ? [payment.method, payment.token] : null,
  ];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}

function refuseOrders(): never {
  const message =
    'The shop takes no new orders at the moment, and nothing was ordered: place it again later.';
  throw new AppError('OVERLOADED', message);
}

function refused(faults: readonly Fault[]): OrderOutcome {
  return { order: null, faults };
}

const keyReused: Fault = {
  code: 'IDEMPOTENCY_KEY_REUSED',
  message: 'Something else was ordered with this key; take a new one for each order.',
  path: ['input', 'idempotencyKey'],
};

const productsUnavailable: Fault = {
  code: 'PRODUCTS_UNAVAILABLE',
  message: 'Prices and stock cannot be asked for at the moment. Nothing was ordered; try again.',
  path: null,
};
