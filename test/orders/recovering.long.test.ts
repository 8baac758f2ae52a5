import { expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { describeOnEachDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { card, john, newKey, useShop } from './shop.ts';

describeOnEachDatabase('orders/recovering', (open) => {
  const shop = useShop(open);
  const { piecesBecome, place, placeOnce, productWith } = shop;

  it('orders nothing while products is away, and says so', async () => {
    const input = { idempotencyKey: newKey(), items: [{ productId: '2', quantity: 1 }] };
    shop.path().refuse();
    const { data, errors } = await placeOnce(john, input);
    expect(errors).toBeUndefined();
    expect(data.placeOrder).toEqual({
      order: null,
      userErrors: [{ code: 'PRODUCTS_UNAVAILABLE', path: null }],
    });
    shop.path().speak();
    const again = await place(john, input);
    expect(again.data.placeOrder).toMatchObject({ order: { status: 'PAID' }, userErrors: [] });
  });

  it('keeps an order whose pieces cannot be reserved yet, and goes on by itself', async () => {
    const productId = await productWith(10);
    const input = { idempotencyKey: newKey(), items: [{ productId, quantity: 2 }] };
    const id = await withoutReservations(async () => {
      const { data, errors } = await placeOnce(john, input);
      expect(errors).toBeUndefined();
      expect(data.placeOrder).toMatchObject({
        order: { status: 'PENDING', events: [{ type: 'PLACED' }] },
        userErrors: [{ code: 'PRODUCTS_UNAVAILABLE', path: null }],
      });
      return data.placeOrder.order.id as string;
    });
    await makeDue(id);
    await eventually(
      () => statusOf(id),
      (status) => status === 'PAID',
    );
    expect((await place(john, input)).data.placeOrder).toMatchObject({
      order: { id, status: 'PAID', events: [{}, {}, {}] },
      userErrors: [],
    });
    await piecesBecome(productId, { free: 8, held: 0, sold: 2 });
  });

  it('gives up an order that could not be reserved in its time', async () => {
    const productId = await productWith(10);
    const id = await withoutReservations(async () => {
      const { data } = await placeOnce(john, { items: [{ productId, quantity: 2 }] });
      const orderId: string = data.placeOrder.order.id;
      await makeDue(orderId, { expires_at: new Date(Date.now() - 1_000) });
      await eventually(
        () => statusOf(orderId),
        (status) => status === 'CANCELLED',
      );
      return orderId;
    });
    await makeDue(id);
    await eventually(
      () => isDone(id),
      (is) => is,
    );
    await piecesBecome(productId, { free: 10, held: 0, sold: 0 });
  });

  it('cancels an order that is not paid in time', async () => {
    const productId = await productWith(10);
    const { data } = await place(john, {
      items: [{ productId, quantity: 2 }],
      payment: undefined,
    });
    const { id } = data.placeOrder.order;
    await makeDue(id, { expires_at: new Date(Date.now() - 1_000) });
    await eventually(
      () => isDone(id),
      (is) => is,
    );
    expect(await statusOf(id)).toBe('CANCELLED');
    await piecesBecome(productId, { free: 10, held: 0, sold: 0 });
  });

  it('asks a provider that was away again, and gives the pieces back when that goes on too long', async () => {
    const productId = await productWith(10);
    const { data } = await place(john, {
      items: [{ productId, quantity: 2 }],
      payment: { ...card, token: 'tok_unavailable' },
    });
    expect(data.placeOrder).toMatchObject({
      order: { status: 'RESERVED' },
      userErrors: [{ code: 'PAYMENT_PENDING', path: null }],
    });
    const { id } = data.placeOrder.order;
    await piecesBecome(productId, { free: 8, held: 0, sold: 2 });
    await makeDue(id, { expires_at: new Date(Date.now() - 1_000) });
    await eventually(
      () => isDone(id),
      (is) => is,
    );
    expect(await statusOf(id)).toBe('CANCELLED');
    await piecesBecome(productId, { free: 10, held: 0, sold: 0 });
  });

  it('gives back pieces and money of an order that was called off while products was away', async () => {
    const productId = await productWith(10);
    const { data } = await place(john, { items: [{ productId, quantity: 2 }] });
    const { id } = data.placeOrder.order;
    shop.path().refuse();
    const cancelled = await shop.ask(
      john,
      `mutation { cancelOrder(input: { id: "${id}" }) { order { status } userErrors { code } } }`,
    );
    expect(cancelled.data.cancelOrder).toEqual({ order: { status: 'CANCELLED' }, userErrors: [] });
    await piecesBecome(productId, { free: 8, held: 0, sold: 2 });
    shop.path().speak();
    await eventually(
      async () => {
        await makeDue(id);
        return shop.piecesOf(productId);
      },
      ({ free }) => free === 10,
    );
  });

  /** Somebody must look after an order now, as when its lease is over. */
  async function makeDue(id: string, also: { readonly expires_at?: Date } = {}): Promise<void> {
    await shop
      .orders()
      .updateTable('orders')
      .set({ due_at: new Date(Date.now() - 1_000), ...also })
      .where('id', '=', id)
      .where('due_at', 'is not', null)
      .execute();
  }

  async function statusOf(id: string): Promise<string> {
    const { status } = await rowOf(id);
    return status;
  }

  async function isDone(id: string): Promise<boolean> {
    const { due_at: dueAt } = await rowOf(id);
    return dueAt === null;
  }

  function rowOf(id: string) {
    return shop
      .orders()
      .selectFrom('orders')
      .select(['status', 'due_at'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
  }

  /** While it works, products answers what is asked of it, but cannot write down a reservation. */
  async function withoutReservations<T>(work: () => Promise<T>): Promise<T> {
    const run = (text: string) => sql.raw(text).execute(shop.products());
    await run(
      `create function products.fail() returns trigger language plpgsql as $$ begin raise exception 'full'; end $$`,
    );
    await run(
      'create trigger fails before insert on products.reservations for each row execute function products.fail()',
    );
    try {
      return await work();
    } finally {
      await run('drop function products.fail cascade');
    }
  }
});
