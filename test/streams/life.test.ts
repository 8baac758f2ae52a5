import { writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { startTestGateway, type TestGateway } from '../gateway/test-gateway.ts';
import {
  createAccessToken,
  createSigningKey,
  type KeyServer,
  startKeyServer,
} from '../gateway/token-issuer.ts';
import { until } from '../support/until.ts';
import { openStream } from './read-events.ts';
import { startStreamGraph, type StreamGraph } from './stream-graph.ts';

describe('streams: what ends a subscription', () => {
  const key = createSigningKey('one');
  let keys: KeyServer;
  let graph: StreamGraph;
  let gateway: TestGateway | undefined;
  const start = async (settings = {}): Promise<TestGateway> => {
    gateway = await startTestGateway(graph, {
      jwksUrl: keys.jwksUrl,
      settings: { subscriptions: { reloadSpreadMs: 0, newestOnly: ['arrived'], ...settings } },
    });
    return gateway;
  };
  beforeAll(async () => {
    keys = await startKeyServer([key]);
    graph = await startStreamGraph();
  });
  afterEach(async () => {
    await gateway?.stop();
    gateway = undefined;
  });
  afterAll(async () => {
    await graph.stop();
    await keys.stop();
  });
  const opened = async (count: number): Promise<void> => until(() => graph.feed.open === count);
  const ended = (code: string) => [
    { name: 'next', data: { errors: [{ extensions: { code } }] } },
    { name: 'complete' },
  ];

  it('the end of its access token', async () => {
    const { url } = await start();
    const now = Date.now();
    const exp = Math.floor(now / 1000) + 3;
    const token = createAccessToken(key, now, { claims: { exp } });
    const headers = { authorization: `Bearer ${token}` };
    const stream = await openStream(url, 'subscription { mine { id } }', { headers });
    await opened(1);
    await stream.ended;
    expect(stream.events).toMatchObject(ended('SUBSCRIPTION_TOKEN_EXPIRED'));
    expect(Date.now()).toBeGreaterThanOrEqual(exp * 1000 - 50);
    await opened(0);
  });

  it('nothing while there is room: the process refuses one too many, over every protocol', async () => {
    const { url } = await start({ maxOpen: 3, maxPerViewer: 100 });
    // Equal ones would share one at the subgraph.
    const queryOf = (id: number) => `subscription { moved(id: ${id}) { id } }`;
    const socket = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });
    const multipart = 'multipart/mixed;subscriptionSpec=1.0';
    const streams = [
      await openStream(url, queryOf(1)),
      await openStream(url, queryOf(2), { headers: { accept: multipart } }),
    ];
    const query = queryOf(3);
    const overSocket = socket.iterate({ query });
    const event = overSocket.next();
    await opened(3);
    const refused = await openStream(url, query);
    await refused.ended;
    expect(refused.events).toMatchObject([
      { data: { errors: [{ extensions: { code: 'OVERLOADED', retryAfterSeconds: 1 } }] } },
      { name: 'complete' },
    ]);
    const accept = `${multipart}, application/graphql-response+json`;
    const { response } = await openStream(url, query, { headers: { accept } });
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    await expect(socket.iterate({ query }).next()).rejects.toMatchObject([
      { extensions: { code: 'OVERLOADED' } },
    ]);
    // Those that are open go on, queries are answered, and there is room again when one has ended.
    expect((await gateway?.ask('{ open }'))?.data).toEqual({ open: 3 });
    streams[1]?.leave();
    await opened(2);
    const next = await openStream(url, queryOf(4));
    await opened(3);
    graph.feed.send({ id: '1', place: 'A' });
    expect((await event).value).toEqual({ data: { moved: { id: '1' } } });
    await until(() => next.events.length === 1 && streams[0]?.events.length === 1);
    for (const stream of [streams[0], next]) stream?.leave();
    await socket.dispose();
    await opened(0);
  });

  it('nothing while its viewer has at most 50: the 51st is refused, over every protocol', async () => {
    const { url } = await start();
    const tokenOf = (sub: string): string =>
      `Bearer ${createAccessToken(key, Date.now(), { claims: { sub, sid: `of-${sub}` } })}`;
    const [ann, bob] = [tokenOf('1'), tokenOf('2')];
    // Equal ones would share one at the subgraph.
    let id = 0;
    const query = (): string => `subscription { moved(id: ${(id += 1)}) { id } }`;
    const multipart = 'multipart/mixed;subscriptionSpec=1.0, application/graphql-response+json';
    const overSse = (authorization: string) =>
      openStream(url, query(), { headers: { authorization } });
    const inParts = (authorization: string) =>
      openStream(url, query(), { headers: { authorization, accept: multipart } });
    const socket = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: { authorization: ann },
    });
    const overSocket = () => {
      const events = socket.iterate({ query: query() });
      const first = events.next();
      first.catch(() => undefined);
      return { first, leave: () => void events.return?.() };
    };
    const open = [
      ...(await Promise.all(Array.from({ length: 20 }, () => overSse(ann)))),
      ...(await Promise.all(Array.from({ length: 20 }, () => inParts(ann)))),
      ...Array.from({ length: 10 }, overSocket),
    ];
    await opened(50);

    const isRefused = async (): Promise<void> => {
      const error = { extensions: { code: 'SUBSCRIPTION_LIMIT' } };
      const sse = await overSse(ann);
      await sse.ended;
      expect(sse.events).toMatchObject([{ data: { errors: [error] } }, { name: 'complete' }]);
      const parts = await inParts(ann);
      await parts.ended;
      expect(parts.response.status).toBe(429);
      expect(JSON.parse(parts.text())).toMatchObject({ errors: [error] });
      await expect(overSocket().first).rejects.toMatchObject([error]);
    };
    await isRefused();
    // Another viewer has room, and so has this one where one has ended.
    const bobs = await overSse(bob);
    await opened(51);
    for (const [first, again] of [
      [open[0], () => overSse(ann)],
      [open[20], () => inParts(ann)],
      [open[40], overSocket],
    ] as const) {
      first?.leave();
      await opened(50);
      open.push(await again());
      await opened(51);
      await isRefused();
    }
    for (const each of [...open, bobs]) each.leave();
    await socket.dispose();
    await opened(0);
  });

  it('nothing where many events come at once for clients that read, over every protocol', async () => {
    const { url } = await start({ queueMax: 4 });
    // Equal ones share one at the subgraph.
    const queryOf = (at: number): string =>
      `subscription { moved(id: ${at}) { id owner { name } } }`;
    const many = 300;
    const ids = Array.from({ length: many }, (_, at) => String(100 + at));
    const sse = await Promise.all([openStream(url, queryOf(1)), openStream(url, queryOf(1))]);
    const accept = 'multipart/mixed;subscriptionSpec=1.0';
    const parts = await openStream(url, queryOf(2), { headers: { accept } });
    const socket = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });
    const events = socket.iterate<{ moved: { id: string } }>({ query: queryOf(3) });
    const overSocket = (async () => {
      const seen: unknown[] = [];
      for await (const { data } of events) if (seen.push(data?.moved.id) === many) break;
      return seen;
    })();
    await opened(3);
    for (const id of ids) graph.feed.send({ id, place: 'Gate' });
    expect(await overSocket).toEqual(ids);
    for (const each of sse) {
      await until(() => each.events.length === many);
      expect(each.events.map(({ data }) => data)).toEqual(
        ids.map((id) => ({ data: { moved: { id, owner: { name: `Owner of ${id}` } } } })),
      );
    }
    const idsInParts = (): unknown[] =>
      [...parts.text().matchAll(/"id":"(\d+)"/g)].map(([, id]) => id);
    await until(() => idsInParts().length === many);
    expect(idsInParts()).toEqual(ids);
    for (const each of [...sse, parts]) each.leave();
    await socket.dispose();
    await opened(0);
  });

  it('a stop of the server, which tells all clients and is then over', async () => {
    const { url, stop } = await start({ maxPerViewer: 100 });
    const streams = await Promise.all(
      Array.from({ length: 60 }, (_, id) =>
        openStream(url, `subscription { moved(id: ${id}) { id } }`),
      ),
    );
    await opened(60);
    const began = performance.now();
    gateway = undefined;
    await stop();
    expect(performance.now() - began).toBeLessThan(8_000);
    await Promise.all(streams.map((stream) => stream.ended));
    for (const { events } of streams) {
      expect(events).toMatchObject(ended('SUBSCRIPTION_SERVER_STOPS'));
    }
    await opened(0);
  });

  it('another plan on a new supergraph; those with the same plan miss nothing', async () => {
    const { url, supergraphPath } = await start();
    const same = await openStream(url, 'subscription { moved { id owner { name } } }');
    const other = await openStream(url, 'subscription { moved { id label } }');
    await opened(2);
    graph.feed.send({ id: '1', place: 'A' });
    await until(() => same.events.length === 1 && other.events.length === 1);
    // The field `label` is no longer part of the graph.
    const without = graph.supergraph.replace(/^ *label: String.*$/m, '');
    expect(without).not.toBe(graph.supergraph);
    await writeFile(supergraphPath, without);
    await other.ended;
    expect(other.events.slice(1)).toMatchObject(ended('SUBSCRIPTION_SCHEMA_RELOAD'));
    await opened(1);
    graph.feed.send({ id: '2', place: 'B' });
    await until(() => same.events.length === 2);
    expect(same.events[1]?.data).toEqual({
      data: { moved: { id: '2', owner: { name: 'Owner of 2' } } },
    });
    same.leave();
    await opened(0);
  });

  it.each([
    ['moved', 'SUBSCRIPTION_TOO_SLOW'],
    ['arrived', undefined],
  ])('a reader that stops costs a bounded queue (%s: %s)', async (field, code) => {
    const { url, log } = await start({ queueMax: 8 });
    const { port } = new URL(url);
    const body = JSON.stringify({ query: `subscription { ${field} { id place } }` });
    const socket = createConnection(Number(port), '127.0.0.1');
    socket.write(
      `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\naccept: text/event-stream\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    await opened(1);
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.pause();
    const place = 'x'.repeat(100_000);
    const before = process.memoryUsage().external;
    const isEnded = (): boolean => log.some(({ msg }) => msg === 'subscription ended');
    for (let id = 1; id <= 400 && graph.feed.open === 1; id += 1) {
      graph.feed.send({ id: String(id), place });
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(process.memoryUsage().external - before).toBeLessThan(40_000_000);
    if (code === undefined) graph.feed.send({ id: 'newest', place: 'here' });
    else await opened(0);
    socket.resume();
    await until(() => text.includes(code ?? '"newest"'));
    socket.destroy();
    await until(isEnded);
    await opened(0);
  });
});
