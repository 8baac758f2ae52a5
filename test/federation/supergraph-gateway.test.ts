import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type GraphQLDataSource, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/index.js';
import { afterEach, describe, expect, it } from '@jest/globals';
import { graphql, type GraphQLSchema, parse } from 'graphql';
import {
  SupergraphGateway,
  type SupergraphGatewayOptions,
  type SupergraphSdlHookOptions,
} from '../../engine/index.ts';
import { compose, linkFederation } from '../support/federation.ts';

/** Everything a test opened, closed in reverse. */
const opened: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

describe('gateway/supergraph gateway', () => {
  it('replaces ApolloGateway in an Apollo Server, over HTTP', async () => {
    const { supergraphSdl } = await shop();
    const server = await serve({ supergraphSdl });
    expect(await ask(server, '{ order { id user { name } } }')).toEqual({
      data: { order: { id: '1', user: { name: 'User 7' } } },
    });
  });

  it('answers invalid variables and an unknown operation with 400', async () => {
    const { supergraphSdl } = await shop();
    const server = await serve({ supergraphSdl });
    const { body, http } = await server.executeOperation({
      query: 'query ($id: ID!) { user(id: $id) { id } }',
      variables: {},
    });
    expect(http.status).toBe(400);
    expect(body).toMatchObject({
      singleResult: { errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] },
    });
  });

  it('merges the Cache-Control of all subgraphs into that of the answer', async () => {
    const { supergraphSdl } = await shop({ users: 'max-age=30, private', orders: 'max-age=60' });
    const server = await serve({ supergraphSdl });
    const headerOf = async (query: string): Promise<string | undefined> => {
      const { http } = await server.executeOperation({ query });
      return http.headers.get('cache-control');
    };
    expect(await headerOf('{ order { id } }')).toBe('max-age=60, public');
    expect(await headerOf('{ order { id user { name } } }')).toBe('max-age=30, private');
  });

  it('must not be cached when a subgraph has no cache control', async () => {
    const { supergraphSdl } = await shop({ users: 'max-age=30' });
    const server = await serve({ supergraphSdl });
    const { http } = await server.executeOperation({ query: '{ order { id user { name } } }' });
    expect(http.headers.get('cache-control')).toBe('no-store');
  });

  it('sends the headers for a subgraph, from the context value', async () => {
    const { supergraphSdl, received } = await shop();
    const server = await serve({
      supergraphSdl,
      subgraphHeaders: ({ context, subgraph }) => ({
        'x-viewer': `${String(context.viewer)} at ${subgraph}`,
      }),
    });
    await server.executeOperation(
      { query: '{ order { user { name } } }' },
      { contextValue: { viewer: 'john' } },
    );
    expect(received.map(({ headers }) => headers['x-viewer'])).toEqual([
      'john at orders',
      'john at users',
    ]);
  });

  it('keeps a RemoteGraphQLDataSource with willSendRequest working', async () => {
    const { supergraphSdl, received } = await shop({ users: 'max-age=30' });
    const server = await serve({
      supergraphSdl,
      buildService: ({ url }) =>
        new (class extends RemoteGraphQLDataSource {
          override willSendRequest({ request }: Parameters<GraphQLDataSource['process']>[0]): void {
            request.http?.headers.set('x-sent-by', 'data source');
          }
        })({ url }),
    });
    const { body, http } = await server.executeOperation({ query: '{ user(id: 3) { name } }' });
    expect(body).toMatchObject({ singleResult: { data: { user: { name: 'User 3' } } } });
    expect(received[0]?.headers['x-sent-by']).toBe('data source');
    expect(http.headers.get('cache-control')).toBe('max-age=30, public');
  });

  it('swaps the supergraph while serving: new requests use the new one, those in flight the old one', async () => {
    const { supergraphSdl, hold } = await shop();
    let update: (sdl: string) => void = () => undefined;
    const server = await serve({
      supergraphSdl: async (hook) => {
        update = hook.update;
        return Promise.resolve({ supergraphSdl });
      },
    });
    const release = hold();
    const inFlight = ask(server, '{ order { id user { name } } }');
    await release.reached;
    update(supergraphSdl.replaceAll('order: Order', 'purchase: Order'));
    release.go();
    expect(await inFlight).toEqual({ data: { order: { id: '1', user: { name: 'User 7' } } } });
    expect(await ask(server, '{ order { id } }')).toMatchObject({
      errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
    });
  });

  it('refuses a broken supergraph and keeps the previous one', async () => {
    const { supergraphSdl } = await shop();
    let update: (sdl: string) => void = () => undefined;
    const server = await serve({
      supergraphSdl: async (hook) => {
        update = hook.update;
        return Promise.resolve({ supergraphSdl });
      },
    });
    expect(() => update(' ')).toThrow(/The supergraph cannot be loaded: it is empty/);
    expect(() => update('type Query {')).toThrow(
      /The supergraph cannot be loaded: it is malformed in line 1: Syntax Error/,
    );
    expect(() => update('type Query { a: Int }')).toThrow(/does not link .*join/);
    expect(() => update(supergraphSdl.replace('type User', 'type Person'))).toThrow(
      /cannot be loaded/,
    );
    expect(await ask(server, '{ order { id } }')).toEqual({ data: { order: { id: '1' } } });
  });

  it('refuses a supergraph whose subgraphs do not pass the check', async () => {
    const { supergraphSdl } = await shop();
    let update: (sdl: string) => void = () => undefined;
    const seen: string[] = [];
    const server = await serve({
      supergraphSdl: async (hook) => {
        update = hook.update;
        return Promise.resolve({ supergraphSdl });
      },
      checkSubgraphs: (subgraphs) => {
        seen.push(subgraphs.map(({ name, url }) => `${name} at ${url}`).join());
        if (subgraphs.some(({ name }) => name === 'strangers')) throw new Error('Who is that?');
      },
    });
    const strange = supergraphSdl.replace('name: "users"', 'name: "strangers"');
    expect(() => update(strange)).toThrow('Who is that?');
    expect(seen).toEqual([
      expect.stringMatching(/users at http/),
      expect.stringMatching(/strangers at http/),
    ]);
    expect(await ask(server, '{ order { id } }')).toEqual({ data: { order: { id: '1' } } });
  });

  it('reads a supergraph in slices, and prefers a newer one that arrives meanwhile', async () => {
    const { supergraphSdl } = await shop();
    const renamed = (field: string): string =>
      supergraphSdl.replaceAll('order: Order', `${field}: Order`);
    let hook: SupergraphSdlHookOptions | undefined;
    const server = await serve({
      supergraphSdl: async (given) => {
        hook = given;
        return Promise.resolve({ supergraphSdl });
      },
    });
    const isServed = async (field: string): Promise<boolean> =>
      !JSON.stringify(await ask(server, `{ ${field} { id } }`)).includes('VALIDATION_FAILED');
    await expect(hook?.updateInSlices('type Query {')).rejects.toThrow(/Syntax Error/);
    expect(await isServed('order')).toBe(true);
    await hook?.updateInSlices(renamed('purchase'));
    expect(await isServed('purchase')).toBe(true);
    // Takes longer to read than one slice.
    const padding = Array.from({ length: 20_000 }, (_, index) => `directive @a${index} on OBJECT`);
    const older = hook?.updateInSlices(`${renamed('older')}\n${padding.join('\n')}`);
    hook?.update(renamed('newer'));
    await older;
    expect(await isServed('newer')).toBe(true);
  });

  it('does not start without a supergraph that can be served', async () => {
    const gateway = new SupergraphGateway({ supergraphSdl: 'nothing', logger: quiet });
    await expect(gateway.load()).rejects.toMatchObject({ code: 'SUPERGRAPH_INVALID' });
  });

  it('accepts a supergraph manager, cleans it up, and provides it with data sources and a health check', async () => {
    const { supergraphSdl } = await shop();
    const seen: unknown[] = [];
    const manager = {
      initialize: async ({ getDataSource, healthCheck }: Hook) => {
        await healthCheck(supergraphSdl);
        const url = /url: "(http:[^"]*users)"/.exec(supergraphSdl)?.[1] ?? '';
        const source = getDataSource({ name: 'users', url });
        const { data } = await source.process({
          kind: 'loading schema',
          request: { query: '{ _service { sdl } }' },
          context: {},
        });
        seen.push(Object.keys(data?._service as object));
        return {
          supergraphSdl,
          cleanup: async () => Promise.resolve(void seen.push('cleaned up')),
        };
      },
    };
    const gateway = new SupergraphGateway({ supergraphSdl: manager, logger: quiet });
    await gateway.load();
    expect(await gateway.serviceHealthCheck()).toEqual([{ name: 'orders' }, { name: 'users' }]);
    await gateway.stop();
    expect(seen).toEqual([['sdl'], 'cleaned up']);
  });

  it('fails the health check with the name of the subgraph that does not answer', async () => {
    const { supergraphSdl } = await shop();
    const gateway = new SupergraphGateway({
      supergraphSdl,
      logger: quiet,
      urlOf: (name, url) => (name === 'users' ? 'http://127.0.0.1:1/' : url),
    });
    opened.push(() => gateway.stop());
    await gateway.load();
    await expect(gateway.serviceHealthCheck()).rejects.toThrow(
      /^\[users\]: Subgraph "users" could not be called/,
    );
  });

  it('shows the query plan only on request', async () => {
    const { supergraphSdl } = await shop();
    const extensionsOf = async (
      options: Partial<SupergraphGatewayOptions>,
      header?: string,
    ): Promise<unknown> => {
      const server = await serve({ supergraphSdl, ...options });
      const headers = new Map(header === undefined ? [] : [[header, 'true']]);
      const { body } = await server.executeOperation({
        query: '{ order { user { name } } }',
        http: { method: 'POST', search: '', body: {}, headers: headers as never },
      });
      return body.kind === 'single' ? body.singleResult.extensions : undefined;
    };
    const sandbox = 'apollo-query-plan-experimental';
    expect(await extensionsOf({ exposeQueryPlan: true }, sandbox)).toMatchObject({
      __queryPlanExperimental: expect.stringContaining('Flatten(path: "order.user")'),
      apolloQueryPlan: { object: { kind: 'QueryPlan', node: { kind: 'Sequence' } } },
    });
    expect(await extensionsOf({ exposeQueryPlan: true })).toBeUndefined();
    expect(await extensionsOf({}, sandbox)).toBeUndefined();
  });

  it('plans the most used operations in advance for a new supergraph', async () => {
    const { supergraphSdl } = await shop();
    let update: (sdl: string) => void = () => undefined;
    const gateway = new SupergraphGateway({
      logger: quiet,
      supergraphSdl: async (hook) => {
        update = hook.update;
        return Promise.resolve({ supergraphSdl });
      },
    });
    const server = await started(gateway);
    await ask(server, '{ order { id } }');
    await ask(server, 'query ($if: Boolean!) { order { id @include(if: $if) } }', { if: true });
    update(`${supergraphSdl}\n`);
    while (gateway.planCacheStatistics.entries < 2)
      await new Promise((resolve) => setImmediate(resolve));
    await ask(server, '{ order { id } }');
    expect(gateway.planCacheStatistics).toMatchObject({ hits: 1, misses: 0, entries: 2 });
  });

  it('warns of what it does not enforce', async () => {
    const warnings: string[] = [];
    const gateway = new SupergraphGateway({
      supergraphSdl: compose({
        a: 'type Query { open: Int secret: Int @authenticated other: Int @requiresScopes(scopes: [["s"]]) @cost(weight: 3) }',
      }),
      logger: { ...quiet, warn: (message) => void warnings.push(message) },
      enforcedDirectives: ['requiresScopes'],
    });
    opened.push(() => gateway.stop());
    await gateway.load();
    expect(warnings).toEqual([
      'NOT ENFORCED: the supergraph uses @authenticated once; anonymous clients are let through.',
      'NOT ENFORCED: the supergraph uses @cost once; operations are not limited by their cost.',
    ]);
  });
});

