import { setTimeout } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { describeOnEachDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { user } from '../support/subgraph.ts';
import { john, newKey, useShop } from './shop.ts';

describeOnEachDatabase('orders/many buyers', (open) => {
  const shop = useShop(open);
  const { piecesOf, productWith } = shop;

  it('threat 72: sells 200 buyers at once 50 pieces in 50 orders, and loses none on the way', async () => {
    const id = await productWith(50);
    const looks = await whileWatching(id, 50, async () => {
      const answers = await Promise.all(
        Array.from({ length: 200 }, (_, n) =>
          shop.place(user(String(10_000 + n)), {
            idempotencyKey: newKey(),
            items: [{ productId: id, quantity: 1 }],
          }),
        ),
      );
      expect(answers.flatMap(({ errors }) => errors ?? [])).toEqual([]);
      await eventually(
        () => statusesOf(id),
        (statuses) => !statuses.some((status) => status === 'PENDING' || status === 'RESERVED'),
      );
    });
    expect(looks).toBeGreaterThan(0);
    const statuses = await statusesOf(id);
    expect(statuses.filter((status) => status === 'PAID')).toHaveLength(50);
    expect(statuses.filter((status) => status === 'REJECTED')).toHaveLength(150);
    expect(await piecesOf(id)).toEqual({ free: 0, held: 0, sold: 50 });
  });

  it('threat 73: places one order for 50 equal requests at once, and gives all the same answer', async () => {
    const id = await productWith(50);
    const input = { idempotencyKey: newKey(), items: [{ productId: id, quantity: 2 }] };
    const answers = await Promise.all(Array.from({ length: 50 }, () => shop.place(john, input)));
    expect(new Set(answers.map(({ data }) => JSON.stringify(data))).size).toBe(1);
    expect(answers[0]?.data.placeOrder).toMatchObject({
      order: { status: 'PAID' },
      userErrors: [],
    });
    expect(await statusesOf(id)).toEqual(['PAID']);
    expect(await piecesOf(id)).toEqual({ free: 48, held: 0, sold: 2 });
  });

  async function statusesOf(productId: string): Promise<readonly string[]> {
    const rows = await shop
      .orders()
      .selectFrom('order_items')
      .innerJoin('orders', 'orders.id', 'order_items.order_id')
      .select('orders.status')
      .where('product_id', '=', productId)
      .execute();
    return rows.map(({ status }) => status);
  }

  /** Looks at all pieces of a product again and again, each time in one statement; rejects at the first sum that is wrong. */
  async function whileWatching(
    id: string,
    initial: number,
    work: () => Promise<void>,
  ): Promise<number> {
    const over = new AbortController();
    let looks = 0;
    const looking = (async () => {
      while (!over.signal.aborted) {
        const { free, held, sold } = await piecesOf(id);
        expect(free + held + sold).toBe(initial);
        looks += 1;
        // The database answers the buyers meanwhile.
        await setTimeout(20);
      }
    })();
    const working = work().finally(() => {
      over.abort();
    });
    await Promise.all([looking, working]);
    return looks;
  }
});
