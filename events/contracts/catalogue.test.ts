import { describe, expect, it } from '@jest/globals';
import { asVersion, contracts, typesOf } from './catalogue.ts';
import { createEvent } from './event-contract.ts';
import { MalformedEventError, readEvent } from './event.ts';
import { orderCancelledV1, orderPlacedV1, orderPlacedV2 } from './order-events.ts';

const surroundings = {
  source: '/shop/orders',
  orderId: '1001',
  userId: '7',
  time: new Date('2026-12-01T12:00:00.000Z'),
  correlationId: 'a-request-of-a-test',
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00',
};
const items = [{ productId: '3', sku: 'MUG', quantity: 2, unitPriceMinor: 1250 }];
const placedAt = '2026-12-01T12:00:00.000Z';
const first = { orderId: '1001', userId: '7', placedAt, currency: 'EUR', totalMinor: 2500, items };
const second = {
  orderId: '1001',
  userId: '7',
  placedAt,
  totals: { currency: 'EUR', itemsMinor: 2500, shippingMinor: 490, totalMinor: 2990 },
  items,
};

describe('the contracts of events', () => {
  it('name each version once, and its predecessors by steps of one', () => {
    expect(new Set(contracts.map(({ type }) => type)).size).toBe(contracts.length);
    expect(orderPlacedV2.predecessor?.contract.type).toBe('shop.order.placed.v1');
    expect(typesOf(orderPlacedV1)).toEqual(['shop.order.placed.v1', 'shop.order.placed.v2']);
  });

  it('bring an event of the first version up for a consumer of the second', () => {
    const event = createEvent(orderPlacedV1, { ...surroundings, data: first });
    expect(asVersion(event, orderPlacedV2)).toEqual({
      ...event,
      type: 'shop.order.placed.v2',
      data: {
        ...second,
        totals: { currency: 'EUR', itemsMinor: 2500, shippingMinor: 0, totalMinor: 2500 },
      },
    });
  });

  it('keep a consumer of the first version working when the second is published', () => {
    const event = createEvent(orderPlacedV2, { ...surroundings, data: second });
    expect(asVersion(event, orderPlacedV1).data).toEqual({ ...first, totalMinor: 2990 });
  });

  it('take members that they do not know, and leave them out', () => {
    const event = createEvent(orderPlacedV1, { ...surroundings, data: first });
    const later = readEvent(
      JSON.stringify({ ...event, tenant: 'b', data: { ...first, gift: true } }),
    );
    expect(asVersion(later, orderPlacedV1).data).toEqual(first);
  });

  it.each([
    ['is no JSON', '{'],
    ['has no id', JSON.stringify({ specversion: '1.0' })],
    ['is too large', JSON.stringify({ data: 'x'.repeat(300_000) })],
  ])('refuse what %s', (_, json) => {
    expect(() => readEvent(json)).toThrow(MalformedEventError);
  });

  it('refuse data that is not as its contract says, and an event of another kind', () => {
    expect(() =>
      createEvent(orderPlacedV1, { ...surroundings, data: { ...first, totalMinor: 0.5 } }),
    ).toThrow(/totalMinor/);
    const event = createEvent(orderPlacedV1, { ...surroundings, data: first });
    expect(() => asVersion({ ...event, data: {} }, orderPlacedV2)).toThrow(/orderId/);
    expect(() => asVersion(event, orderCancelledV1)).toThrow(/cannot be read as/);
  });
});
