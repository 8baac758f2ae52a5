import { describe, expect, it } from '@jest/globals';
import type { SubgraphFetch } from '../../engine/fetching/types.ts';
import { Federation, planners } from '../support/federation.ts';

const shop = new Federation({
  catalog: {
    schema: `
      type Query { products(first: Int): [Product!] product(id: ID!): Product broken: Product }
      type Product @key(fields: "id") { id: ID! name: String price: Float! }
    `,
    resolvers: {
      Query: {
        products: (_: unknown, { first = 3 }: { first?: number }) =>
          Array.from({ length: first }, (_item, index) => ({
            id: String(index),
            name: `P "${index}"`,
            price: index / 4,
          })),
        product: (_: unknown, { id }: { id: string }) => ({ id, name: null, price: 1 }),
        broken: () => ({ id: '1', name: 'x', price: null }),
      },
    },
  },
  stock: {
    schema: 'type Product @key(fields: "id") { id: ID! inStock: Int }',
    resolvers: { Product: { inStock: () => 7 } },
  },
});

const operations: readonly (readonly [
  query: string,
  variables?: Readonly<Record<string, unknown>>,
])[] = [
  ['{ products { id name price } }'],
  ['query ($n: Int) { products(first: $n) { price id } }', { n: 0 }],
  ['query ($n: Int!) { products(first: $n) { price id } }', {}],
  ['query One($id: ID!) { product(id: $id) { __typename id name } }', { id: 'ü"' }],
  ['{ broken { id price } product(id: 1) { id } }'],
  ['{ products(first: 2) { id inStock } __typename }'],
  ['{ __type(name: "Product") { name } products { id } }'],
  ['query ($v: Boolean!) { products { id name @include(if: $v) } }', { v: false }],
];

describe.each(planners)('execution/answers as text (%s planner)', (planner) => {
  it.each(operations)('is the same response: %s', async (query, variables = {}) => {
    const text = await shop.askForText(query, { planner, variables });
    const { data, errors } = await shop.ask(query, { planner, variables });
    expect(text).toBe(JSON.stringify({ errors, data }));
  });

  it('calls once, whether the response can be forwarded unchanged or not', async () => {
    for (const query of ['{ products { id } }', '{ broken { price } }']) {
      shop.calls.length = 0;
      await shop.askForText(query, { planner });
      expect(shop.calls).toHaveLength(1);
    }
  });

  it.each([
    [
      'errors in addition to data',
      '{"errors":[{"message":"partly"}],"data":{"products":[]}}',
      '{"errors":[{"message":"partly","extensions":{"code":"DOWNSTREAM_SERVICE_ERROR","serviceName":"catalog"}}],"data":{"products":[]}}',
    ],
    [
      'more than was requested',
      '{"data":{"products":[{"id":"1","secret":2}]}}',
      '{"data":{"products":[{"id":"1"}]}}',
    ],
    ['a number as an id', '{"data":{"products":[{"id":1}]}}', '{"data":{"products":[{"id":"1"}]}}'],
    ['white space', '{ "data": { "products": [ ] } }\n', '{"data":{"products":[]}}'],
  ])('does not forward %s unchanged', async (_name, body, expected) => {
    const answering: SubgraphFetch = () => Promise.resolve({ body, cacheControl: undefined });
    const text = await shop.askForText('{ products { id } }', { planner, fetch: () => answering });
    expect(text).toBe(expected);
  });

  it('answers with errors when the subgraph cannot be reached', async () => {
    const failing: SubgraphFetch = () => Promise.reject(new Error('reset'));
    const text = await shop.askForText('{ products { id } }', { planner, fetch: () => failing });
    expect(text).toBe(
      '{"errors":[{"message":"A subgraph failed to answer.","path":["products"],"extensions":{"code":"SUBGRAPH_ERROR","serviceName":"catalog"}}],"data":{"products":null}}',
    );
  });
});