type Hook = Parameters<
  Extract<SupergraphGatewayOptions['supergraphSdl'], (...args: never) => unknown>
>[0];

const quiet = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {
  // These tests check responses.
}

async function serve(options: SupergraphGatewayOptions): Promise<ApolloServer> {
  return started(new SupergraphGateway({ logger: quiet, ...options }));
}

async function started(gateway: SupergraphGateway): Promise<ApolloServer> {
  const server = new ApolloServer({
    gateway,
    logger: quiet,
    includeStacktraceInErrorResponses: false,
  });
  await server.start();
  opened.push(() => server.stop());
  return server;
}

async function ask(server: ApolloServer, query: string, variables = {}): Promise<unknown> {
  const { body } = await server.executeOperation({ query, variables });
  return JSON.parse(JSON.stringify(body.kind === 'single' ? body.singleResult : body));
}

interface Received {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Two subgraphs behind one HTTP server; `hold` makes the next call wait. */
async function shop(cacheControl: Readonly<Record<string, string>> = {}): Promise<{
  supergraphSdl: string;
  received: Received[];
  hold: () => { reached: Promise<void>; go: () => void };
}> {
  const received: Received[] = [];
  const subgraphs = shopSchemas();
  let gate: { reach: () => void; open: Promise<void> } | undefined;
  const server = createServer((request, response) => {
    const name = request.url?.slice(1) ?? '';
    const schema = subgraphs.get(name);
    const chunks: Buffer[] = [];
    received.push({ headers: request.headers });
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      void (async () => {
        gate?.reach();
        await gate?.open;
        const { query, variables } = JSON.parse(Buffer.concat(chunks).toString()) as {
          query: string;
          variables?: Record<string, unknown>;
        };
        const result =
          schema && (await graphql({ schema, source: query, variableValues: variables }));
        const caching = cacheControl[name];
        response.writeHead(200, {
          'content-type': 'application/json',
          ...(caching !== undefined && { 'cache-control': caching }),
        });
        response.end(JSON.stringify(result));
      })();
    });
  });
  const url = await listen(server);
  const composed = compose({ orders: ordersSchema, users: usersSchema });
  const supergraphSdl = composed.replaceAll(/http:\/\/(\w+)\.test\/graphql/g, `${url}/$1`);
  const hold = (): { reached: Promise<void>; go: () => void } => {
    let go = ignore;
    const open = new Promise<void>((resolve) => (go = resolve));
    const reached = new Promise<void>((resolve) => (gate = { reach: resolve, open }));
    return { reached, go };
  };
  return { supergraphSdl, received, hold };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const ordersSchema = `
  type Query { order: Order }
  type Order @key(fields: "id") { id: ID! user: User }
  type User @key(fields: "id", resolvable: false) { id: ID! }
`;
const usersSchema = `
  type Query { user(id: ID!): User }
  type User @key(fields: "id") { id: ID! name: String }
`;

function shopSchemas(): ReadonlyMap<string, GraphQLSchema> {
  const named = { name: ({ id }: { id: string }) => `User ${id}` };
  return new Map([
    [
      'orders',
      subgraph(ordersSchema, { Query: { order: () => ({ id: '1', user: { id: '7' } }) } }),
    ],
    [
      'users',
      subgraph(usersSchema, { Query: { user: (_: unknown, args: object) => args }, User: named }),
    ],
  ]);
}

function subgraph(schema: string, resolvers: GraphQLResolverMap<unknown>): GraphQLSchema {
  return buildSubgraphSchema([{ typeDefs: parse(linkFederation + schema), resolvers }]);
}
