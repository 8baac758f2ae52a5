import { GraphQLError } from 'graphql';
import { compose, type SmallSubgraph, startSmallSubgraph } from '../gateway/small-graph.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@authenticated", "@key"])`;

const catalogSdl = `${link}
type Query { product(id: ID!): Product products: [Product!]! numbered(count: Int!): [Product!]! }
type Mutation { rename(id: ID!, name: String!): Product }
type Product @key(fields: "id") { id: ID! name: String! maker: Maker! secret: String @authenticated }
type Maker @key(fields: "id") { id: ID! }
`;

const reviewsSdl = `${link}
type Query { newest: Review }
type Product @key(fields: "id") {
  id: ID! rating: Int reviews(count: Int! = 1): [Review!] failing: String required: String! cost: Int @authenticated
}
type Maker @key(fields: "id") { id: ID! country: String }
type Review { text(length: Int! = 6): String! }
`;

/** A subgraph that answers at once, catalog, and one that can be held: reviews. */
export interface DeferringGraph {
  readonly catalog: SmallSubgraph;
  readonly reviews: SmallSubgraph;
  readonly supergraph: string;
  /** From now on reviews waits, until the function that this returns is called. */
  hold(): () => void;
  stop(): Promise<void>;
}

/** Starts both subgraphs on free ports and composes them. */
export async function startDeferringGraph(): Promise<DeferringGraph> {
  let held: Promise<void> = Promise.resolve();
  let release: () => void = () => undefined;
  const names = new Map([
    ['1', 'Chair'],
    ['2', 'Table 🪑'],
  ]);
  const product = (id: string): object | null =>
    names.has(id) ? { id, name: names.get(id), maker: { id: `m${id}` }, secret: 'hidden' } : null;
  const catalog = await startSmallSubgraph('catalog', catalogSdl, {
    Query: {
      product: (_: unknown, { id }: { id: string }) => product(id),
      products: () => ['1', '2'].map(product),
      numbered: (_: unknown, { count }: { count: number }) =>
        Array.from({ length: count }, (_each, at) => ({ id: String(at), name: `Number ${at}` })),
    },
    Mutation: {
      rename: (_: unknown, { id, name }: { id: string; name: string }) => {
        names.set(id, name);
        return product(id);
      },
    },
    Product: { __resolveReference: ({ id }: { id: string }) => product(id) },
    Maker: { __resolveReference: ({ id }: { id: string }) => ({ id }) },
  });
  const failing = (): never => {
    throw new GraphQLError('No ratings today.', { extensions: { code: 'NO_RATINGS' } });
  };
  const whenReleased =
    <T>(value: T) =>
    async (): Promise<T> => {
      await held;
      return value;
    };
  const reviews = await startSmallSubgraph('reviews', reviewsSdl, {
    Query: { newest: whenReleased({}) },
    Product: {
      __resolveReference: ({ id }: { id: string }) => ({ id }),
      rating: async ({ id }: { id: string }) => {
        await held;
        return Number(id) * 2;
      },
      reviews: async (_: unknown, { count }: { count: number }) => {
        await held;
        return Array.from({ length: count }, () => ({}));
      },
      failing,
      required: failing,
      cost: () => 5,
    },
    Review: { text: (_: unknown, { length }: { length: number }) => 'sturdy'.padEnd(length, '!') },
    Maker: {
      __resolveReference: ({ id }: { id: string }) => ({ id }),
      country: whenReleased('NO'),
    },
  });
  return {
    catalog,
    reviews,
    supergraph: compose([catalog, reviews]),
    hold: () => {
      held = new Promise((resolve) => (release = resolve));
      return release;
    },
    stop: async () => {
      release();
      await Promise.all([catalog.stop(), reviews.stop()]);
    },
  };
}
