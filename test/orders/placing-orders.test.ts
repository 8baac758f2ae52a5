import { expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { createPlacingRepository } from '../../subgraphs/orders/data/placing-repository.ts';
import { describeOnEachDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { address, card, jane, john, newKey, useShop } from './shop.ts';

describeOnEachDatabase('orders/placing orders', (open) => {
  const shop = useShop(open);
  const { place, piecesBecome, productWith } = shop;

  it('takes names, prices and shipping as they are at that moment, and the money', async () => {
    const id = await productWith(10, 1_999);
    const items = [
      { productId: id, quantity: 3 },
      { productId: '1', quantity: 1 },
    ];
    const { data, errors } = await place(john, { items });
    expect(errors).toBeUndefined();
    expect(data.placeOrder).toEqual({
      order: {
        id: expect.stringMatching(/^\d{4,}$/),
        status: 'PAID',
        statusReason: null,
        total: { amount: '1059.96' },
        // 3.99, 0.50 for each started 500 g of 3,900 g, and 2.50 for the laptop, which breaks.
        shipping: { amount: '10.49' },
        totalWithShipping: { amount: '1070.45' },
        items: [
          {
            name: 'A product',
            quantity: 3,
            unitPrice: { amount: '19.99' },
            product: { id, sku: expect.stringMatching(/^SKU-/) },
          },
          {
            name: 'Laptop',
            quantity: 1,
            unitPrice: { amount: '999.99' },
            product: { id: '1', sku: 'LAP-001' },
          },
        ],
        shippingAddress: address,
        events: [{ type: 'PLACED' }, { type: 'RESERVED' }, { type: 'PAID' }],
      },
      userErrors: [],
    });
    await piecesBecome(id, { free: 7, held: 0, sold: 3 });

    await shop
      .products()
      .updateTable('products')
      .set({ price_minor: '1', name: 'Another name' })
      .where('id', '=', id)
      .execute();
    const orderId = data.placeOrder.order.id;
    const later = await shop.ask(john, orderById, { id: orderId });
    expect(later.data.order).toEqual({
      total: { amount: '1059.96' },
      items: [{ name: 'A product' }, { name: 'Laptop' }],
    });
  });

  it('keeps the pieces where no payment is given', async () => {
    const id = await productWith(10);
    const { data } = await place(john, {
      items: [{ productId: id, quantity: 4 }],
      payment: undefined,
    });
    expect(data.placeOrder).toMatchObject({ order: { status: 'RESERVED' }, userErrors: [] });
    await piecesBecome(id, { free: 6, held: 4, sold: 0 });
  });

  it('rejects what there are too few pieces of, and says which and how many there are', async () => {
    const [plenty, few] = [await productWith(10), await productWith(1)];
    const key = newKey();
    const input = {
      idempotencyKey: key,
      items: [
        { productId: plenty, quantity: 2 },
        { productId: few, quantity: 2 },
      ],
    };
    const { data } = await place(john, input);
    expect(data.placeOrder).toMatchObject({
      order: { status: 'REJECTED', statusReason: 'OUT_OF_STOCK' },
      userErrors: [{ code: 'OUT_OF_STOCK', path: ['input', 'items', '1', 'quantity'] }],
    });
    expect((await place(john, input)).data).toEqual(data);
    await piecesBecome(plenty, { free: 10, held: 0, sold: 0 });
    await piecesBecome(few, { free: 1, held: 0, sold: 0 });
  });

  it('rejects an order whose payment is declined, and lets its pieces go', async () => {
    const id = await productWith(10);
    const { data } = await place(john, {
      items: [{ productId: id, quantity: 4 }],
      payment: { method: 'CARD', token: 'tok_declined' },
    });
    expect(data.placeOrder).toMatchObject({
      order: {
        status: 'REJECTED',
        statusReason: 'PAYMENT_DECLINED',
        events: [{ type: 'PLACED' }, { type: 'RESERVED' }, { type: 'REJECTED' }],
      },
      userErrors: [{ code: 'PAYMENT_DECLINED', path: ['input', 'payment', 'token'] }],
    });
    await piecesBecome(id, { free: 10, held: 0, sold: 0 });
  });

  it('charges once where the answer of the provider was lost', async () => {
    const id = await productWith(10);
    const input = {
      idempotencyKey: newKey(),
      items: [{ productId: id, quantity: 1 }],
      payment: { method: 'CARD', token: 'tok_lost_answer' },
    };
    const first = await place(john, input);
    expect(first.data.placeOrder).toMatchObject({
      order: { status: 'RESERVED' },
      userErrors: [{ code: 'PAYMENT_PENDING', path: null }],
    });
    const orderId = first.data.placeOrder.order.id;
    const second = await place(john, input);
    expect(second.data.placeOrder).toMatchObject({
      order: { id: orderId, status: 'PAID' },
      userErrors: [],
    });
    const entry = await shop
      .orders()
      .selectFrom('simulated_payments')
      .selectAll()
      .where('order_id', '=', orderId)
      .executeTakeFirst();
    expect(entry).toMatchObject({ outcome: 'CHARGED', asked: 2, refunded_at: null });
    // What paid is of no more use.
    const payment = await shop
      .orders()
      .selectFrom('order_payments')
      .selectAll()
      .where('order_id', '=', orderId)
      .executeTakeFirst();
    expect(payment).toMatchObject({ token: null, reference: `simulated-${orderId}` });
  });

  it('tells that the pieces are kept while the provider takes its time', async () => {
    const productId = await productWith(10);
    const placing = place(john, {
      items: [{ productId, quantity: 1 }],
      payment: { ...card, token: 'tok_slow' },
    });
    const ofProduct = shop
      .orders()
      .selectFrom('orders')
      .innerJoin('order_items', 'order_items.order_id', 'orders.id')
      .select('status')
      .where('product_id', '=', productId);
    await eventually(
      () => ofProduct.executeTakeFirst(),
      (order) => order?.status === 'RESERVED',
    );
    expect((await placing).data.placeOrder.order).toMatchObject({
      status: 'PAID',
      events: [{ type: 'PLACED' }, { type: 'RESERVED' }, { type: 'PAID' }],
    });
  });

  it('writes the events of each of many orders in the order in which they happened', async () => {
    const items = [{ productId: await productWith(100), quantity: 1 }];
    const placed = await Promise.all(Array.from({ length: 30 }, () => place(john, { items })));
    const ids = placed.map(({ data }) => data.placeOrder.order.id as string);
    const { rows } = await sql<{ types: string }>`
      select string_agg(split_part(type, '.', 3), ' ' order by id) as types from orders.outbox
        where event::json ->> 'subject' = any (${ids}::text[]) group by event::json ->> 'subject'`.execute(
      shop.orders(),
    );
    expect(rows).toEqual(ids.map(() => ({ types: 'placed reserved processed' })));
  });

  it.each([
    ['another quantity', { items: [{ productId: '2', quantity: 2 }] }],
    ['another product', { items: [{ productId: '1', quantity: 1 }] }],
    ['another address', { shippingAddress: { ...address, city: 'Shelbyville' } }],
    ['another payment', { payment: { method: 'CARD', token: 'tok_mastercard' } }],
    ['no payment', { payment: undefined }],
  ])('threat 73: refuses the key of an order for %s', async (_, change) => {
    const input = { idempotencyKey: newKey(), items: [{ productId: '2', quantity: 1 }] };
    const first = await place(john, input);
    expect(first.data.placeOrder.userErrors).toEqual([]);
    const { data } = await place(john, { ...input, ...change });
    expect(data.placeOrder).toEqual({
      order: null,
      userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED', path: ['input', 'idempotencyKey'] }],
    });
  });

  it("threat 73: keeps each user's keys apart, and forgets them after 24 hours", async () => {
    const input = { idempotencyKey: newKey(), items: [{ productId: '2', quantity: 1 }] };
    const idOf = async (viewer: typeof john): Promise<string> =>
      (await place(viewer, input)).data.placeOrder.order.id;
    const [first, other] = [await idOf(john), await idOf(jane)];
    expect(other).not.toBe(first);
    expect(await idOf(john)).toBe(first);

    const keys = shop.orders().updateTable('order_keys').where('key', '=', input.idempotencyKey);
    const dayMs = 24 * 60 * 60_000;
    await keys.set({ created_at: new Date(Date.now() - dayMs + 60_000) }).execute();
    expect(await idOf(john)).toBe(first);
    await keys.set({ created_at: new Date(Date.now() - dayMs - 1_000) }).execute();
    expect(await idOf(john)).not.toBe(first);
    // The service does it once a minute.
    await createPlacingRepository(shop.orders()).forgetKeys(new Date(), 500);
    const left = shop.orders().selectFrom('order_keys').selectAll();
    expect(await left.where('order_id', '=', other).execute()).toEqual([]);
  });

  it.each([
    ['a short key', { idempotencyKey: 'short' }, 'IDEMPOTENCY_KEY_INVALID', ['idempotencyKey']],
    [
      'a long key',
      { idempotencyKey: 'x'.repeat(101) },
      'IDEMPOTENCY_KEY_INVALID',
      ['idempotencyKey'],
    ],
    [
      'NUL in its key',
      { idempotencyKey: 'a key\0\0\0' },
      'IDEMPOTENCY_KEY_INVALID',
      ['idempotencyKey'],
    ],
    ['no items', { items: [] }, 'ITEMS_INVALID', ['items']],
    [
      '101 items',
      { items: Array.from({ length: 101 }, (_, n) => ({ productId: String(n + 1), quantity: 1 })) },
      'ITEMS_INVALID',
      ['items'],
    ],
    ...[0, -1, 1_001, 2_147_483_647].map(
      (quantity) =>
        [
          `${quantity} pieces`,
          { items: [{ productId: '1', quantity }] },
          'QUANTITY_INVALID',
          ['items', '0', 'quantity'],
        ] as const,
    ),
    [
      'a product twice',
      {
        items: [
          { productId: '2', quantity: 1 },
          { productId: '2', quantity: 1 },
        ],
      },
      'PRODUCT_REPEATED',
      ['items', '1', 'productId'],
    ],
    ...['4711', 'abc', '0', '', '1\0', '24', String(2n ** 63n)].map(
      (productId) =>
        [
          `the product ${JSON.stringify(productId)}`,
          { items: [{ productId, quantity: 1 }] },
          'PRODUCT_NOT_FOUND',
          ['items', '0', 'productId'],
        ] as const,
    ),
    ...(
      [
        ['name', ' '],
        ['line1', 'x'.repeat(201)],
        ['city', 'a\0b'],
        ['postalCode', ''],
        ['name', 'Bea\r\nBcc: all'],
        ['name', '\u200B'],
        ['line1', 'a \u001B[31m street'],
        ['city', 'a \u202E city'],
        ['postalCode', '-'],
      ] as const
    ).map(
      ([field, value]) =>
        [
          `a ${field} that is ${JSON.stringify(value.slice(0, 20))}`,
          { shippingAddress: { ...address, [field]: value } },
          'ADDRESS_INVALID',
          ['shippingAddress', field],
        ] as const,
    ),
    ...['us', 'AQ', ''].map(
      (country) =>
        [
          `the country ${JSON.stringify(country)}`,
          { shippingAddress: { ...address, country } },
          'COUNTRY_NOT_SERVED',
          ['shippingAddress', 'country'],
        ] as const,
    ),
    ...['', 'x'.repeat(101), 'tok visa', '4111111111111111'].map(
      (token) =>
        [
          `a token of ${token.length} characters`,
          { payment: { ...card, token } },
          'PAYMENT_INVALID',
          ['payment', 'token'],
        ] as const,
    ),
  ])('writes nothing of an order with %s', async (_, change, code, path) => {
    const before = await countOrders();
    const { data, errors } = await place(john, {
      items: [{ productId: '2', quantity: 1 }],
      ...change,
    });
    expect(errors).toBeUndefined();
    expect(data.placeOrder).toEqual({
      order: null,
      userErrors: [{ code, path: ['input', ...path] }],
    });
    expect(await countOrders()).toBe(before);
  });

  it('refuses a price that the sums of an order do not hold exactly', async () => {
    const id = await productWith(10, 10_000_000_001);
    const { data } = await place(john, { items: [{ productId: id, quantity: 1 }] });
    expect(data.placeOrder.userErrors).toEqual([
      { code: 'PRICE_TOO_HIGH', path: ['input', 'items', '0', 'productId'] },
    ]);
  });

  async function countOrders(): Promise<number> {
    return (await shop.orders().selectFrom('orders').select('id').execute()).length;
  }
});

const orderById = /* GraphQL */ `
  query ($id: ID!) {
    order(id: $id) {
      total {
        amount
      }
      items {
        name
      }
    }
  }
`;
