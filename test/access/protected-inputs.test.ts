import { LocalGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type GraphQLResolveInfo, parse } from 'graphql';
import { SupergraphGateway } from '../../engine/index.ts';
import { callerWith } from '../support/callers.ts';
import {
  compose,
  Federation,
  linkFederation,
  planners,
  type TestSubgraph,
} from '../support/federation.ts';

interface Context {
  readonly scope?: string;
}

const protects = '@requiresScopes(scopes: [["price"]])';

/**
 * Two subgraphs: the second computes values from fields that the first protects; the computed fields may be protected
 * too.
 */
const subgraphs = (also: string): Readonly<Record<string, string>> => ({
  catalog: `
    type Query { shop: Shop }
    type Shop @key(fields: "id") @context(name: "shop") {
      id: ID!
      margin: Int ${protects}
      book: Book
    }
    type Book @key(fields: "id") {
      id: ID!
      price: Int ${protects}
      earns(margin: Int @fromContext(field: "$shop { margin }")): Int ${also}
    }
  `,
  stock: `
    type Book @key(fields: "id") {
      id: ID!
      price: Int @external
      tax: Int @requires(fields: "price") ${also}
      copies: Int
    }
  `,
});

/** A protected field must not be inferred from what is computed from it, or be reachable in another way. */
describe('access: uses of protected fields', () => {
  const servers: ApolloServer<Context>[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
  });

  it('threat 34: is refused by composition when the field that uses it has weaker rules', () => {
    expect(() => compose(subgraphs(''))).toThrow(/"Book.tax".*@requiresScopes/s);
    expect(() => compose(subgraphs(''))).toThrow(/"Book.earns".*@requiresScopes/s);
    expect(() => compose(subgraphs(protects))).not.toThrow();
  });

  it('threat 34: is enforced for @requires and @fromContext when an older composition has accepted it', async () => {
    const older = compose(subgraphs(protects)).replace(
      /^(\s+(?:tax|earns):.*?) @requiresScopes\(.*\)$/gm,
      '$1',
    );
    expect(older.match(/@requiresScopes\(scopes: \[\["price/g)).toHaveLength(2);
    const { ask, resolved } = await serve(older);
    const query = '{ shop { book { copies tax earns } } }';
    const refused = await ask(query, {});
    expect(refused.data).toEqual({ shop: { book: { copies: 2, tax: null, earns: null } } });
    expect(refused.paths).toEqual(['shop.book.tax', 'shop.book.earns']);
    expect(resolved).toEqual(['Query.shop', 'Shop.book', 'Book.copies']);
    const allowed = await ask(query, { scope: 'price' });
    expect(allowed.data).toEqual({ shop: { book: { copies: 2, tax: 10, earns: 30 } } });
  });

  it.each(planners)(
    'threat 34: is not returned when another subgraph provides it, planned by %s',
    async (planner) => {
      const provided = (price: number): object => ({ __typename: 'Book', id: '1', price });
      const federation = new Federation(
        {
          catalog: {
            schema: `
              type Query { book: Book }
              type Book @key(fields: "id") { id: ID! title: String price: Int @shareable ${protects} }
            `,
            resolvers: { Query: { book: () => provided(100) } },
          },
          home: {
            schema: `
              type Query { featured: Book @provides(fields: "price") }
              type Book @key(fields: "id") { id: ID! price: Int @external }
            `,
            resolvers: { Query: { featured: () => provided(100) } },
          },
        },
        { log: () => undefined },
      );
      const query = '{ featured { id price again: price } }';
      const refused = await federation.ask(query, { planner, caller: callerWith() });
      expect(refused.data).toEqual({ featured: { id: '1', price: null, again: null } });
      expect(refused.errors?.map(({ path }) => path?.join('.'))).toEqual([
        'featured.price',
        'featured.again',
      ]);
      expect(JSON.stringify(federation.calls)).not.toContain('price');
      const caller = callerWith({ scopes: ['price'] });
      expect(await federation.ask(query, { planner, caller })).toEqual({
        data: { featured: { id: '1', price: 100, again: 100 } },
      });
    },
  );

  it.each(planners)(
    'threat 35: requires the rules of all subgraphs for one field, planned by %s',
    async (planner) => {
      const subgraph = (scope: string, only: string): TestSubgraph => ({
        schema: `type Query { ${only}: Int total: Int @shareable @requiresScopes(scopes: [["${scope}"]]) }`,
        resolvers: { Query: { total: () => 7, [only]: () => 1 } },
      });
      const federation = new Federation(
        { one: subgraph('a', 'first'), two: subgraph('b', 'second') },
        { log: () => undefined },
      );
      for (const [scopes, total] of [
        [[], null],
        [['a'], null],
        [['b'], null],
        [['a', 'b'], 7],
      ] as const) {
        const answer = await federation.ask('{ first total }', {
          planner,
          caller: callerWith({ scopes }),
        });
        expect(answer.data).toEqual({ first: 1, total });
      }
    },
  );

  /** A gateway on a supergraph, with both subgraphs in this process; `resolved` are the fields they have given. */
  async function serve(supergraphSdl: string): Promise<{
    readonly resolved: readonly string[];
    ask(query: string, viewer: Context): Promise<{ data: unknown; paths: readonly string[] }>;
  }> {
    const resolved: string[] = [];
    const giving =
      (give: (parent: Readonly<Record<string, number>>, args: { margin: number }) => unknown) =>
      (parent: unknown, args: unknown, _context: unknown, info: GraphQLResolveInfo): unknown => {
        resolved.push(`${info.parentType.name}.${info.fieldName}`);
        return give(parent as Readonly<Record<string, number>>, args as { margin: number });
      };
    const resolvers = {
      catalog: {
        Query: { shop: giving(() => ({ id: 's' })) },
        Shop: { margin: giving(() => 30), book: giving(() => ({ id: 'b' })) },
        Book: {
          __resolveReference: (reference: object) => reference,
          price: giving(() => 100),
          earns: giving((_book, { margin }) => margin),
        },
      },
      stock: {
        Book: {
          __resolveReference: (reference: object) => reference,
          tax: giving(({ price = NaN }) => price / 10),
          copies: giving(() => 2),
        },
      },
    };
    const typeDefs = subgraphs(protects);
    const gateway = new SupergraphGateway({
      supergraphSdl,
      logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
      access: { claims: ({ scope }) => (scope === undefined ? undefined : { scope }) },
      buildService: ({ name }) =>
        new LocalGraphQLDataSource(
          buildSubgraphSchema([
            {
              typeDefs: parse(linkFederation + (typeDefs[name] ?? '')),
              resolvers: resolvers[name as keyof typeof resolvers] as never,
            },
          ]),
        ),
    });
    const server = new ApolloServer<Context>({ gateway });
    servers.push(server);
    await server.start();
    return {
      resolved,
      ask: async (query, contextValue) => {
        const { body } = await server.executeOperation({ query }, { contextValue });
        if (body.kind !== 'single') throw new Error('Expected one answer.');
        const { data, errors = [] } = body.singleResult;
        return {
          data: JSON.parse(JSON.stringify(data)) as unknown,
          paths: errors.map(({ path }) => path?.join('.') ?? 'no path'),
        };
      },
    };
  }
});

function ignore(): void {
  // The test checks responses, not logs.
}
