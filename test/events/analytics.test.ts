import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { formatAmount, type MoneySum } from '../../common/money.ts';
import type { Running } from '../../common/process.ts';
import {
  analyticsSchema,
  createAnalytics,
} from '../../events/consumers/analytics/create-analytics.ts';
import { createEvent, type EventContract } from '../../events/contracts/event-contract.ts';
import type { ShopEvent } from '../../events/contracts/event.ts';
import {
  orderCancelledV1,
  orderPlacedV1,
  orderPlacedV2,
  orderRefundedV1,
  paymentProcessedV1,
} from '../../events/contracts/order-events.ts';
import { migrateEvents } from '../../events/event-tables.ts';
import { startEvents } from '../../events/start-events.ts';
import { createSalesRepository } from '../../subgraphs/orders/data/sales-repository.ts';
import type { OrdersTables } from '../../subgraphs/orders/data/tables.ts';
import { daysFrom } from '../../subgraphs/orders/domain/sales.ts';
import { describeOnEachDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { createEventHouse, type EventHouse, log } from './event-house.ts';
import { eventsConfig } from './events-config.ts';

const items = [{ productId: '1', sku: 'A-1', quantity: 1, unitPriceMinor: 1_000 }];

const eventOf = <TData>(
  contract: EventContract<TData>,
  orderId: string,
  at: string,
  data: object,
): ShopEvent<TData> =>
  createEvent(contract, {
    source: '/shop/orders',
    ...{ orderId, userId: '7', time: new Date(at) },
    correlationId: 'a-request-of-a-test',
    traceparent: '',
    data: { orderId, userId: '7', ...data } as TData,
  });
const placed = (id: string, at: string, currency = 'USD') => {
  const totals = { currency, itemsMinor: 1_000, shippingMinor: 250, totalMinor: 1_250 };
  return eventOf(orderPlacedV2, id, at, { placedAt: at, totals, items });
};
const paid = (id: string, at: string, currency = 'USD', amountMinor = 1_250) =>
  eventOf(paymentProcessedV1, id, at, { paymentId: `p-${id}`, currency, amountMinor });
const refunded = (id: string, at: string) =>
  eventOf(orderRefundedV1, id, at, { currency: 'USD', amountMinor: 1_250, reason: 'A test.' });
const cancelled = (id: string, at: string) =>
  eventOf(orderCancelledV1, id, at, { reason: 'A test.' });

const events: readonly ShopEvent[] = [
  placed('1', '2026-11-01T10:00:00.000Z'),
  paid('1', '2026-11-01T23:59:59.999Z'),
  refunded('1', '2026-11-03T08:00:00.000Z'),
  // Paid on the day after, and cancelled.
  eventOf(orderPlacedV1, '2', '2026-11-01T12:00:00.000Z', {
    placedAt: '2026-11-01T12:00:00.000Z',
    ...{ currency: 'USD', totalMinor: 1_250, items },
  }),
  paid('2', '2026-11-02T00:00:00.000Z'),
  cancelled('2', '2026-11-02T01:00:00.000Z'),
  // Never paid: nothing goes back.
  placed('3', '2026-11-02T12:00:00.000Z'),
  cancelled('3', '2026-11-02T13:00:00.000Z'),
  placed('4', '2026-11-02T12:00:00.000Z', 'EUR'),
  paid('4', '2026-11-02T12:00:01.000Z', 'EUR'),
  // Together more than a number holds exactly.
  paid('6', '2026-11-04T00:00:00.000Z', 'USD', Number.MAX_SAFE_INTEGER),
  paid('7', '2026-11-04T00:00:00.000Z', 'USD', 2),
  // Of another month.
  placed('5', '2026-12-01T00:00:00.000Z'),
];

const expected = [
  { day: '2026-11-01', orders: 2, revenue: '12.50 USD', refunds: 0, refunded: '0.00 USD' },
  { day: '2026-11-02', orders: 1, revenue: '12.50 EUR', refunds: 0, refunded: '0.00 EUR' },
  { day: '2026-11-02', orders: 1, revenue: '12.50 USD', refunds: 1, refunded: '12.50 USD' },
  { day: '2026-11-03', orders: 0, revenue: '0.00 USD', refunds: 1, refunded: '12.50 USD' },
  {
    day: '2026-11-04',
    orders: 0,
    revenue: '90071992547409.93 USD',
    refunds: 0,
    refunded: '0.00 USD',
  },
];

describeOnEachDatabase('events/analytics', (open) => {
  let house: EventHouse;
  let running: Running | undefined;

  beforeAll(async () => {
    house = await createEventHouse(open);
  });
  afterEach(() => running?.stop());
  afterAll(() => house.close());

  const report = async () => {
    const range = daysFrom('2026-11-01', 30);
    if (!range) throw new Error('No such days.');
    const sales = createSalesRepository(house.home.connect<OrdersTables>('orders'));
    const textOf = (sum: MoneySum) => `${formatAmount(sum)} ${sum.currencyCode}`;
    return (await sales.days(range)).map(({ revenue, refunded: back, ...counts }) => ({
      ...counts,
      revenue: textOf(revenue),
      refunded: textOf(back),
    }));
  };

  it('has no days before events are carried', async () => {
    expect(await report()).toEqual([]);
  });

  it('threat 80: counts each event once, in whatever order and however often they come', async () => {
    await migrateEvents(house.home, { dryRun: false });
    running = startEvents({
      ...{ home: house.home, bus: house.bus, log, producers: ['orders'] },
      config: eventsConfig({ pollMs: 20 }),
      consumers: [{ consumer: createAnalytics(), schema: analyticsSchema }],
    });
    await eventually(
      () => house.bus.lag(['analytics']),
      ([lag]) => lag?.waiting === 0,
    );
    const outgoing = [...events, ...events].reverse().map((event) => ({
      ...{ id: event.id, type: event.type, key: event.userkey, text: JSON.stringify(event) },
    }));
    await eventually(
      async () => {
        await house.bus.publish(outgoing, { timeoutMs: 5_000 });
        return report();
      },
      (days) => days.length > 0,
    );
    await eventually(
      () => house.bus.lag(['analytics']),
      ([lag]) => lag?.waiting === 0 && lag.delayed === 0,
    );
    expect(await report()).toEqual(expected);
    expect(await house.bus.deadLetters('analytics', 10)).toEqual([]);
  });
});
