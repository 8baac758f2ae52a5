import { expect, it } from '@jest/globals';
import { describeOnEachDatabase } from '../support/database.ts';
import { useOrders } from './orders-subgraph.ts';

const wholeOrder = /* GraphQL */ `
  query ($id: ID!) {
    order(id: $id) {
      __typename
      id
      user {
        __typename
        id
      }
      status
      placedAt
      items {
        product {
          __typename
          id
          sku
        }
        quantity
        unitPrice {
          amount
          currencyCode
        }
        subtotal {
          amount
          currencyCode
        }
      }
      total {
        amount
        currencyCode
      }
    }
  }
`;

describeOnEachDatabase('orders/reading an order', (open) => {
  const { ask, count } = useOrders(open);

  it('gives the owner the whole order, in two statements', async () => {
    const { answer, statements } = await count('owner', wholeOrder, { id: '123' });
    expect(answer).toEqual({
      status: 200,
      errors: undefined,
      data: {
        order: {
          __typename: 'Order',
          id: '123',
          user: { __typename: 'User', id: '1' },
          status: 'SHIPPED',
          placedAt: '2026-11-09T16:20:31.125Z',
          items: [
            {
              product: { __typename: 'Product', id: '1', sku: 'LAP-001' },
              quantity: 1,
              unitPrice: usd('999.99'),
              subtotal: usd('999.99'),
            },
            {
              product: { __typename: 'Product', id: '2', sku: 'MOU-001' },
              quantity: 2,
              unitPrice: usd('29.99'),
              subtotal: usd('59.98'),
            },
          ],
          total: usd('1059.97'),
        },
      },
    });
    expect(statements).toBe(2);
  });

  it('gives an admin what it gives the owner', async () => {
    const [owner, admin] = await Promise.all([
      ask('owner', wholeOrder, { id: '123' }),
      ask('admin', wholeOrder, { id: '123' }),
    ]);
    expect(admin).toEqual(owner);
  });

  it('answers for its part of the query that clients already send', async () => {
    const { data } = await ask(
      'owner',
      'query { order(id: "123") { id user { __typename id } items { product { __typename id } quantity } } }',
    );
    expect(data).toEqual({
      order: {
        id: '123',
        user: { __typename: 'User', id: '1' },
        items: [
          { product: { __typename: 'Product', id: '1' }, quantity: 1 },
          { product: { __typename: 'Product', id: '2' }, quantity: 2 },
        ],
      },
    });
  });

  it("answers another customer's order exactly as one that does not exist", async () => {
    const ids = [
      '123',
      '999999',
      'abc',
      '',
      '0',
      '-1',
      '0123',
      ' 123',
      '1e3',
      String(2n ** 63n),
      '\0',
      '1\0',
    ];
    const bodies = await Promise.all(ids.map((id) => ask('customer', wholeOrder, { id })));
    for (const body of bodies) {
      expect(body).toEqual({ status: 200, data: { order: null }, errors: undefined });
    }
  });

  it('answers the same to an anonymous viewer, and through a reference', async () => {
    const byReference = /* GraphQL */ `
      query ($of: [_Any!]!) {
        _entities(representations: $of) {
          ... on Order {
            id
            total {
              amount
            }
          }
        }
      }
    `;
    const of = ['123', '999999', 'abc', String(2n ** 63n)].map((id) => ({
      __typename: 'Order',
      id,
    }));
    for (const viewer of ['nobody', 'customer'] as const) {
      expect(await ask(viewer, byReference, { of })).toEqual({
        status: 200,
        data: { _entities: [null, null, null, null] },
        errors: undefined,
      });
    }
    const { data } = await ask('owner', byReference, { of });
    expect(data._entities).toEqual([{ id: '123', total: { amount: '1059.97' } }, null, null, null]);
  });

  it('keeps the places of the orders in a batch of references of which some are hidden', async () => {
    const of = ['123', '122', '118', '120'].map((id) => ({ __typename: 'Order', id }));
    const { data } = await ask(
      'owner',
      'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Order { id } } }',
      { of },
    );
    expect(data._entities).toEqual([{ id: '123' }, null, { id: '118' }, null]);
  });

  it('knows orders in every state', async () => {
    const { data } = await ask('admin', '{ orders { nodes { status } } }');
    expect(new Set(data.orders.nodes.map((order: { status: string }) => order.status))).toEqual(
      new Set(['PENDING', 'PAID', 'SHIPPED', 'DELIVERED', 'CANCELLED']),
    );
  });
});

function usd(amount: string) {
  return { amount, currencyCode: 'USD' };
}
