import { beforeAll, expect, it } from '@jest/globals';
import { describeOnEachDatabase } from '../support/database.ts';
import { useOrders } from './orders-subgraph.ts';

const orderCount = 100;
const linesPerOrder = 100;
const userCount = 20;

describeOnEachDatabase('orders/statements', (open) => {
  const { count, database } = useOrders(open);
  let ids: readonly string[];

  beforeAll(async () => {
    const rows = await database()
      .insertInto('orders')
      .values(
        Array.from({ length: orderCount }, (_order, index) => ({
          user_id: String(100 + (index % userCount)),
          status: 'PAID' as const,
          currency_code: 'USD',
          placed_at: new Date(Date.UTC(2027, 0, 1) + index),
        })),
      )
      .returning('id')
      .execute();
    ids = rows.map(({ id }) => id);
    for (const order_id of ids) {
      await database()
        .insertInto('order_items')
        .values(
          Array.from({ length: linesPerOrder }, (_item, index) => ({
            order_id,
            line: index + 1,
            product_id: '2',
            sku: 'MOU-001',
            quantity: 3,
            unit_price_minor: '2999',
          })),
        )
        .execute();
    }
  });

  it('reads a page of 100 orders with all their lines and totals in two', async () => {
    const { answer, statements } = await count(
      'admin',
      '{ orders(first: 100) { nodes { id user { id } total { amount } items { subtotal { amount } product { sku } } } } }',
    );
    expect(answer.errors).toBeUndefined();
    const { nodes } = answer.data.orders;
    expect(nodes).toHaveLength(orderCount);
    for (const node of nodes) {
      expect(node.items).toHaveLength(linesPerOrder);
      expect(node.total).toEqual({ amount: '8997.00' });
    }
    expect(statements).toBe(2);
  });

  it('reads 100 references with their lines in two', async () => {
    const { answer, statements } = await count(
      'admin',
      'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Order { id items { quantity } } } }',
      { of: ids.map((id) => ({ __typename: 'Order', id })) },
    );
    expect(answer.data._entities.map(({ id }: { id: string }) => id)).toEqual(ids);
    expect(statements).toBe(2);
  });

  it('reads the orders of many users in one, and each gets their own page', async () => {
    const users = Array.from({ length: userCount }, (_user, index) => String(100 + index));
    const { answer, statements } = await count(
      'admin',
      `query ($of: [_Any!]!) { _entities(representations: $of) { ... on User {
        id
        orders(first: 2) { nodes { id user { id } } pageInfo { hasNextPage } }
      } } }`,
      { of: [...users, '4711'].map((id) => ({ __typename: 'User', id })) },
    );
    expect(answer.errors).toBeUndefined();
    expect(statements).toBe(1);
    const entities = answer.data._entities;
    for (const [index, id] of users.entries()) {
      const newest = [ids[orderCount - userCount + index], ids[orderCount - 2 * userCount + index]];
      expect(entities[index]).toEqual({
        id,
        orders: {
          nodes: newest.map((order) => ({ id: order, user: { id } })),
          pageInfo: { hasNextPage: true },
        },
      });
    }
    expect(entities[userCount].orders).toEqual({ nodes: [], pageInfo: { hasNextPage: false } });
  });

  it('asks the database nothing for ids that cannot exist, nor for products', async () => {
    const { statements } = await count(
      'admin',
      `query ($of: [_Any!]!) {
        order(id: "abc") { id }
        _entities(representations: $of) { ... on Product { shippingCost { amount } } ... on Order { id } }
      }`,
      {
        of: [
          { __typename: 'Order', id: '0' },
          { __typename: 'Product', id: '1', weightGrams: 10, handling: 'STANDARD' },
        ],
      },
    );
    expect(statements).toBe(0);
  });
});
