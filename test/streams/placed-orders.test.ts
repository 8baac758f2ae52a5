import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeOnEachDatabase } from '../support/database.ts';
import { accounts, startTestStorefront, type TestStorefront } from '../support/storefront.ts';
import { until } from '../support/until.ts';
import { placeOrder } from './place-order.ts';
import { type OpenStream, openStream } from './read-events.ts';

describeOnEachDatabase('streams: placed orders', (open) => {
  let shop: TestStorefront;
  let john: string;
  let jane: string;
  let admin: string;
  beforeAll(async () => {
    shop = await startTestStorefront({ home: await open() });
    [john, jane, admin] = (await Promise.all(
      [accounts.john, accounts.jane, accounts.admin].map((account) => shop.login(account)),
    )) as [string, string, string];
  });
  afterAll(async () => {
    await shop.stop();
  });

  const follow = (token: string | undefined): Promise<OpenStream> =>
    openStream(
      shop.gatewayUrl,
      'subscription { orderPlaced { id user { name } items { product { name } } } }',
      { headers: token === undefined ? {} : { authorization: `Bearer ${token}` } },
    );
  const idsIn = ({ events }: OpenStream): readonly string[] =>
    events.map(({ data }) => (data as { data: { orderPlaced: Placed } }).data.orderPlaced.id);

  it('are told to admins, each once, of all customers', async () => {
    // Only an order that is told shows that a stream is open: the first ones may be placed before.
    const streams = [await follow(admin), await follow(admin)] as const;
    const placed: string[] = [];
    do placed.push(await placeOrder(shop, john));
    while (streams.some(({ events }) => events.length === 0));
    const from = placed.length;
    for (const token of [jane, john, jane]) placed.push(await placeOrder(shop, token));
    for (const stream of streams) {
      await until(() => idsIn(stream).includes(placed.at(-1) ?? ''));
      const ids = idsIn(stream);
      expect(ids.slice(ids.indexOf(placed[from] ?? ''))).toEqual(placed.slice(from));
      expect(new Set(ids).size).toBe(ids.length);
    }
    expect(streams[0].events.at(-1)?.data).toMatchObject({
      data: {
        orderPlaced: { user: { name: 'Jane Roe' }, items: [{ product: { name: 'Laptop' } }] },
      },
    });
    for (const stream of streams) stream.leave();
  });

  it('are told to admins alone', async () => {
    for (const [token, code] of [
      [undefined, 'UNAUTHENTICATED'],
      [john, 'FORBIDDEN'],
    ] as const) {
      const stream = await follow(token);
      await stream.ended;
      expect(stream.text()).toContain(code);
      expect(stream.text()).not.toContain('"orderPlaced":{');
    }
  });
});

interface Placed {
  readonly id: string;
}
