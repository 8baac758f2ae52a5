import { expect, it } from '@jest/globals';
import type { Viewer } from '../../common/viewer.ts';
import type { OutboxTables } from '../../events/outbox/outbox-tables.ts';
import { describeOnEachDatabase } from '../support/database.ts';
import { admin, card, jane, john, useShop } from './shop.ts';

const changes = ['pay', 'cancel', 'ship', 'deliver', 'refund'] as const;
type Change = (typeof changes)[number];

describeOnEachDatabase('orders/changing orders', (open) => {
  const shop = useShop(open);
  const { piecesBecome, productWith } = shop;

  it('brings an order to its customer, and tells what happened when', async () => {
    const { id, productId } = await placed({ payment: undefined });
    for (const [change, status] of [
      ['pay', 'PAID'],
      ['ship', 'SHIPPED'],
      ['deliver', 'DELIVERED'],
    ] as const) {
      const answer = await make(change, id);
      expect(answer).toEqual({ order: { id, status, statusReason: null }, userErrors: [] });
      // Once more: no fault, no effect.
      expect(await make(change, id)).toEqual(answer);
    }
    expect(await typesOf(id)).toEqual(['PLACED', 'RESERVED', 'PAID', 'SHIPPED', 'DELIVERED']);
    const { data } = await shop.ask(john, `{ order(id: "${id}") { events { at } } }`);
    const times: readonly string[] = data.order.events.map(({ at }: { at: string }) => at);
    expect(times).toEqual([...times].sort());
    await piecesBecome(productId, { free: 8, held: 0, sold: 2 });
  });

  it.each([
    ['RESERVED', []],
    ['PAID', ['pay']],
  ] as const)('calls off an order that is %s: pieces and money go back', async (_, before) => {
    const { id, productId } = await placed({ payment: undefined });
    for (const change of before) await make(change, id);
    const answer = await make('cancel', id);
    expect(answer).toEqual({
      order: { id, status: 'CANCELLED', statusReason: 'CANCELLED_BY_CUSTOMER' },
      userErrors: [],
    });
    expect(await make('cancel', id)).toEqual(answer);
    await piecesBecome(productId, { free: 10, held: 0, sold: 0 });
    expect(await ledgerOf(id)).toMatchObject(
      before.length === 0
        ? { outcome: 'VOIDED' }
        : { outcome: 'CHARGED', refunded_at: expect.any(Date) },
    );
    expect(await isDone(id)).toBe(true);
  });

  it.each([
    ['PAID', [], 10],
    ['SHIPPED', ['ship'], 8],
    ['DELIVERED', ['ship', 'deliver'], 8],
  ] as const)('pays back an order that is %s', async (_, before, free) => {
    const { id, productId } = await placed({});
    for (const change of before) await make(change, id);
    expect((await make('refund', id)).order).toMatchObject({ status: 'REFUNDED' });
    expect((await make('refund', id)).userErrors).toEqual([]);
    await piecesBecome(productId, { free, held: 0, sold: 10 - free });
    expect(await ledgerOf(id)).toMatchObject({
      outcome: 'CHARGED',
      refunded_at: expect.any(Date),
    });
  });

  it.each([
    ['RESERVED', [], ['ship', 'deliver', 'refund']],
    ['PAID', ['pay'], ['deliver']],
    ['SHIPPED', ['pay', 'ship'], ['pay', 'cancel']],
    ['DELIVERED', ['pay', 'ship', 'deliver'], ['pay', 'cancel', 'ship']],
    ['CANCELLED', ['cancel'], ['pay', 'ship', 'deliver', 'refund']],
    ['REFUNDED', ['pay', 'refund'], ['pay', 'cancel', 'ship', 'deliver']],
  ] as const)(
    'refuses the moves that an order cannot make: %s',
    async (status, before, illegal) => {
      const { id } = await placed({ payment: undefined });
      for (const change of before) await make(change, id);
      const events = await typesOf(id);
      for (const change of illegal) {
        const { order, userErrors } = await make(change, id);
        expect(order).toMatchObject({ status });
        expect(userErrors).toEqual([{ code: 'ORDER_STATUS', path: ['input', 'id'] }]);
      }
      expect(await typesOf(id)).toEqual(events);
    },
  );

  it('rejects an order whose payment is declined later', async () => {
    const { id, productId } = await placed({ payment: undefined });
    const { order, userErrors } = await make('pay', id, john, 'tok_declined');
    expect(order).toMatchObject({ status: 'REJECTED', statusReason: 'PAYMENT_DECLINED' });
    expect(userErrors).toEqual([{ code: 'PAYMENT_DECLINED', path: ['input', 'payment', 'token'] }]);
    await piecesBecome(productId, { free: 10, held: 0, sold: 0 });
    expect((await make('pay', id)).userErrors).toMatchObject([{ code: 'PAYMENT_DECLINED' }]);
  });

  it('takes another payment where the provider did not answer the first', async () => {
    const { id } = await placed({ payment: { ...card, token: 'tok_unavailable' } });
    const again = await make('pay', id, john, 'tok_unavailable');
    expect(again.userErrors).toEqual([{ code: 'PAYMENT_PENDING', path: null }]);
    expect((await make('pay', id)).order).toMatchObject({ status: 'PAID' });
  });

  it('cancels what is not paid when its pieces were let go, and takes no money', async () => {
    const { id, productId } = await placed({ payment: undefined });
    await shop
      .products()
      .updateTable('reservations')
      .set({ state: 'RELEASED' })
      .where('order_id', '=', id)
      .execute();
    const { order, userErrors } = await make('pay', id);
    expect(order).toMatchObject({ status: 'CANCELLED', statusReason: 'EXPIRED' });
    expect(userErrors).toEqual([{ code: 'ORDER_EXPIRED', path: null }]);
    expect(await ledgerOf(id)).toMatchObject({ outcome: 'VOIDED' });
    expect(productId).toBeDefined();
  });

  it('makes one of many equal changes at once', async () => {
    const { id, productId } = await placed({ payment: undefined });
    await Promise.all(Array.from({ length: 10 }, () => make('pay', id)));
    await Promise.all(Array.from({ length: 10 }, () => make('cancel', id)));
    expect(await typesOf(id)).toEqual(['PLACED', 'RESERVED', 'PAID', 'CANCELLED']);
    await piecesBecome(productId, { free: 10, held: 0, sold: 0 });
  });

  it('comes to one end where payment and cancellation race', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { id, productId } = await placed({ payment: undefined });
      await Promise.all([make('pay', id), make('cancel', id), make('pay', id)]);
      const { order } = await make('cancel', id);
      expect(order).toMatchObject({ status: 'CANCELLED' });
      await piecesBecome(productId, { free: 10, held: 0, sold: 0 });
      const { outcome, refunded_at: refundedAt } = (await ledgerOf(id)) ?? {};
      expect(outcome === 'VOIDED' || refundedAt instanceof Date).toBe(true);
    }
  });

  it('finds no order of another customer, whatever is to be done with it', async () => {
    const { id } = await placed({ payment: undefined });
    for (const viewer of [jane, admin]) {
      for (const change of ['pay', 'cancel'] as const) {
        expect(await make(change, id, viewer)).toEqual({
          order: null,
          userErrors: [{ code: 'ORDER_NOT_FOUND', path: ['input', 'id'] }],
        });
      }
    }
    expect(await typesOf(id)).toEqual(['PLACED', 'RESERVED']);
  });

  it.each(['4711', 'abc', '', '0', '1\0', String(2n ** 63n)])('finds no order %j', async (id) => {
    for (const change of changes) {
      const viewer = change === 'pay' || change === 'cancel' ? john : admin;
      expect(await make(change, id, viewer)).toEqual({
        order: null,
        userErrors: [{ code: 'ORDER_NOT_FOUND', path: ['input', 'id'] }],
      });
    }
  });

  it('ships those of a list that can be shipped, each for what it is shipped for', async () => {
    const { id: one } = await placed({});
    const { id: waiting } = await placed({ payment: undefined });
    const { id: other } = await placed({});
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const { data, errors } = await ship([
      { id: one, correlationId: 'the-first-one', traceparent },
      { id: waiting },
      { id: 'abc' },
      { id: other, correlationId: 'the-other-one' },
      { id: one },
    ]);
    expect(errors).toBeUndefined();
    const fault = (code: string, index: string) => [
      { code, path: ['input', 'orders', index, 'id'] },
    ];
    expect(data.shipOrders).toEqual({
      results: [
        { order: { id: one, status: 'SHIPPED' }, userErrors: [] },
        { order: { id: waiting, status: 'RESERVED' }, userErrors: fault('ORDER_STATUS', '1') },
        { order: null, userErrors: fault('ORDER_NOT_FOUND', '2') },
        { order: { id: other, status: 'SHIPPED' }, userErrors: [] },
        { order: { id: one, status: 'SHIPPED' }, userErrors: [] },
      ],
      userErrors: [],
    });
    expect(await typesOf(one)).toEqual(['PLACED', 'RESERVED', 'PAID', 'SHIPPED']);
    expect(await shippingOf(one)).toMatchObject([{ correlationid: 'the-first-one', traceparent }]);
    expect(await shippingOf(other)).toMatchObject([{ correlationid: 'the-other-one' }]);
  });

  it.each([0, 101])('ships no list of %i orders', async (count) => {
    const { id } = await placed({});
    const { data } = await ship(Array.from({ length: count }, () => ({ id })));
    expect(data.shipOrders).toEqual({
      results: [],
      userErrors: [{ code: 'ORDERS_INVALID', path: ['input', 'orders'] }],
    });
    expect(await typesOf(id)).toEqual(['PLACED', 'RESERVED', 'PAID']);
  });

  it('ships no list for a customer', async () => {
    const { id } = await placed({});
    const { errors } = await ship([{ id }], john);
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect(await typesOf(id)).toEqual(['PLACED', 'RESERVED', 'PAID']);
  });

  it('does with the orders of before what their state allows', async () => {
    expect(await make('cancel', '125')).toMatchObject({ order: { status: 'CANCELLED' } });
    expect(await make('ship', '124')).toMatchObject({ order: { status: 'SHIPPED' } });
    expect(await make('deliver', '123')).toMatchObject({ order: { status: 'DELIVERED' } });
    expect(await make('refund', '120')).toMatchObject({ order: { status: 'REFUNDED' } });
    await piecesBecome('1', { free: 50, held: 0, sold: 0 });
  });

  /** Places an order of john's, two of ten pieces. */
  async function placed(input: object): Promise<{ id: string; productId: string }> {
    const productId = await productWith(10);
    const { data } = await shop.place(john, { items: [{ productId, quantity: 2 }], ...input });
    return { id: data.placeOrder.order.id, productId };
  }

  async function make(
    change: Change,
    id: string,
    viewer: Viewer = change === 'pay' || change === 'cancel' ? john : admin,
    token = card.token,
  ): Promise<{ readonly order: object | null; readonly userErrors: readonly object[] }> {
    const name = `${change}Order`;
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const { data, errors } = await shop.ask(
      viewer,
      `mutation ($input: ${type}!) {
        ${name}(input: $input) { order { id status statusReason } userErrors { code path } }
      }`,
      { input: { id, ...(change === 'pay' && { payment: { ...card, token } }) } },
    );
    expect(errors).toBeUndefined();
    return data[name];
  }

  function ship(orders: readonly object[], viewer: Viewer = admin) {
    return shop.ask(
      viewer,
      `mutation ($input: ShipOrdersInput!) {
        shipOrders(input: $input) {
          results { order { id status } userErrors { code path } }
          userErrors { code path }
        }
      }`,
      { input: { orders } },
    );
  }

  /** The events that say that an order is shipped. */
  async function shippingOf(id: string): Promise<readonly object[]> {
    const rows = await shop
      .home()
      .connect<OutboxTables>('orders')
      .selectFrom('outbox')
      .select('event')
      .where('type', '=', 'shop.shipping.started.v1')
      .execute();
    return rows
      .map(({ event }) => JSON.parse(event) as { readonly subject: string })
      .filter(({ subject }) => subject === id);
  }

  async function typesOf(id: string): Promise<readonly string[]> {
    const { data } = await shop.ask(john, `{ order(id: "${id}") { events { type } } }`);
    return data.order.events.map(({ type }: { type: string }) => type);
  }

  function ledgerOf(id: string) {
    return shop
      .orders()
      .selectFrom('simulated_payments')
      .selectAll()
      .where('order_id', '=', id)
      .executeTakeFirst();
  }

  async function isDone(id: string): Promise<boolean> {
    const { due_at: dueAt } = await shop
      .orders()
      .selectFrom('orders')
      .select('due_at')
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    return dueAt === null;
  }
});
