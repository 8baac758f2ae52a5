import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeOnEachDatabase } from '../support/database.ts';
import { accounts, startTestStorefront, type TestStorefront } from '../support/storefront.ts';
import { until } from '../support/until.ts';
import { placeOrder } from './place-order.ts';
import { type OpenStream, openStream } from './read-events.ts';

describeOnEachDatabase('streams: the stock of a product', (open) => {
  let shop: TestStorefront;
  let john: string;
  let admin: string;
  beforeAll(async () => {
    shop = await startTestStorefront({ home: await open() });
    [john, admin] = (await Promise.all(
      [accounts.john, accounts.admin].map((account) => shop.login(account)),
    )) as [string, string];
  });
  afterAll(async () => {
    await shop.stop();
  });

  const follow = (token: string | undefined, productId: string, now = true): Promise<OpenStream> =>
    openStream(
      shop.gatewayUrl,
      `subscription ($id: ID!, $now: Boolean!) {
        stockChanged(productId: $id, withCurrent: $now) { id name stock inStock }
      }`,
      {
        variables: { id: productId, now },
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      },
    );
  const stocksIn = ({ events }: OpenStream): readonly number[] =>
    events.flatMap(({ name, data }) => {
      const { data: told } = (data ?? {}) as { data?: { stockChanged: { stock: number } | null } };
      return name === 'next' && told?.stockChanged ? [told.stockChanged.stock] : [];
    });
  const createProduct = async (stock: number): Promise<string> => {
    const { data } = await shop.ask(
      admin,
      `mutation ($stock: Int!) { createProduct(name: "Lamp", price: 5, stock: $stock) { id } }`,
      { stock },
    );
    return (data as { createProduct: { id: string } }).createProduct.id;
  };
  const setStock = (id: string, stock: number) =>
    shop.ask(
      admin,
      `mutation ($id: ID!, $stock: Int!) { updateProduct(id: $id, stock: $stock) { stock } }`,
      { id, stock },
    );

  it('is told to anybody, as the catalogue is, from the present one on: ordered, called off, refilled', async () => {
    const id = await createProduct(10);
    const streams = [await follow(undefined, id), await follow(john, id, false)] as const;
    const [fromNow, fromChange] = streams;
    await until(() => stocksIn(fromNow).length === 1);
    const orderId = await placeOrder(shop, john, id, 3);
    await until(() => stocksIn(fromChange).length === 1);
    await shop.ask(john, `mutation { cancelOrder(input: { id: "${orderId}" }) { order { id } } }`);
    await until(() => stocksIn(fromChange).length === 2);
    await setStock(id, 0);
    await until(() => stocksIn(fromNow).length === 4);
    expect(stocksIn(fromNow)).toEqual([10, 7, 10, 0]);
    await until(() => stocksIn(fromChange).length === 3);
    expect(stocksIn(fromChange)).toEqual([7, 10, 0]);
    expect(fromNow.events.at(-1)?.data).toMatchObject({
      data: { stockChanged: { id, name: 'Lamp', stock: 0, inStock: false } },
    });
    for (const stream of streams) stream.leave();
  });

  it('says nothing of changes that leave the stock as it is, nor of other products', async () => {
    const [id, other] = [await createProduct(4), await createProduct(4)];
    const stream = await follow(john, id);
    await until(() => stocksIn(stream).length === 1);
    await setStock(other, 9);
    await setStock(id, 4);
    await shop.ask(
      admin,
      `mutation { updateProduct(id: "${id}", name: "Lantern", price: 6) { id } }`,
    );
    await setStock(id, 5);
    await until(() => stocksIn(stream).length > 1);
    expect(stocksIn(stream)).toEqual([4, 5]);
    stream.leave();
  });

  it('ends for a customer when the product leaves the catalogue, and goes on for an admin', async () => {
    const id = await createProduct(2);
    const [customers, admins] = [await follow(john, id), await follow(admin, id)];
    await until(() => stocksIn(customers).length === 1 && stocksIn(admins).length === 1);
    await shop.ask(admin, `mutation { archiveProduct(input: { id: "${id}" }) { product { id } } }`);
    await customers.ended;
    expect(customers.events.at(-1)).toMatchObject({ name: 'complete' });
    await setStock(id, 1);
    await until(() => stocksIn(admins).length === 2);
    expect(stocksIn(admins)).toEqual([2, 1]);
    expect(stocksIn(customers)).toEqual([2]);
    admins.leave();
  });

  it.each([
    ['is archived', '24'],
    ['does not exist', '999999'],
    ['cannot exist', 'no-id'],
  ])('is not found for a product that %s', async (_what, id) => {
    const stream = await follow(john, id);
    await stream.ended;
    expect(stream.events).toMatchObject([
      { name: 'next', data: { errors: [{ extensions: { code: 'NOT_FOUND' } }] } },
      { name: 'complete' },
    ]);
    expect(stocksIn(stream)).toEqual([]);
  });
});
