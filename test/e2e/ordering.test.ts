import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exampleOperations } from '../../storefront/shop/example-operations.ts';
import { eventually } from '../support/eventually.ts';
import { accounts, startTestStorefront, type TestStorefront } from '../support/storefront.ts';

const example = exampleOperations.find(({ query }) => query.includes('mutation PlaceOrder'));
const variables = JSON.parse(example?.variables ?? '{}') as object;

describe('e2e/ordering', () => {
  let storefront: TestStorefront;
  let john: string;
  let admin: string;

  beforeAll(async () => {
    // An admin ships it here, before the shop does.
    storefront = await startTestStorefront({ settings: { fulfilment: { shipAfterMs: 60_000 } } });
    john = await storefront.login(accounts.john);
    admin = await storefront.login(accounts.admin);
  });
  afterAll(() => storefront.stop());

  it('places the order of GraphiQL, once, and shows it across services', async () => {
    // A busy machine has no time for it at first: with the same key it is the same order.
    const { data } = await eventually(
      () => storefront.ask(john, example?.query ?? '', variables),
      ({ data: answer }) => answer.placeOrder.order?.status === 'PAID',
    );
    const { order, userErrors } = data.placeOrder;
    expect(userErrors).toEqual([]);
    expect(order).toMatchObject({
      status: 'PAID',
      totalWithShipping: { amount: '34.48', currencyCode: 'USD' },
      events: [{ type: 'PLACED' }, { type: 'RESERVED' }, { type: 'PAID' }],
    });
    const again = await storefront.ask(john, example?.query ?? '', variables);
    expect(again.data).toEqual(data);

    const whole = await storefront.ask(
      john,
      `{ order(id: "${order.id}") { user { name } items { name product { name price stock } } } }`,
    );
    expect(whole.data.order).toEqual({
      user: { name: 'John Doe' },
      items: [{ name: 'Mouse', product: { name: 'Mouse', price: 29.99, stock: 199 } }],
    });

    const ship = `mutation { shipOrder(input: { id: "${order.id}" }) { order { status } userErrors { code } } }`;
    expect((await storefront.ask(john, ship)).errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
    const shipped = await storefront.ask(admin, ship);
    expect(shipped.data.shipOrder).toEqual({ order: { status: 'SHIPPED' }, userErrors: [] });
  });

  it('quotes for any viewer, and places only for known ones', async () => {
    const quote = await storefront.ask(
      undefined,
      '{ quoteOrder(items: [{ productId: "2", quantity: 1 }], country: "US") { quote { totalWithShipping { amount } } userErrors { code } } }',
    );
    expect(quote.data.quoteOrder).toEqual({
      quote: { totalWithShipping: { amount: '34.48' } },
      userErrors: [],
    });
    const { errors } = await storefront.ask(undefined, example?.query ?? '', variables);
    expect(errors?.[0]?.extensions?.code).toBe('UNAUTHENTICATED');
  });
});
