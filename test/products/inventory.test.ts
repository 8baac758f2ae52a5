import { Metadata, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { developmentIdentityKey } from '../../common/development-keys.ts';
import { createIdentitySigner } from '../../common/identity-token.ts';
import { createServiceIdentitySigner } from '../../common/service-identity.ts';
import { openTestHome } from '../support/database.ts';
import { type GenericClient, openGenericClient } from '../support/grpc.ts';
import { user } from '../support/subgraph.ts';
import { useProducts } from './products-subgraph.ts';

const service = 'shop.inventory.v1.Inventory';
const key = developmentIdentityKey('products');

const sign = createServiceIdentitySigner({ service: 'orders', audience: 'products' }, key);

function identityOf(token: string): Metadata {
  const metadata = new Metadata();
  metadata.set('x-service-identity', token);
  return metadata;
}

describe('products/inventory', () => {
  const { grpcAddress } = useProducts(openTestHome);
  let client: GenericClient;

  beforeAll(() => {
    client = openGenericClient(grpcAddress());
  });
  afterAll(() => {
    client.close();
  });

  const call = (method: string, request: object, metadata = identityOf(sign())): Promise<unknown> =>
    client.call(`${service}/${method}`, request, metadata);

  it('gives products as they are, those that are archived too, and leaves out what does not exist', async () => {
    expect(await call('GetProducts', { product_ids: ['24', '1', '4711', '-1', '0'] })).toEqual({
      products: expect.arrayContaining([
        {
          id: '1',
          sku: 'LAP-001',
          name: 'Laptop',
          price_minor: '99999',
          currency_code: 'USD',
          stock: 50,
          weight_grams: 2_400,
          handling: 'FRAGILE',
          archived: false,
        },
        expect.objectContaining({ id: '24', archived: true }),
      ]),
    });
    expect(await call('GetProducts', { product_ids: [] })).toEqual({ products: [] });
  });

  it('reserves, confirms and releases', async () => {
    const items = [{ product_id: '1', quantity: 3 }];
    const held = await call('Reserve', { order_id: '7', items });
    expect(held).toEqual({
      outcome: 'HELD',
      expires_at_ms: expect.stringMatching(/^\d{13}$/),
      shortages: [],
      confirmed: false,
    });
    expect(await call('Reserve', { order_id: '7', items })).toEqual(held);
    expect(await stockOf('1')).toBe(47);
    expect(await call('Confirm', { order_id: '7' })).toEqual({ confirmed: true });
    expect(await call('Release', { order_id: '7' })).toEqual({});
    expect(await stockOf('1')).toBe(50);
    expect(await call('Confirm', { order_id: '7' })).toEqual({ confirmed: false });
    expect(await call('Reserve', { order_id: '7', items })).toMatchObject({ outcome: 'ENDED' });
  });

  it('reserves and confirms in one call', async () => {
    const reservation = {
      order_id: '70',
      items: [{ product_id: '1', quantity: 3 }],
      confirm: true,
    };
    const sold = { outcome: 'HELD', confirmed: true };
    expect(await call('Reserve', reservation)).toMatchObject(sold);
    expect(await call('Reserve', reservation)).toMatchObject(sold);
    await call('Release', { order_id: '70' });
    const ended = { outcome: 'ENDED', confirmed: false };
    expect(await call('Reserve', reservation)).toMatchObject(ended);
  });

  it('says what is lacking', async () => {
    expect(
      await call('Reserve', {
        order_id: '8',
        items: [
          { product_id: '2', quantity: 201 },
          { product_id: '1', quantity: 1 },
          { product_id: '24', quantity: 1 },
        ],
      }),
    ).toMatchObject({
      outcome: 'OUT_OF_STOCK',
      shortages: [
        { product_id: '2', available: 200 },
        { product_id: '24', available: 0 },
      ],
    });
  });

  it('tells an order that asks for other items than before', async () => {
    await call('Reserve', { order_id: '9', items: [{ product_id: '2', quantity: 1 }] });
    await expect(
      call('Reserve', { order_id: '9', items: [{ product_id: '2', quantity: 2 }] }),
    ).rejects.toMatchObject({ code: status.ALREADY_EXISTS });
  });

  it('reserves many orders, each by itself', async () => {
    const one = (order_id: string, product_id: string, quantity: number) => ({
      ...{ order_id, items: [{ product_id, quantity }] },
    });
    await call('Reserve', one('80', '2', 1));
    expect(
      await call('ReserveMany', {
        orders: [
          { ...one('81', '2', 1), confirm: true },
          one('0', '2', 1),
          one('80', '2', 2),
          one('82', '24', 1),
          one('80', '2', 1),
          one('83', '2', 0),
        ],
      }),
    ).toEqual({
      results: [
        { response: expect.objectContaining({ outcome: 'HELD', confirmed: true }) },
        {
          failure: {
            code: status.INVALID_ARGUMENT,
            message: 'The call takes the id of an order; got 0.',
          },
        },
        {
          failure: {
            code: status.ALREADY_EXISTS,
            message: 'This order already has a reservation of other items.',
          },
        },
        {
          response: {
            outcome: 'OUT_OF_STOCK',
            expires_at_ms: '0',
            confirmed: false,
            shortages: [{ product_id: '24', available: 0 }],
          },
        },
        { response: expect.objectContaining({ outcome: 'HELD', confirmed: false }) },
        {
          failure: {
            code: status.INVALID_ARGUMENT,
            message: expect.stringMatching(/quantities of 1 to 1000; got 0/),
          },
        },
      ],
    });
    expect(await call('ReserveMany', { orders: [] })).toEqual({ results: [] });
  });

  it.each([
    [
      'Reserve',
      { order_id: '0', items: [{ product_id: '1', quantity: 1 }] },
      /id of an order; got 0/,
    ],
    ['Reserve', { order_id: '10', items: [] }, /1 to 100 items; got 0/],
    ['Reserve', { order_id: '10', items: [{ product_id: '1', quantity: 0 }] }, /1 to 1000; got 0/],
    ['Reserve', { order_id: '10', items: [{ product_id: '1', quantity: -5 }] }, /got -5/],
    ['Reserve', { order_id: '10', items: [{ product_id: '1', quantity: 1_001 }] }, /got 1001/],
    ['Reserve', { order_id: '10', items: [{ product_id: '-1', quantity: 1 }] }, /ids of products/],
    [
      'Reserve',
      {
        order_id: '10',
        items: [
          { product_id: '1', quantity: 1 },
          { product_id: '1', quantity: 2 },
        ],
      },
      /each product only once; got 1 twice/,
    ],
    [
      'Reserve',
      {
        order_id: '10',
        items: Array.from({ length: 101 }, (_, n) => ({ product_id: String(n + 1), quantity: 1 })),
      },
      /1 to 100 items; got 101/,
    ],
    [
      'GetProducts',
      { product_ids: Array.from({ length: 101 }, (_, n) => String(n + 1)) },
      /up to 100 products; got 101/,
    ],
    [
      'ReserveMany',
      { orders: Array.from({ length: 101 }, (_, n) => ({ order_id: String(n + 1_000) })) },
      /up to 100 orders; got 101/,
    ],
    ['Confirm', { order_id: '-3' }, /id of an order; got -3/],
    ['Release', { order_id: '0' }, /id of an order; got 0/],
  ])('refuses %s of %j', async (method, request, details) => {
    await expect(call(method, request)).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: expect.stringMatching(details),
    });
  });

  describe.each(['GetProducts', 'Reserve', 'ReserveMany', 'Confirm', 'Release'])('%s', (method) => {
    it.each([
      ['no identity', undefined],
      ['no token', 'nothing'],
      ['an identity signed with another key', signWith('a key of somebody else, of 32 bytes')],
      [
        'an identity for another subgraph',
        createServiceIdentitySigner({ service: 'orders', audience: 'users' }, key)(),
      ],
      ['the identity of a viewer', createIdentitySigner('products', key)(user('3', 'admin')).token],
      [
        'an identity that has ended',
        createServiceIdentitySigner({ service: 'orders', audience: 'products' }, key, {
          now: () => Date.now() - 61_000,
        })(),
      ],
    ])('answers UNAUTHENTICATED to %s', async (_, token) => {
      const metadata = token === undefined ? new Metadata() : identityOf(token);
      await expect(call(method, { order_id: '11' }, metadata)).rejects.toMatchObject({
        code: status.UNAUTHENTICATED,
        details: 'A valid service identity is required.',
      });
    });
  });

  function signWith(secret: string): string {
    return createServiceIdentitySigner({ service: 'orders', audience: 'products' }, secret)();
  }

  async function stockOf(id: string): Promise<number | undefined> {
    const { products } = (await call('GetProducts', { product_ids: [id] })) as {
      products: readonly { stock: number }[];
    };
    return products[0]?.stock;
  }
});
