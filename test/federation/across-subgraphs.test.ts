import { describe, expect, it } from '@jest/globals';
import { Federation, planners } from '../support/federation.ts';

const shop = new Federation({
  users: {
    schema: `
      type Query { me: User user(id: ID!): User }
      type User @key(fields: "id") { id: ID! name: String! email: String }
    `,
    resolvers: {
      Query: { me: () => ({ id: '1' }), user: (_: unknown, { id }: { id: string }) => ({ id }) },
      User: {
        __resolveReference: ({ id }: { id: string }) => (id === '9' ? null : { id }),
        name: ({ id }: { id: string }) => {
          if (id === '3') throw new Error('The name is lost.');
          return `User ${id}`;
        },
        email: ({ id }: { id: string }) => `${id}@example.com`,
      },
    },
  },
  products: {
    schema: `
      type Query { product(id: ID!): Product products: [Product!]! }
      type Product @key(fields: "id") { id: ID! name: String! price: Float! }
    `,
    resolvers: {
      Query: {
        product: (_: unknown, { id }: { id: string }) => ({ id }),
        products: () => [{ id: '1' }, { id: '2' }],
      },
      Product: {
        __resolveReference: ({ id }: { id: string }) => ({ id }),
        name: ({ id }: { id: string }) => `Product ${id}`,
        price: ({ id }: { id: string }) => Number(id) * 1.5,
      },
    },
  },
  orders: {
    schema: `
      type Query { order(id: ID!): Order orders: [Order!]! }
      type Order @key(fields: "id") { id: ID! status: Status! user: User items: [Item!]! }
      type Item { product: Product quantity: Int! }
      enum Status { PENDING SHIPPED }
      type User @key(fields: "id", resolvable: false) { id: ID! }
      type Product @key(fields: "id", resolvable: false) { id: ID! }
    `,
    resolvers: {
      Query: {
        order: (_: unknown, { id }: { id: string }) => ({ id, userId: '1' }),
        orders: () =>
          ['1', '2', '3', '1', '9'].map((userId, index) => ({ id: String(index), userId })),
      },
      Order: {
        status: () => 'SHIPPED',
        user: ({ userId }: { userId: string }) => ({ id: userId }),
        items: () => [
          { product: { id: '1' }, quantity: 2 },
          { product: { id: '2' }, quantity: 1 },
          { product: { id: '1' }, quantity: 3 },
        ],
      },
    },
  },
});

const mainQuery = /* GraphQL */ `
  query Main($id: ID!) {
    order(id: $id) {
      id
      status
      user {
        name
      }
      items {
        quantity
        product {
          name
          price
        }
      }
    }
  }
`;

describe.each(planners)('federation/across subgraphs (%s planner)', (planner) => {
  it('answers one operation from three subgraphs, with one call each, and fetches each entity once', async () => {
    shop.calls.length = 0;
    const answer = await shop.ask(mainQuery, { planner, variables: { id: '7' } });
    expect(answer).toEqual({
      data: {
        order: {
          id: '7',
          status: 'SHIPPED',
          user: { name: 'User 1' },
          items: [
            { quantity: 2, product: { name: 'Product 1', price: 1.5 } },
            { quantity: 1, product: { name: 'Product 2', price: 3 } },
            { quantity: 3, product: { name: 'Product 1', price: 1.5 } },
          ],
        },
      },
    });
    expect(shop.calls.map(({ subgraph }) => subgraph).sort()).toEqual([
      'orders',
      'products',
      'users',
    ]);
    expect(shop.calls.find(({ subgraph }) => subgraph === 'products')?.variables).toEqual({
      representations: [
        { __typename: 'Product', id: '1' },
        { __typename: 'Product', id: '2' },
      ],
    });
  });

  it('answers as ApolloGateway does', async () => {
    const variables = { id: '7' };
    expect(await shop.ask(mainQuery, { planner, variables })).toEqual(
      await shop.askApolloGateway(mainQuery, variables),
    );
  });

  it('gives every position of a failed entity its error, and null up to the next nullable field', async () => {
    const answer = await shop.ask('{ orders { user { id name } } }', { planner });
    expect(answer.data).toEqual({
      orders: [
        { user: { id: '1', name: 'User 1' } },
        { user: { id: '2', name: 'User 2' } },
        { user: null },
        { user: { id: '1', name: 'User 1' } },
        { user: null },
      ],
    });
    expect(answer.errors?.map(({ message, path }) => ({ message, path }))).toEqual([
      { message: 'The name is lost.', path: ['orders', 2, 'user', 'name'] },
      {
        message: 'Cannot return null for non-nullable field User.name.',
        path: ['orders', 4, 'user', 'name'],
      },
    ]);
  });

  it('keeps the data of the others when one subgraph fails', async () => {
    const answer = await shop.ask('{ me { id email } order(id: 1) { id user { id name } } }', {
      planner,
      fetch: (next) => (request) =>
        request.subgraph === 'users'
          ? Promise.reject(new Error('connect ECONNREFUSED'))
          : next(request),
    });
    expect(answer.data).toEqual({ me: null, order: { id: '1', user: null } });
    expect(answer.errors).toEqual([
      {
        message: 'A subgraph failed to answer.',
        path: ['me'],
        extensions: { code: 'SUBGRAPH_ERROR', serviceName: 'users' },
      },
      {
        message: 'A subgraph failed to answer.',
        path: ['order', 'user'],
        extensions: { code: 'SUBGRAPH_ERROR', serviceName: 'users' },
      },
    ]);
  });

  it('answers introspection together with data, in the order of the operation', async () => {
    const query =
      '{ kind: __typename __type(name: "Status") { enumValues { name } } me { __typename id } }';
    const answer = await shop.ask(query, { planner });
    expect(JSON.stringify(answer.data)).toBe(
      '{"kind":"Query","__type":{"enumValues":[{"name":"PENDING"},{"name":"SHIPPED"}]},"me":{"__typename":"User","id":"1"}}',
    );
  });

  it('threat 12: accepts __proto__ and similar names as aliases', async () => {
    const query = '{ __proto__: me { constructor: name toString: id __proto__: email } }';
    const answer = await shop.ask(query, { planner });
    expect(JSON.stringify(answer.data)).toBe(
      '{"__proto__":{"constructor":"User 1","toString":"1","__proto__":"1@example.com"}}',
    );
    expect(({} as Record<string, unknown>).email).toBeUndefined();
  });
});
