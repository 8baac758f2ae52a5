import { describe, expect, it } from '@jest/globals';
import { Federation, planners } from '../support/federation.ts';

type Entity = Readonly<Record<string, unknown>>;

const products = ['1', '2', '3'].map((id) => ({
  id,
  sku: `sku-${id}`,
  name: `Product ${id}`,
  weight: Number(id) * 10,
}));
const byId = ({ id, sku }: Entity): Entity | null =>
  products.find((product) => product.id === id || product.sku === sku) ?? null;

const shop = new Federation({
  catalog: {
    schema: `
      type Query { products(first: Int = 2): [Product!]! product(id: ID!): Product search(text: String): [Hit] now: DateTime }
      type Mutation { create(name: String!): Product }
      type Product @key(fields: "id") @key(fields: "sku") { id: ID! sku: String! name(upper: Boolean): String weight: Int tags: [[String!]!] kind: Kind }
      enum Kind { BOOK TOY }
      union Hit = Product | Category
      type Category { title: String products: [Product] }
      scalar DateTime
    `,
    resolvers: {
      Query: {
        products: (_: unknown, { first }: { first: number }) => products.slice(0, first),
        product: (_: unknown, args: Entity) => byId(args),
        search: () => [
          { __typename: 'Product', ...products[0] },
          null,
          { __typename: 'Category', title: 'All', products: [...products, null] },
        ],
        now: () => '2026-01-01T00:00:00Z',
      },
      Mutation: { create: (_: unknown, { name }: Entity) => ({ ...products[1], name }) },
      Product: {
        __resolveReference: byId,
        name: ({ name }: { name: string }, { upper }: Entity) =>
          upper === true ? name.toUpperCase() : name,
        tags: () => [['a', 'b'], []],
        kind: ({ id }: Entity) => (id === '1' ? 'BOOK' : 'TOY'),
      },
    },
  },
  stock: {
    schema: `
      type Query { lowStock: [Product!] }
      type Product @key(fields: "id") { id: ID! weight: Int @external inStock(at: String): Int shippingCost: Float @requires(fields: "weight") }
    `,
    resolvers: {
      Query: { lowStock: () => [{ id: '3' }, { id: '1' }] },
      Product: {
        inStock: ({ id }: Entity, { at }: Entity) => Number(id) + (at === 'west' ? 100 : 0),
        shippingCost: ({ weight }: { weight?: number }) => (weight ?? 0) / 4,
      },
    },
  },
  reviews: {
    schema: `
      type Product @key(fields: "sku") { sku: String! reviews(first: Int): [Review!]! }
      type Review @key(fields: "id") { id: ID! stars: Int! author: User product: Product }
      type User @key(fields: "id") { id: ID! reviews: [Review!] }
    `,
    resolvers: {
      Product: {
        reviews: ({ sku }: Entity, { first = 2 }: { first?: number }) =>
          reviewsOf(String(sku)).slice(0, first),
      },
      User: { reviews: () => reviewsOf('sku-1') },
    },
  },
  users: {
    schema:
      'type Query { me: User } type User @key(fields: "id") { id: ID! name: String! friends: [User!]! }',
    resolvers: {
      Query: { me: () => ({ id: '1' }) },
      User: {
        name: ({ id }: Entity) => `User ${String(id)}`,
        friends: () => [{ id: '2' }, { id: '3' }],
      },
    },
  },
});

function reviewsOf(sku: string): Entity[] {
  return ['1', '2', '3'].map((id) => ({
    id: `${sku}-${id}`,
    stars: Number(id),
    author: { id },
    product: { sku },
  }));
}

const operations: readonly (readonly [
  query: string,
  variables?: Readonly<Record<string, unknown>>,
])[] = [
  ['{ products { id } }'],
  [
    'query ($n: Int) { products(first: $n) { sku name loud: name(upper: true) kind tags } }',
    { n: 3 },
  ],
  ['{ products { inStock west: inStock(at: "west") shippingCost weight } }'],
  [
    '{ lowStock { name shippingCost reviews(first: 1) { stars author { name friends { name } } } } }',
  ],
  [
    '{ search { __typename ... on Product { name reviews { id } } ... on Category { title products { inStock sku } } } }',
  ],
  [
    '{ me { name reviews { product { name inStock } author { reviews { stars } } } friends { name reviews { id } } } }',
  ],
  [
    '{ a: product(id: 1) { ...P } b: product(id: 9) { ...P } } fragment P on Product { name ...Q } fragment Q on Product { shippingCost reviews { author { ...U } } } fragment U on User { name }',
  ],
  [
    'query ($on: Boolean!, $off: Boolean!) { products { name @include(if: $on) shippingCost @skip(if: $on) ... @include(if: $off) { weight } } }',
    { on: true, off: false },
  ],
  ['mutation { create(name: "new") { name inStock reviews { stars author { name } } } }'],
  ['{ now __typename products { __typename reviews { __typename } } }'],
  ['{ __schema { queryType { name } } __type(name: "Kind") { enumValues { name } } me { name } }'],
  ['{ products { reviews { product { reviews { product { name } } } } } }'],
];

describe.each(planners)('federation/as ApolloGateway answers (%s planner)', (planner) => {
  it.each(operations)('%s', async (query, variables = {}) => {
    const ours = await shop.ask(query, { planner, variables });
    const theirs = await shop.askApolloGateway(query, { ...variables });
    expect(theirs.errors).toBeUndefined();
    expect(JSON.stringify(ours)).toBe(JSON.stringify(theirs));
  });
});
