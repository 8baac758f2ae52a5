import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { startTestGateway, type TestGateway } from '../gateway/test-gateway.ts';
import {
  createAccessToken,
  createSigningKey,
  type KeyServer,
  startKeyServer,
} from '../gateway/token-issuer.ts';
import { until } from '../support/until.ts';
import { startStreamGraph, type StreamGraph } from './stream-graph.ts';

describe('streams: subscriptions over WebSockets', () => {
  const key = createSigningKey('one');
  let keys: KeyServer;
  let graph: StreamGraph;
  let gateway: TestGateway;
  beforeAll(async () => {
    keys = await startKeyServer([key]);
    graph = await startStreamGraph();
    gateway = await startTestGateway(graph, {
      jwksUrl: keys.jwksUrl,
      settings: { cors: { origins: ['https://shop.test'] } },
    });
  });
  afterAll(async () => {
    await gateway.stop();
    await graph.stop();
    await keys.stop();
  });
  const address = (): string => `${gateway.url.replace('http', 'ws')}/graphql`;
  const clientOf = (options: object = {}): Client =>
    createClient({ url: address(), webSocketImpl: WebSocket, retryAttempts: 0, ...options });
  const opened = async (count: number): Promise<void> => until(() => graph.feed.open === count);

  it('serves the client of graphql-ws: events, and queries on the same socket', async () => {
    const client = clientOf();
    const events = client.iterate({ query: 'subscription { moved { id label owner { name } } }' });
    const first = events.next();
    await opened(1);
    graph.feed.send({ id: '1', place: 'Gate 🎁' });
    expect((await first).value).toEqual({
      data: { moved: { id: '1', label: '1 at Gate 🎁', owner: { name: 'Owner of 1' } } },
    });
    const query = client.iterate({ query: '{ open }' });
    expect((await query.next()).value).toEqual({ data: { open: 1 } });
    graph.feed.send({ id: '13', place: 'Dock' });
    expect((await events.next()).value).toMatchObject({
      data: { moved: { owner: null } },
      errors: [{ path: ['moved', 'owner'], extensions: { code: 'NOT_FOUND' } }],
    });
    await events.return?.();
    await opened(0);
    await client.dispose();
  });

  it('answers @defer with one response, whatever the handshake accepts', async () => {
    class AcceptingParts extends WebSocket {
      constructor(url: string, protocols: string) {
        super(url, protocols, { headers: { accept: 'multipart/mixed;deferSpec=20220824' } });
      }
    }
    const client = clientOf({ webSocketImpl: AcceptingParts });
    const query = client.iterate({ query: '{ __typename ... @defer { open } }' });
    expect((await query.next()).value).toEqual({ data: { __typename: 'Query', open: 0 } });
    await client.dispose();
  });

  it.each([
    ['subscription { moved { nothing } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['{ open ', 'GRAPHQL_PARSE_FAILED'],
    ['subscription ($s: Boolean!) { moved @skip(if: $s) { id } }', 'GRAPHQL_VALIDATION_FAILED'],
  ])('refuses an operation alone: %s', async (query, code) => {
    const client = clientOf();
    const other = client.iterate({ query: 'subscription { moved { id } }' });
    const first = other.next();
    await opened(1);
    await expect(client.iterate({ query }).next()).rejects.toMatchObject([
      { extensions: { code } },
    ]);
    graph.feed.send({ id: '2', place: 'A' });
    expect((await first).value).toEqual({ data: { moved: { id: '2' } } });
    await client.dispose();
    await opened(0);
  });

  it('opens nothing that its viewer may not see', async () => {
    const client = clientOf();
    const before = graph.feed.opened;
    const events = client.iterate({ query: 'subscription { mine { id } }' });
    expect((await events.next()).value).toMatchObject({
      data: { mine: null },
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
    expect((await events.next()).done).toBe(true);
    expect(graph.feed.opened).toBe(before);
    await client.dispose();
  });

  it('says that the subgraph has failed, for that operation alone', async () => {
    const client = clientOf();
    const first = client.iterate({ query: 'subscription { moved { id } }' }).next();
    await opened(1);
    graph.kill();
    await expect(first).rejects.toMatchObject([{ extensions: { code: 'SUBGRAPH_ERROR' } }]);
    const query = client.iterate({ query: '{ open }' });
    expect((await query.next()).value).toEqual({ data: { open: 0 } });
    await client.dispose();
  });

  it('takes the token of connection_init, closes with 4403 when it expires, and takes the next', async () => {
    let tokens = 0;
    const closes: unknown[] = [];
    const client = clientOf({
      retryAttempts: 3,
      connectionParams: () => {
        tokens += 1;
        const now = Date.now();
        const exp = Math.floor(now / 1000) + (tokens === 1 ? 3 : 600);
        return { authorization: `Bearer ${createAccessToken(key, now, { claims: { exp } })}` };
      },
      on: { closed: (event: { readonly code: number }) => closes.push(event.code) },
    });
    const events = client.iterate({ query: 'subscription { mine { id } }' });
    const first = events.next();
    await opened(1);
    await until(() => tokens === 2);
    await opened(1);
    graph.feed.send({ id: '3', place: 'A' });
    expect((await first).value).toEqual({ data: { mine: { id: '3' } } });
    expect(closes).toEqual([4403]);
    await events.return?.();
    await client.dispose();
    await opened(0);
  });

  it('closes with 4403 for a token that is not valid, and refuses pages of other origins', async () => {
    const closes: unknown[] = [];
    const client = clientOf({
      connectionParams: { authorization: 'Bearer no-token' },
      on: { closed: (event: { readonly code: number }) => closes.push(event.code) },
    });
    await expect(client.iterate({ query: '{ open }' }).next()).rejects.toBeDefined();
    expect(closes).toEqual([4403]);
    const statusFor = async (origin: string): Promise<number> => {
      const socket = new WebSocket(address(), 'graphql-transport-ws', { origin });
      const status = await Promise.race([
        once(socket, 'open').then(() => 101),
        once(socket, 'unexpected-response').then(
          ([, response]) => (response as { statusCode: number }).statusCode,
        ),
      ]);
      socket.on('error', () => undefined);
      socket.terminate();
      return status;
    };
    expect(await statusFor('https://evil.test')).toBe(403);
    expect(await statusFor('https://shop.test')).toBe(101);
    expect(await statusFor(gateway.url)).toBe(101);
  });

  it('closes with 1012 when the server stops, and is gone', async () => {
    const stopping = await startTestGateway(graph);
    const closes: unknown[] = [];
    const client = clientOf({
      url: `${stopping.url.replace('http', 'ws')}/graphql`,
      on: { closed: (event: { readonly code: number }) => closes.push(event.code) },
    });
    const first = client.iterate({ query: 'subscription { moved { id } }' }).next();
    first.catch(() => undefined);
    await opened(1);
    const began = performance.now();
    await stopping.stop();
    expect(performance.now() - began).toBeLessThan(8_000);
    await until(() => closes.length === 1);
    expect(closes).toEqual([1012]);
    await opened(0);
  });
});
