import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import Ajv from 'ajv';
import { parse } from 'yaml';
import { asyncApiDocument } from '../../events/contracts/asyncapi.ts';
import { contracts } from '../../events/contracts/catalogue.ts';
import { createEvent } from '../../events/contracts/event-contract.ts';
import { orderPlacedV1 } from '../../events/contracts/order-events.ts';
import { asyncApiText } from '../../tools/asyncapi/asyncapi-text.ts';

/** The schema of AsyncAPI 3.0, as the initiative publishes it. */
const schema = createRequire(import.meta.url)('@asyncapi/specs/schemas/3.0.0-without-$id.json');

describe('docs/asyncapi.yaml', () => {
  it('is up to date: npm run docs:events', async () => {
    expect(await readFile('docs/asyncapi.yaml', 'utf8')).toBe(await asyncApiText());
  });

  it('is valid AsyncAPI 3.0', async () => {
    const validate = new Ajv({ unknownFormats: 'ignore', format: false }).compile(schema);
    const isValid = validate(parse(await readFile('docs/asyncapi.yaml', 'utf8')));
    expect([isValid, validate.errors]).toEqual([true, null]);
  });

  it('has every contract, and says of data what the contract says', () => {
    const { components } = asyncApiDocument() as {
      components: { messages: Record<string, { payload: object }> };
    };
    expect(Object.keys(components.messages)).toEqual(contracts.map(({ type }) => type));
    const ajv = new Ajv({ unknownFormats: 'ignore', format: false });
    const validate = ajv.compile(components.messages[orderPlacedV1.type]?.payload ?? {});
    const event = createEvent(orderPlacedV1, {
      source: '/shop/orders',
      orderId: '1001',
      userId: '7',
      time: new Date('2026-12-01T12:00:00.000Z'),
      correlationId: 'a-request-of-a-test',
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00',
      data: {
        orderId: '1001',
        userId: '7',
        placedAt: '2026-12-01T12:00:00.000Z',
        currency: 'EUR',
        totalMinor: 0,
        items: [{ productId: '3', sku: 'MUG', quantity: 2, unitPriceMinor: 0 }],
      },
    });
    expect(validate({ ...event, tenant: 'later' })).toBe(true);
    expect(validate({ ...event, data: { ...event.data, currency: 'euro' } })).toBe(false);
    expect(validate({ ...event, type: 'shop.order.placed.v2' })).toBe(false);
  });
});
