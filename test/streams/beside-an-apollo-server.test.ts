import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createConnection, type AddressInfo } from 'node:net';
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import { afterEach, afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GraphQLError } from 'graphql';
import { createClient } from 'graphql-sse';
import {
  createSubscriptionHandler,
  operationLimits,
  type SubscriptionHandler,
  type SubscriptionHandlerOptions,
  SupergraphGateway,
} from '../../engine/index.ts';
import { until } from '../support/until.ts';
import { openStream } from './read-events.ts';
import { startStreamGraph, type StreamGraph } from './stream-graph.ts';

interface Context {
  readonly user: string | undefined;
}

/** A user's own server: subscriptions by the handler, all else by Apollo Server. */
interface OwnServer {
  readonly url: string;
  readonly server: ApolloServer<Context>;
  readonly handler: SubscriptionHandler<Context>;
  readonly ended: unknown[];
}

describe('streams: subscriptions beside an Apollo Server', () => {
  let graph: StreamGraph;
  let own: OwnServer | undefined;
  beforeAll(async () => {
    graph = await startStreamGraph();
  });
  afterEach(async () => {
    await own?.server.stop();
    own = undefined;
  });
  afterAll(async () => {
    await graph.stop();
  });
  const opened = async (count: number): Promise<void> => until(() => graph.feed.open === count);

  const start = async (
    options: Partial<SubscriptionHandlerOptions<Context>> = {},
    plugins: ApolloServerPlugin<Context>[] = [],
  ): Promise<OwnServer> => {
    const gateway = new SupergraphGateway({
      supergraphSdl: graph.supergraph,
      logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
      access: { claims: ({ user }) => (user === undefined ? undefined : { sub: user as string }) },
      subgraphHeaders: ({ context: { user } }) => ({ 'x-user': String(user) }),
    });
    const http: Server = createServer();
    const server = new ApolloServer<Context>({
      gateway,
      plugins: [...plugins, ApolloServerPluginDrainHttpServer({ httpServer: http })],
    });
    const context = ({ req }: { req: { headers: { authorization?: string | undefined } } }) => {
      const { authorization: user } = req.headers;
      if (user === 'nobody') {
        throw new GraphQLError('No.', { extensions: { code: 'NO', http: { status: 401 } } });
      }
      return { user };
    };
    const ended: unknown[] = [];
    const handler = createSubscriptionHandler({
      ...{ gateway, server, context },
      onEnded: (_context, reason, events) => ended.push([reason, events]),
      ...options,
    });
    await server.start();
    http.on('request', (request, response) => {
      if (handler.takes(request)) void handler.handle(request, response);
      else response.writeHead(418).end();
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    const { port } = http.address() as AddressInfo;
    return (own = { url: `http://127.0.0.1:${port}`, server, handler, ended });
  };

  it('serves Apollo Client, with the events completed, and headers of the viewer for the rest', async () => {
    const { url, handler, ended } = await start();
    const client = new ApolloClient({
      cache: new InMemoryCache(),
      link: new HttpLink({ uri: `${url}/graphql`, headers: { authorization: 'ann' } }),
    });
    const received: unknown[] = [];
    const subscription = client
      .subscribe({ query: gql('subscription { mine { id label owner { name } } }') })
      .subscribe(({ data }) => received.push(data));
    await opened(1);
    expect(handler.size).toBe(1);
    graph.feed.send({ id: '1', place: 'Gate 🎁' });
    await until(() => received.length === 1);
    expect(received).toMatchObject([
      { mine: { id: '1', label: '1 at Gate 🎁', owner: { name: 'Owner of 1' } } },
    ]);
    expect(graph.calls.at(-1)?.['x-user']).toBe('ann');
    subscription.unsubscribe();
    await opened(0);
    await until(() => ended.length === 1);
    expect(ended).toEqual([['client left', 1]]);
    client.stop();
  });

  it('serves the client of graphql-sse, queries too', async () => {
    const { url } = await start();
    const client = createClient({ url: `${url}/graphql`, retryAttempts: 0 });
    const results = client.iterate({ query: 'subscription { moved { id } }' });
    const first = results.next();
    await opened(1);
    graph.feed.send({ id: '8', place: 'Ship' });
    expect((await first).value).toEqual({ data: { moved: { id: '8' } } });
    const query = client.iterate({ query: '{ open }' });
    expect((await query.next()).value).toEqual({ data: { open: 1 } });
    await results.return?.();
    await opened(0);
    client.dispose();
  });

  it('passes the plugins of the server, as its other operations do', async () => {
    const seen: string[] = [];
    const { url } = await start({}, [
      operationLimits({ limits: { maxDepth: 2 } }),
      {
        requestDidStart: async () => ({
          didResolveOperation: async ({ operation }) =>
            void seen.push(String(operation?.operation)),
        }),
      },
    ]);
    const refused = await openStream(url, 'subscription { moved { owner { name } } }');
    await refused.ended;
    expect(refused.events).toMatchObject([
      { name: 'next', data: { errors: [{ message: expect.stringContaining('deep') }] } },
      { name: 'complete' },
    ]);
    const stream = await openStream(url, 'subscription { moved { id } }');
    await opened(1);
    stream.leave();
    await opened(0);
    expect(seen).toEqual(['subscription']);
  });

  it.each([
    ['subscription { moved { nothing } }', {}, 'GRAPHQL_VALIDATION_FAILED'],
    ['subscription { mine { id } }', {}, 'UNAUTHENTICATED'],
    ['subscription { moved { id } }', { authorization: 'nobody' }, 'NO'],
    ['subscription { refused { id } }', {}, 'FORBIDDEN'],
  ])('refuses: %s', async (query, headers, code) => {
    const { url } = await start();
    const stream = await openStream(url, query, { headers });
    await stream.ended;
    expect(stream.response.status).toBe(200);
    expect(stream.events).toMatchObject([
      { name: 'next', data: { errors: [{ extensions: { code } }] } },
      { name: 'complete' },
    ]);
  });

  it.each([
    ['text/plain', '{}', 400],
    ['application/json', '[]', 400],
    ['application/json', '{"query":1}', 400],
    ['application/json', `{"query":"${'x'.repeat(300_000)}"}`, 413],
  ])('refuses an invalid request (%s, %.20s)', async (type, body, status) => {
    const { url } = await start();
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { accept: 'multipart/mixed;subscriptionSpec=1.0', 'content-type': type },
      body,
    });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: /./ } }] });
  });

  it('ends a subscription with its token, its session and the server, and says so', async () => {
    const endsAt = Date.now() + 2_000;
    const { url, handler, server } = await start({
      endsAt: ({ user }) => (user === 'brief' ? endsAt : undefined),
    });
    const query = 'subscription { moved { id } }';
    const [brief, session, last] = await Promise.all(
      ['brief', 'session', 'last'].map((user) =>
        openStream(url, query, { headers: { authorization: user } }),
      ),
    );
    await opened(3);
    handler.endSessions(({ user }) => user === 'session');
    await session?.ended;
    await brief?.ended;
    await opened(1);
    await server.stop();
    own = undefined;
    await last?.ended;
    const codesOf = [brief, session, last].map((stream) => JSON.stringify(stream?.events));
    expect(codesOf[0]).toContain('SUBSCRIPTION_TOKEN_EXPIRED');
    expect(codesOf[1]).toContain('SUBSCRIPTION_SESSION_ENDED');
    expect(codesOf[2]).toContain('SUBSCRIPTION_SERVER_STOPS');
    await opened(0);
  });

  it('limits subscriptions of a viewer, and cuts off one that does not read', async () => {
    const { url, handler } = await start({
      maxPerViewer: 1,
      viewerOf: ({ user = '' }) => user,
      sendTimeoutMs: 400,
    });
    const query = 'subscription { moved { id place } }';
    const body = JSON.stringify({ query });
    const socket = createConnection(Number(new URL(url).port), '127.0.0.1');
    socket.write(
      `POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\naccept: text/event-stream\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    await opened(1);
    socket.pause();
    const second = await openStream(url, query);
    await second.ended;
    expect(JSON.stringify(second.events)).toContain('SUBSCRIPTION_LIMIT');
    const place = 'x'.repeat(200_000);
    for (let id = 0; id < 200 && graph.feed.open > 0; id += 1) {
      graph.feed.send({ id: String(id), place });
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await opened(0);
    await until(() => handler.size === 0);
    const third = await openStream(url, query);
    await opened(1);
    third.leave();
    socket.destroy();
    await opened(0);
  });

  it('ends those behind another on their connection, when it is lost', async () => {
    const { url, handler } = await start();
    const bodies = [1, 2, 3].map((id) =>
      JSON.stringify({ query: `subscription { moved(id: ${id}) { id } }` }),
    );
    const socket = createConnection(Number(new URL(url).port), '127.0.0.1');
    socket.write(
      bodies
        .map(
          (body) =>
            `POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\naccept: text/event-stream\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
        )
        .join(''),
    );
    await opened(3);
    socket.destroy();
    await opened(0);
    expect(handler.size).toBe(0);
  });

  it('refuses options that it does not know, and data sources', () => {
    const gateway = new SupergraphGateway({ supergraphSdl: graph.supergraph });
    const server = new ApolloServer<Context>({ gateway });
    const context = () => ({ user: undefined });
    expect(() =>
      createSubscriptionHandler({ gateway, server, context, heartbeatMS: 1 } as never),
    ).toThrow('createSubscriptionHandler has no option "heartbeatMS"; did you mean "heartbeatMs"?');
    const withSources = new SupergraphGateway({
      supergraphSdl: graph.supergraph,
      buildService: () => ({ process: () => Promise.resolve({}) }),
    });
    expect(() => createSubscriptionHandler({ gateway: withSources, server, context })).toThrow(
      'buildService',
    );
  });
});

function quiet(): void {
  // The log is not looked at.
}
