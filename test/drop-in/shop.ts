import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/index.js';
import { GraphQLError, parse } from 'graphql';
import { compose, linkFederation } from '../support/federation.ts';

/** A listening subgraph. */
export interface RunningSubgraph {
  readonly name: string;
  readonly url: string;
  /** Its whole schema. */
  readonly typeDefs: string;
}

/** Subgraphs of a shop, each its own Apollo Server, as they commonly are. */
export interface Shop {
  readonly subgraphs: readonly RunningSubgraph[];
  readonly supergraphSdl: string;
  /** The `authorization` header of each request to a subgraph so far, with the name of the subgraph. */
  readonly received: { subgraph: string; authorization: string | undefined }[];
  stop(): Promise<void>;
}

const cacheControl = `
  enum CacheControlScope { PUBLIC PRIVATE }
  directive @cacheControl(maxAge: Int, scope: CacheControlScope, inheritMaxAge: Boolean) on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
`;

const schemas = {
  products: `
    type Query { product(id: ID! = 1): Product @cacheControl(maxAge: 60) uncached: Product failing: String refused: String }
    type Mutation { rename(id: ID!, name: String!): Product }
    type Product @key(fields: "id") { id: ID! name(upper: Boolean): String! }
  `,
  reviews: `
    type Product @key(fields: "id") @cacheControl(maxAge: 30, scope: PRIVATE) {
      id: ID!
      reviews: [Review!] @cacheControl(inheritMaxAge: true)
    }
    type Review { stars: Int }
  `,
};

const resolvers: Readonly<Record<keyof typeof schemas, GraphQLResolverMap<unknown>>> = {
  products: {
    Query: {
      product: (_: unknown, { id }: { id: string }) => ({ id }),
      uncached: () => ({ id: '1' }),
      failing: () => {
        throw new Error('The database is on fire.');
      },
      refused: () => {
        throw new GraphQLError('Not for you.', { extensions: { code: 'FORBIDDEN', hint: 'ask' } });
      },
    },
    Mutation: { rename: (_: unknown, args: object) => args },
    Product: {
      name: ({ id, name }: { id: string; name?: string }, { upper }: { upper?: boolean }) => {
        const text = name ?? `Product ${id}`;
        return upper === true ? text.toUpperCase() : text;
      },
    },
  },
  reviews: { Product: { reviews: () => [{ stars: 4 }, { stars: 5 }] } },
};

/** Starts the subgraphs on free ports. */
export async function startShop(): Promise<Shop> {
  return startSubgraphs(
    Object.fromEntries(
      Object.entries(schemas).map(([name, schema]) => [
        name,
        { schema: cacheControl + schema, resolvers: resolvers[name as keyof typeof schemas] },
      ]),
    ),
  );
}

/** Starts subgraphs on free ports, each with a schema without the federation link. */
export async function startSubgraphs(
  parts: Readonly<Record<string, { schema: string; resolvers: GraphQLResolverMap<unknown> }>>,
): Promise<Shop> {
  const received: Shop['received'] = [];
  const servers: ApolloServer[] = [];
  const subgraphs: RunningSubgraph[] = [];
  for (const [name, { schema, resolvers }] of Object.entries(parts)) {
    const typeDefs = linkFederation + schema;
    const server = new ApolloServer({
      schema: buildSubgraphSchema([{ typeDefs: parse(typeDefs), resolvers }]),
      plugins: [ApolloServerPluginInlineTraceDisabled()],
      includeStacktraceInErrorResponses: false,
    });
    servers.push(server);
    const { url } = await startStandaloneServer(server, {
      listen: { host: '127.0.0.1', port: 0 },
      context: async ({ req: { headers } }) => {
        received.push({ subgraph: name, authorization: headers.authorization });
        return {};
      },
    });
    subgraphs.push({ name, url, typeDefs });
  }
  const composed = compose(
    Object.fromEntries(Object.entries(parts).map(([name, { schema }]) => [name, schema])),
  );
  const supergraphSdl = subgraphs.reduce(
    (sdl, { name, url }) => sdl.replaceAll(`http://${name}.test/graphql`, url),
    composed,
  );
  return {
    subgraphs,
    supergraphSdl,
    received,
    stop: async () => {
      await Promise.all(servers.map((server) => server.stop()));
    },
  };
}
