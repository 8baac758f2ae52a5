import { composeServices } from '@apollo/composition';
import { LocalGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { afterEach, describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { SupergraphGateway, type SupergraphGatewayOptions } from '../../engine/index.ts';
import { compose, linkFederation } from '../support/federation.ts';

const schema = `
  type Query {
    open: Int
    mine: Int @authenticated
    paid: Int @requiresScopes(scopes: [["paid"]])
    a: Int @policy(policies: [["p", "q"]])
    b: Int @policy(policies: [["q"], ["r"]])
  }
`;

interface Context {
  readonly user?: { readonly scope?: string; readonly grants?: readonly string[] };
}

describe('access as an option of the gateway in an Apollo Server', () => {
  const servers: ApolloServer<Context>[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
  });

  const serve = async (
    access: Partial<NonNullable<SupergraphGatewayOptions['access']>> = {},
    warnings: string[] = [],
    options: Partial<SupergraphGatewayOptions> = {},
  ): Promise<ApolloServer<Context>> => {
    const gateway = new SupergraphGateway({
      supergraphSdl: compose({ only: schema }),
      buildService: () =>
        new LocalGraphQLDataSource(
          buildSubgraphSchema([
            {
              typeDefs: parse(linkFederation + schema),
              resolvers: {
                Query: { open: () => 1, mine: () => 2, paid: () => 3, a: () => 4, b: () => 5 },
              },
            },
          ]),
        ),
      logger: { ...quiet, warn: (message) => void warnings.push(message) },
      access: { claims: ({ user }) => user as Context['user'], ...access },
      ...options,
    });
    const server = new ApolloServer<Context>({ gateway });
    servers.push(server);
    await server.start();
    return server;
  };
  const ask = async (
    server: ApolloServer<Context>,
    query: string,
    contextValue: Context = {},
  ): Promise<{ data?: unknown; errors?: readonly { path?: unknown }[]; status: number }> => {
    const { body, http } = await server.executeOperation({ query }, { contextValue });
    if (body.kind !== 'single') throw new Error('Expected one answer.');
    const { data, errors } = body.singleResult;
    return { data: { ...data }, ...(errors && { errors }), status: http.status ?? 200 };
  };

  it('identifies viewers by the claims in the context value, without warnings', async () => {
    const warnings: string[] = [];
    const server = await serve({}, warnings);
    const query = '{ open mine paid }';
    expect((await ask(server, query)).data).toEqual({ open: 1, mine: null, paid: null });
    const { data } = await ask(server, query, { user: { scope: 'free paid' } });
    expect(data).toEqual({ open: 1, mine: 2, paid: 3 });
    expect(warnings).toEqual([]);
  });

  it('threat 35: enforces directives that the subgraphs import under other names', async () => {
    const link = `extend schema @link(
      url: "https://specs.apollo.dev/federation/v2.9"
      import: ["@shareable", { name: "@authenticated", as: "@known" }, { name: "@policy", as: "@may" }]
    )`;
    const sdl = `${link} type Query {
      open: Int @shareable
      mine: Int @shareable @known
      paid: Int @federation__requiresScopes(scopes: [["paid"]])
      a: Int @may(policies: [["p"]])
    }`;
    const { supergraphSdl } = composeServices([
      { name: 'one', url: 'http://one.test', typeDefs: parse(sdl) },
      {
        name: 'two',
        url: 'http://two.test',
        typeDefs: parse(`${link} type Query { open: Int @shareable, mine: Int @shareable }`),
      },
    ]);
    const server = await serve({}, [], { supergraphSdl: supergraphSdl ?? '' });
    const { data } = await ask(server, '{ open mine paid a }');
    expect(data).toEqual({ open: 1, mine: null, paid: null, a: null });
    expect((await ask(server, '{ mine }', { user: {} })).data).toEqual({ mine: 2 });
  });

  it('evaluates each policy of an operation once per request', async () => {
    const asked: string[] = [];
    const server = await serve({
      policies: async (policy, { claims }) => {
        asked.push(policy);
        await Promise.resolve();
        return (claims?.grants as readonly string[]).includes(policy);
      },
    });
    const user = { grants: ['q'] };
    const { data, errors } = await ask(server, '{ open a b again: a }', { user });
    expect(data).toEqual({ open: 1, a: null, b: 5, again: null });
    expect(errors?.map(({ path }) => path)).toEqual([['a'], ['again']]);
    expect(asked.sort()).toEqual(['p', 'q', 'r']);
    await ask(server, '{ open }', { user });
    expect(asked).toHaveLength(3);
  });

  it('answers 401 to anonymous requests when authentication is required', async () => {
    const server = await serve({ requireAuthentication: true });
    const { status, errors } = await ask(server, '{ open }');
    expect(status).toBe(401);
    expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }]);
    expect((await ask(server, '{ open }', { user: {} })).data).toEqual({ open: 1 });
  });
});

const quiet = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {
  // The test checks responses, not logs.
}
