import { status, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../common/clock.ts';
import { developmentIdentityKey } from '../../common/development-keys.ts';
import { createLogger } from '../../common/logger.ts';
import type { CallScope, Handlers } from '../../subgraphs/kit/grpc/handlers.ts';
import {
  type InventoryMethods,
  inventoryPackage,
  inventoryService,
  type OrderToReserveMessage,
  type ReserveMessage,
  type ReserveResultMessage,
} from '../../subgraphs/kit/grpc/inventory-contract.ts';
import { type CallTrace, openChannel, statusOf } from '../../subgraphs/kit/grpc/open-channel.ts';
import { openGrpcServer } from '../../subgraphs/kit/grpc/open-server.ts';
import { StatusError } from '../../subgraphs/kit/grpc/status-error.ts';
import { createInventory, type Inventory } from '../../subgraphs/orders/services/inventory.ts';
import { createReserveCall } from '../../subgraphs/orders/services/reserve-call.ts';

const held: ReserveMessage = {
  outcome: 'HELD',
  expires_at_ms: '1700000000000',
  confirmed: true,
  shortages: [],
};
const isHeld = { kind: 'held', expiresAt: new Date(1_700_000_000_000), isSold: true };

type Orders = readonly OrderToReserveMessage[];

/** The client of orders, and products as each test has it. */
describe('orders/reserving together', () => {
  const open: { stop(): Promise<void> | void }[] = [];

  afterEach(async () => {
    for (const each of open.splice(0).reverse()) await each.stop();
  });

  it('makes one call of orders at once, with the trace of each, and gives each its outcome', async () => {
    const calls: Orders[] = [];
    const { reserve } = await inventoryOf((orders) => {
      calls.push(orders);
      return orders.map(({ order_id }) => ({
        response: { ...held, outcome: order_id === '2' ? 'ENDED' : 'HELD' },
      }));
    });
    expect(await Promise.all(['1', '2', '3'].map(reserve))).toEqual([
      isHeld,
      { kind: 'ended' },
      isHeld,
    ]);
    expect(calls).toEqual([
      ['1', '2', '3'].map((id) => ({
        order_id: id,
        items: [{ product_id: '7', quantity: 2 }],
        confirm: true,
        correlation_id: traceOf(id).correlationId,
        traceparent: traceOf(id).traceparent,
      })),
    ]);
  });

  it('has no more than a hundred orders in a call, and none twice', async () => {
    const calls: Orders[] = [];
    const { reserve } = await inventoryOf((orders) => {
      calls.push(orders);
      return orders.map(() => ({ response: held }));
    });
    const ids = Array.from({ length: 150 }, (_, index) => String(index + 1));
    await Promise.all(['1', ...ids].map(reserve));
    expect(calls.map(({ length }) => length)).toEqual([100, 51]);
    for (const orders of calls) {
      expect(new Set(orders.map(({ order_id }) => order_id)).size).toBe(orders.length);
    }
  });

  it('fails for an order as a call of its own would, and not for the others', async () => {
    const failures = new Map([
      ['2', { code: status.ALREADY_EXISTS, message: 'Other items.' }],
      ['3', { code: status.DEADLINE_EXCEEDED, message: 'Too late.' }],
    ]);
    const { reserve } = await inventoryOf((orders) =>
      orders.map(({ order_id }) => {
        const failure = failures.get(order_id);
        return failure ? { failure } : { response: held };
      }),
    );
    const [first, second, third, fourth] = await settled(['1', '2', '3', '4'].map(reserve));
    expect([first, fourth]).toEqual([isHeld, isHeld]);
    expect(second).toMatchObject({
      code: 'SUBGRAPH_ERROR',
      message: 'Subgraph "products" failed to answer.',
    });
    expect(statusOf(second)).toEqual({ code: status.ALREADY_EXISTS, details: 'Other items.' });
    expect(third).toMatchObject({
      code: 'SUBGRAPH_TIMEOUT',
      message: 'Subgraph "products" did not answer within 4000 ms.',
    });
  });

  it('fails for all when the call does', async () => {
    const { reserve } = await inventoryOf(() => {
      throw new StatusError(status.RESOURCE_EXHAUSTED, 'No.');
    });
    for (const failed of await settled(['1', '2'].map(reserve))) {
      expect(failed).toMatchObject({ code: 'SUBGRAPH_ERROR' });
      expect(statusOf(failed)?.code).toBe(status.RESOURCE_EXHAUSTED);
    }
  });

  it('calls an order again, alone, that the database of products had no connection for', async () => {
    const alone: CallTrace[] = [];
    const { reserve } = await inventoryOf(
      (orders) =>
        orders.map(({ order_id }) =>
          order_id === '2'
            ? { failure: { code: status.UNAVAILABLE, message: 'The database is away.' } }
            : { response: held },
        ),
      ({ correlationId, traceparent }) => {
        alone.push({ correlationId, traceparent });
        // The channel retries it.
        if (alone.length === 1) throw new StatusError(status.UNAVAILABLE, 'Still away.');
        return held;
      },
    );
    expect(await Promise.all(['1', '2', '3'].map(reserve))).toEqual([isHeld, isHeld, isHeld]);
    expect(alone).toEqual([traceOf('2'), traceOf('2')]);
  });

  it('calls each order alone where products does not know the method yet', async () => {
    const alone: CallTrace[] = [];
    const { reserve } = await inventoryOf(undefined, ({ correlationId, traceparent }) => {
      alone.push({ correlationId, traceparent });
      return held;
    });
    expect(await Promise.all(['1', '2', '3'].map(reserve))).toEqual([isHeld, isHeld, isHeld]);
    expect(new Set(alone)).toEqual(new Set(['1', '2', '3'].map(traceOf)));
  });

  it('counts the wait for the calls before as part of the deadline of an order', async () => {
    let calls = 0;
    const address = await serve({
      ReserveMany: () => {
        calls += 1;
        return new Promise(() => undefined);
      },
    });
    const channel = openChannel<InventoryMethods>({
      address,
      definition: inventoryPackage,
      service: inventoryService,
      owner: 'products',
      signIdentity: () => 'an identity',
    });
    open.push({
      stop: () => {
        channel.close();
      },
    });
    const reserve = createReserveCall(channel, 500);
    const request = { order_id: '1', items: [], confirm: false };
    const timedOut = { code: 'SUBGRAPH_TIMEOUT' };
    // One after the other, because they are of one order.
    expect(await settled([1, 2, 3].map(() => reserve(request, traceOf('1'))))).toMatchObject([
      timedOut,
      timedOut,
      timedOut,
    ]);
    expect(calls).toBeLessThan(3);
  });

  /** `undefined` for a products from before `ReserveMany`. */
  async function inventoryOf(
    reserveMany: ((orders: Orders) => readonly ReserveResultMessage[]) | undefined,
    reserveAlone: (scope: CallScope) => ReserveMessage = () => {
      throw new StatusError(status.INTERNAL, 'An order was called alone.');
    },
  ): Promise<{ readonly reserve: (id: string) => ReturnType<Inventory['reserve']> }> {
    const address = await serve({
      Reserve: async (_, scope) => reserveAlone(scope),
      ...(reserveMany && {
        ReserveMany: async (request) => ({
          results: reserveMany((request as { readonly orders: Orders }).orders),
        }),
      }),
    });
    const inventory = createInventory({ address, identityKey: developmentIdentityKey('products') });
    open.push({
      stop: () => {
        inventory.close();
      },
    });
    const items = [{ productId: '7', quantity: 2 }];
    return { reserve: (id) => inventory.reserve({ id, items, isSold: true }, traceOf(id)) };
  }

  async function serve(
    answers: Readonly<Record<string, (request: unknown, scope: CallScope) => Promise<object>>>,
  ): Promise<string> {
    const methods = ({ unary }: Handlers): UntypedServiceImplementation =>
      Object.fromEntries(
        Object.entries(answers).map(([name, answer]) => [name, unary(() => undefined, answer)]),
      );
    const server = await openGrpcServer({
      address: { host: '127.0.0.1', port: 0, portSetting: 'THE_SETTING' },
      services: [{ definition: inventoryPackage, name: inventoryService, methods }],
      drain: { delayMs: 0, timeoutMs: 100 },
      clock: systemClock,
      log: createLogger('test', 'silent'),
    });
    open.push(server);
    return server.address;
  }
});

function traceOf(orderId: string): CallTrace {
  return {
    correlationId: `correlation-of-${orderId}`,
    traceparent: `00-4bf92f3577b34da6a3ce929d0e0e4736-${orderId.padStart(16, '0')}-01`,
  };
}

/** What each gave, or how it failed. */
async function settled(all: readonly Promise<unknown>[]): Promise<readonly unknown[]> {
  const results = await Promise.allSettled(all);
  return results.map((each) =>
    each.status === 'fulfilled' ? each.value : (each.reason as unknown),
  );
}
