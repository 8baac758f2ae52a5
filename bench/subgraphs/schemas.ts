import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { type GraphQLSchema, parse } from 'graphql';
import {
  catalogueSize,
  contractOrder,
  type Order,
  type Page,
  pageOf,
  products,
  productsBySku,
  users,
} from './data.ts';

/** The subgraphs of the supergraph under measurement. */
export const subgraphNames = ['users', 'products', 'orders'] as const;
export type SubgraphName = (typeof subgraphNames)[number];

type Reference = Readonly<{ id: string }>;

/** Schema and resolvers of each: the storefront's own schema over the fixed data, for the fields that are measured. */
export const subgraphSchemas: Readonly<Record<SubgraphName, () => GraphQLSchema>> = {
  users: () =>
    schemaOf('users', {
      User: { __resolveReference: ({ id }: Reference) => users.get(id) },
    }),

  products: () =>
    schemaOf('products', {
      Query: { products: () => [...products.values()].slice(0, catalogueSize) },
      // A planner may take either key.
      Product: {
        __resolveReference: ({ id, sku }: Partial<Record<'id' | 'sku', string>>) =>
          id === undefined ? productsBySku.get(sku ?? '') : products.get(id),
      },
    }),

  orders: () =>
    schemaOf('orders', {
      Query: {
        order: (_: unknown, { id }: Reference) => (id === contractOrder.id ? contractOrder : null),
        orders: (_: unknown, page: Page) => ({ nodes: pageOf(page) }),
      },
      Order: {
        user: ({ userId }: Order) => ({ id: userId }),
        items: ({ lines }: Order) => lines,
      },
      OrderItem: {
        product: ({ productId }: Order['lines'][number]) => products.get(productId),
      },
    }),
};

function schemaOf(name: SubgraphName, resolvers: object): GraphQLSchema {
  const sdl = readFileSync(
    new URL(`../../subgraphs/${name}/schema.graphql`, import.meta.url),
    'utf8',
  );
  return buildSubgraphSchema([{ typeDefs: parse(sdl), resolvers: resolvers as never }]);
}
