import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { developmentIdentityKey } from '../../common/development-keys.ts';
import type { Running } from '../../common/process.ts';
import type { Bus } from '../../events/bus/bus.ts';
import { createEmbeddedBus } from '../../events/bus/embedded/embedded-bus.ts';
import { embeddedSchema, type EmbeddedTables } from '../../events/bus/embedded/embedded-tables.ts';
import {
  createFulfilment,
  fulfilmentSchema,
} from '../../events/consumers/fulfilment/create-fulfilment.ts';
import { createOrdersClient } from '../../events/consumers/fulfilment/orders.ts';
import type {
  Parcel,
  ShippingProvider,
} from '../../events/consumers/fulfilment/shipping-provider.ts';
import { createSimulatedShipping } from '../../events/consumers/fulfilment/simulated-shipping.ts';
import { migrateEvents } from '../../events/event-tables.ts';
import type { OutboxTables } from '../../events/outbox/outbox-tables.ts';
import { startEvents } from '../../events/start-events.ts';
import { address, admin, john, useShop } from '../orders/shop.ts';
import { describeOnEachDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { log } from './event-house.ts';
import { eventsConfig } from './events-config.ts';

const readOrder = 'query ($id: ID!) { order(id: $id) { status events { type } } }';
const cancelOrder = 'mutation ($id: ID!) { cancelOrder(input: { id: $id }) { order { status } } }';
const change = (name: string) =>
  `mutation ($id: ID!) { ${name}(input: { id: $id }) { order { status } userErrors { code } } }`;

describeOnEachDatabase('events/fulfilment', (open) => {
  const shop = useShop(open);
  let bus: Bus;
  let events: Running | undefined;
  let productId: string;
  let shipped: string[];
  let calledBack: string[];

  beforeAll(async () => {
    await migrateEvents(shop.home(), { dryRun: false });
    const database = shop.home().connect<EmbeddedTables>(embeddedSchema);
    bus = createEmbeddedBus({ database, prefetch: 20, pollMs: 20, log });
    productId = await shop.productWith(1_000);
  });
  beforeEach(() => {
    shipped = [];
    calledBack = [];
  });
  afterEach(async () => {
    await events?.stop();
    events = undefined;
    for (const { id } of await bus.deadLetters('fulfilment', 100)) {
      await bus.drop('fulfilment', id);
    }
  });

  /** The simulated provider, watched, with something that happens before it is asked. */
  const watched = (
    before: (parcel: Parcel) => Promise<void> = () => Promise.resolve(),
  ): ShippingProvider => {
    const provider = createSimulatedShipping();
    return {
      async ship(parcel, signal) {
        await before(parcel);
        const number = await provider.ship(parcel, signal);
        if (number !== undefined) shipped.push(parcel.orderId);
        return number;
      },
      callBack(orderId, signal) {
        calledBack.push(orderId);
        return provider.callBack(orderId, signal);
      },
    };
  };
  const start = (
    provider: ShippingProvider,
    { shipAfterMs = 0, providerTimeoutMs = 2_000, url = `${shop.ordersUrl()}/graphql` } = {},
  ) => {
    const identityKey = developmentIdentityKey('orders');
    const consumer = createFulfilment({
      orders: createOrdersClient({ name: 'orders', url, identityKey }),
      provider,
      config: { shipAfterMs, providerTimeoutMs },
      log,
    });
    events = startEvents({
      ...{ home: shop.home(), bus, log, producers: ['orders'] },
      config: eventsConfig({ pollMs: 20, retryDelaysMs: [20], maxTries: 3 }),
      consumers: [{ consumer, schema: fulfilmentSchema }],
    });
  };
  const placePaid = async (postalCode = address.postalCode): Promise<string> => {
    const shippingAddress = { ...address, postalCode };
    const items = [{ productId, quantity: 1 }];
    const { data } = await shop.place(john, { items, shippingAddress });
    expect(data.placeOrder).toMatchObject({ order: { status: 'PAID' }, userErrors: [] });
    return data.placeOrder.order.id as string;
  };
  const read = async (id: string) => {
    const { data } = await shop.ask(admin, readOrder, { id });
    const { status, events: past } = data.order as {
      status: string;
      events: { type: string }[];
    };
    return { status, types: past.map(({ type }) => type) };
  };
  const becomes = (id: string, status: string) =>
    eventually(
      () => read(id),
      (order) => order.status === status,
    );
  /** All is published and dealt with. */
  const settled = async () => {
    await eventually(
      async () =>
        shop
          .home()
          .connect<OutboxTables>('orders')
          .selectFrom('outbox')
          .select('id')
          .where('published_at', 'is', null)
          .execute(),
      (left) => left.length === 0,
    );
    await eventually(
      () => bus.lag(['fulfilment']),
      ([lag]) => lag?.waiting === 0 && lag.delayed === 0,
    );
  };
  const eventsOf = async (type: string, id: string) => {
    const outbox = shop.home().connect<OutboxTables>('orders').selectFrom('outbox');
    const rows = await outbox.selectAll().where('type', '=', type).execute();
    return rows.filter(({ event }) => (JSON.parse(event) as { subject: string }).subject === id);
  };

  it('ships a paid order once, however often and late it hears of the payment', async () => {
    start(watched());
    const id = await placePaid();
    await becomes(id, 'SHIPPED');
    const [paid] = await eventsOf('shop.payment.processed.v1', id);
    if (!paid) throw new Error('The payment is no event.');
    const { event_id, type, key, event: text } = paid;
    const again = { id: event_id, type, key, text };
    await bus.publish([again, again], { timeoutMs: 5_000 });
    await settled();
    await shop.ask(admin, change('deliverOrder'), { id });
    // As a new event: what the inbox remembers no longer.
    const renamed = { ...again, id: crypto.randomUUID() };
    await bus.publish([renamed, again], { timeoutMs: 5_000 });
    await settled();
    expect(await read(id)).toEqual({
      status: 'DELIVERED',
      types: ['PLACED', 'RESERVED', 'PAID', 'SHIPPED', 'DELIVERED'],
    });
    expect(await eventsOf('shop.shipping.started.v1', id)).toHaveLength(1);
    expect(shipped).toEqual([id]);
    expect(calledBack).toEqual([]);
  });

  it('waits for the time that is set, and is stopped at once while it waits', async () => {
    start(watched(), { shipAfterMs: 60_000 });
    const id = await placePaid();
    await eventually(
      () => bus.lag(['fulfilment']),
      ([lag]) => lag?.waiting === 1,
    );
    await pause(100);
    const before = performance.now();
    await events?.stop();
    expect(performance.now() - before).toBeLessThan(5_000);
    expect((await read(id)).status).toBe('PAID');
    expect(shipped).toEqual([]);
    start(watched());
    await becomes(id, 'SHIPPED');
    expect(shipped).toEqual([id]);
  });

  it('asks again when the answer was lost or late: there is one parcel', async () => {
    start(watched(), { providerTimeoutMs: 300 });
    const ids = [await placePaid('SIM-LOST'), await placePaid('SIM-SLOW')];
    for (const id of ids) {
      await becomes(id, 'SHIPPED');
      expect(await eventsOf('shop.shipping.started.v1', id)).toHaveLength(1);
    }
    expect(shipped).toEqual(ids);
  });

  it('gives an order up after its tries while the provider is away; replayed, it is shipped', async () => {
    let isAway = true;
    start(watched(() => (isAway ? Promise.reject(new Error('It is away.')) : Promise.resolve())));
    const id = await placePaid();
    const [letter] = await eventually(
      () => bus.deadLetters('fulfilment', 10),
      (letters) => letters.length === 1,
    );
    expect(letter).toMatchObject({ failures: 3, reason: 'It is away.' });
    expect((await read(id)).status).toBe('PAID');
    isAway = false;
    expect(await bus.replay('fulfilment', letter?.id ?? '')).toBe(true);
    await becomes(id, 'SHIPPED');
  });

  it('tries again when orders is away', async () => {
    start(watched(), { url: 'http://127.0.0.1:9/graphql' });
    const id = await placePaid();
    const [letter] = await eventually(
      () => bus.deadLetters('fulfilment', 10),
      (letters) => letters.length === 1,
    );
    expect(letter?.failures).toBe(3);
    expect((await read(id)).status).toBe('PAID');
  });

  it.each([
    ['cancelled', 'CANCELLED', () => shop.ask, john, cancelOrder],
    ['refunded', 'REFUNDED', () => shop.ask, admin, change('refundOrder')],
  ] as const)('does not ship an order that is %s meanwhile', async (_, status, ask, who, text) => {
    start(
      watched(async ({ orderId: id }) => {
        await ask()(who, text, { id });
      }),
    );
    const id = await placePaid();
    await becomes(id, status);
    await settled();
    expect((await read(id)).types).not.toContain('SHIPPED');
    expect(calledBack).toEqual([id]);
    expect(await bus.deadLetters('fulfilment', 10)).toEqual([]);
  });

  it('does not ask for a parcel of an order that was cancelled before', async () => {
    const id = await placePaid();
    await shop.ask(john, cancelOrder, { id });
    start(watched());
    await settled();
    expect([shipped, calledBack]).toEqual([[], [id]]);
  });

  it('ships or leaves each order that is cancelled at the same moment, never both', async () => {
    start(watched());
    const ids = await Promise.all(Array.from({ length: 12 }, () => placePaid()));
    await Promise.all(ids.map((id) => shop.ask(john, cancelOrder, { id })));
    await settled();
    for (const id of ids) {
      const { status, types } = await read(id);
      expect(['SHIPPED', 'CANCELLED']).toContain(status);
      expect(types.includes('SHIPPED')).toBe(status === 'SHIPPED');
      expect(calledBack.includes(id)).toBe(status === 'CANCELLED');
    }
  });
});
