import { expect, it } from '@jest/globals';
import { describeOnEachDatabase } from '../support/database.ts';
import { useOrders } from './orders-subgraph.ts';

const entities = /* GraphQL */ `
  query ($of: [_Any!]!) {
    _entities(representations: $of) {
      __typename
      ... on Product {
        id
        shippingCost {
          amount
          currencyCode
        }
      }
      ... on User {
        id
      }
      ... on Order {
        id
      }
    }
  }
`;

describeOnEachDatabase('orders/representations', (open) => {
  const { ask } = useOrders(open);

  it('estimates shipping from what products sent along', async () => {
    const { data, errors } = await ask('nobody', entities, {
      of: [
        product({ weightGrams: 2_100, handling: 'FRAGILE' }),
        product({ weightGrams: 500, handling: 'STANDARD' }),
        product({ weightGrams: 40_000, handling: 'BULKY' }),
      ],
    });
    expect(errors).toBeUndefined();
    expect(data._entities.map(costOf)).toEqual(['8.99', '4.49', '58.99']);
  });

  it.each([
    { weightGrams: -1_000, handling: 'STANDARD' },
    { weightGrams: 0, handling: 'STANDARD' },
    { weightGrams: 1.5, handling: 'STANDARD' },
    { weightGrams: 1e15, handling: 'STANDARD' },
    { weightGrams: '500', handling: 'STANDARD' },
    { weightGrams: [500], handling: 'STANDARD' },
    { weightGrams: { valueOf: 500 }, handling: 'STANDARD' },
    { weightGrams: null, handling: 'STANDARD' },
    { weightGrams: 500, handling: 'standard' },
    { weightGrams: 500, handling: '__proto__' },
    { weightGrams: 500, handling: null },
    { weightGrams: 500, handling: ['FRAGILE'] },
    { weightGrams: 500 },
    { handling: 'STANDARD' },
    {},
  ])('threat 40: estimates nothing from %j', async (forged) => {
    expect(await ask('nobody', entities, { of: [product(forged)] })).toEqual({
      status: 200,
      data: { _entities: [{ __typename: 'Product', id: '1', shippingCost: null }] },
      errors: undefined,
    });
  });

  it('threat 40: takes none of the money of an order from a representation', async () => {
    const { data } = await ask(
      'owner',
      `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Order {
        user { id } total { amount } items { unitPrice { amount } product { sku } }
      } } }`,
      {
        of: [
          {
            __typename: 'Order',
            id: '125',
            userId: '2',
            total: { amountMinor: 1, currencyCode: 'USD' },
            items: [{ quantity: 1, unitPrice: { amountMinor: 1, currencyCode: 'USD' } }],
          },
        ],
      },
    );
    expect(data._entities).toEqual([
      {
        user: { id: '1' },
        total: { amount: '29.99' },
        items: [{ unitPrice: { amount: '29.99' }, product: { sku: 'MOU-001' } }],
      },
    ]);
  });

  it.each(['Product', 'User', 'Order'])(
    'threat 23: finds no %s for an invalid id, including NUL',
    async (typename) => {
      const ids = ['abc', '', '0', '1e3', '\0', String(2n ** 63n), 1, null, ['1'], { id: '1' }];
      const of = [...ids.map((id) => ({ __typename: typename, id })), { __typename: typename }];
      expect(await ask('admin', entities, { of })).toEqual({
        status: 200,
        data: { _entities: of.map(() => null) },
        errors: undefined,
      });
    },
  );
});

function product(fields: object): object {
  return { __typename: 'Product', id: '1', ...fields };
}

function costOf({ shippingCost }: { shippingCost: { amount: string } }): string {
  return shippingCost.amount;
}
