import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, createConnection, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { identityHeader } from '../../common/identity-token.ts';
import { compose } from '../gateway/small-graph.ts';
import { startTestGateway, type TestGateway } from '../gateway/test-gateway.ts';
import {
  createAccessToken,
  createSigningKey,
  type KeyServer,
  startKeyServer,
} from '../gateway/token-issuer.ts';
import { until } from '../support/until.ts';
import { type OpenStream, openStream } from './read-events.ts';
import { startStreamGraph, type StreamGraph } from './stream-graph.ts';

const query = 'subscription { moved { id owner { name } } }';

describe('streams: equal subscriptions of a viewer share one at the subgraph', () => {
  const key = createSigningKey('one');
  let keys: KeyServer;
  let graph: StreamGraph;
  let gateway: TestGateway;
  let open: OpenStream[] = [];
  beforeAll(async () => {
    keys = await startKeyServer([key]);
    graph = await startStreamGraph();
    gateway = await startTestGateway(graph, {
      jwksUrl: keys.jwksUrl,
      settings: {
        subscriptions: {
          ...{ newestOnly: ['arrived'], replaying: ['mine'] },
          ...{ maxOpen: 1_000, maxPerViewer: 600, queueMax: 8 },
        },
        subgraphs: { forwardedHeaders: ['x-region'] },
        rateLimits: { enabled: false },
      },
    });
  });
  afterEach(async () => {
    for (const stream of open) stream.leave();
    open = [];
    await opened(0);
  });
  afterAll(async () => {
    await gateway.stop();
    await graph.stop();
    await keys.stop();
  });
  const opened = async (count: number): Promise<void> => until(() => graph.feed.open === count);
  const tokenOf = (sub: string): string =>
    `Bearer ${createAccessToken(key, Date.now(), { claims: { sub, sid: `of-${sub}` } })}`;
  const follow = async (
    text: string,
    headers: Readonly<Record<string, string>> = {},
    variables = {},
  ): Promise<OpenStream> => {
    const stream = await openStream(gateway.url, text, { headers, variables });
    open.push(stream);
    return stream;
  };
  const send = (id: string): void => graph.feed.send({ id, place: `Gate ${id}` });
  const idsOf = ({ events }: OpenStream): readonly unknown[] =>
    events.map(({ data }) => {
      const { data: result } = data as { data: Record<string, { id: string }> };
      return Object.values(result)[0]?.id;
    });

  it('500 of one viewer: one subscription and one fetch for an event; of two viewers: two', async () => {
    const before = graph.feed.opened;
    const [ann, bob] = [tokenOf('1'), tokenOf('2')];
    for (let count = 0; count < 500; count += 50) {
      await Promise.all(Array.from({ length: 50 }, () => follow(query, { authorization: ann })));
    }
    await opened(1);
    const calls = graph.calls.length;
    send('1');
    await until(() => open.every(({ events }) => events.length === 1));
    expect([graph.feed.opened - before, graph.calls.length - calls]).toEqual([1, 1]);
    for (const { events } of open) {
      const owner = { name: 'Owner of 1' };
      expect(events[0]?.data).toEqual({ data: { moved: { id: '1', owner } } });
    }
    await follow(query, { authorization: bob });
    await opened(2);
    send('2');
    await until(() => open.every(({ events }) => idsOf({ events } as OpenStream).includes('2')));
    expect(graph.calls.length - calls).toBe(3);
  });

  it('anonymous viewers are one, whatever their addresses; a viewer is never one with them', async () => {
    await Promise.all([follow(query), follow(query)]);
    await opened(1);
    await follow(query, { authorization: tokenOf('1') });
    await opened(2);
  });

  it('what differs in its document, its variables or a forwarded header has its own', async () => {
    const byId = 'subscription ($id: ID) { moved(id: $id) { id owner { name } } }';
    await follow(query);
    await follow(query, { 'x-region': 'north' });
    await follow(query, { 'x-region': 'south' });
    await follow(byId, {}, { id: '1' });
    await follow(byId, {}, { id: '2' });
    await opened(5);
    await follow(query, { 'x-region': 'north' });
    await follow(byId, {}, { id: '2' });
    send('1');
    await until(() => open.every(({ events }) => events.length === 1));
    expect(graph.feed.open).toBe(5);
  });

  it('documents that ask the subgraph for the same share it, and nothing else', async () => {
    const one = await follow('subscription { moved { id owner { name } } }');
    const other = await follow('subscription { moved { id owner { who: name } } }');
    await opened(1);
    send('1');
    await until(() => open.every(({ events }) => events.length === 1));
    expect([one.events[0]?.data, other.events[0]?.data]).toEqual([
      { data: { moved: { id: '1', owner: { name: 'Owner of 1' } } } },
      { data: { moved: { id: '1', owner: { who: 'Owner of 1' } } } },
    ]);
  });

  it('one that joins has the events from then on, and the others lose none', async () => {
    const first = await follow(query);
    await opened(1);
    for (const id of ['1', '2', '3']) send(id);
    await until(() => first.events.length === 3);
    const late = await follow(query);
    for (const id of ['4', '5', '6']) send(id);
    await until(() => open.every((stream) => idsOf(stream).includes('6')));
    expect([idsOf(first), idsOf(late)]).toEqual([
      ['1', '2', '3', '4', '5', '6'],
      ['4', '5', '6'],
    ]);
    expect(graph.feed.open).toBe(1);
  });

  it('a field that begins with what was before is shared only until its first event', async () => {
    const authorization = tokenOf('1');
    const text = 'subscription { mine { id } }';
    await Promise.all([follow(text, { authorization }), follow(text, { authorization })]);
    await opened(1);
    send('1');
    await until(() => open.every(({ events }) => events.length === 1));
    await follow(text, { authorization });
    await opened(2);
    await follow(text, { authorization });
    send('2');
    await until(() => open.every((stream) => idsOf(stream).includes('2')));
    expect(graph.feed.open).toBe(2);
  });

  it('a reader that stops is ended alone, and delays no other', async () => {
    const slow = await stoppedReader(gateway.url);
    const first = await follow('subscription { moved { id place } }');
    await opened(1);
    for (let id = 1; id <= 200; id += 1) {
      graph.feed.send({ id: String(id), place: 'x'.repeat(100_000) });
      await until(() => first.events.length === id);
    }
    expect(idsOf(first)).toEqual(Array.from({ length: 200 }, (_, at) => String(at + 1)));
    let text = '';
    slow.on('data', (chunk: Buffer) => (text = text.slice(-200) + chunk.toString())).resume();
    await until(() => text.includes('SUBSCRIPTION_TOO_SLOW'));
    expect(graph.feed.open).toBe(1);
    slow.destroy();
  });

  it('the last one that leaves closes it at once, however quiet it is', async () => {
    const streams = await Promise.all(Array.from({ length: 5 }, () => follow(query)));
    await opened(1);
    const before = gateway.log.filter(({ msg }) => msg === 'subscription ended').length;
    for (const stream of streams.slice(1)) stream.leave();
    const ended = (): number =>
      gateway.log.filter(({ msg }) => msg === 'subscription ended').length - before;
    await until(() => ended() === 4);
    expect(graph.feed.open).toBe(1);
    streams[0]?.leave();
    await opened(0);
  });
});

/** Sends each reader its own viewer's id with each event, as a subgraph sends what only its viewer may see. */
async function startOwnData() {
  const readers = new Map<ServerResponse, string>();
  const server = createServer((request, response) => {
    request.resume();
    const [, claims = ''] = request.headers[identityHeader]?.toString().split('.') ?? [];
    const { sub = 'anonymous' } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as {
      readonly sub?: string;
    };
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    readers.set(response, sub);
    response.once('close', () => readers.delete(response));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  const sdl = 'type Query { alive: Boolean } type Subscription { told(topic: Int): String }';
  return {
    supergraph: compose([{ name: 'own', url, sdl }]),
    viewers: () => [...readers.values()].sort(),
    send: (text: string) => {
      for (const [reader, viewer] of readers) {
        reader.write(`event: next\ndata: {"data":{"told":"${viewer} ${text}"}}\n\n`);
      }
    },
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

describe('streams: subscriptions of any viewers', () => {
  const key = createSigningKey('one');
  let keys: KeyServer;
  let graph: Awaited<ReturnType<typeof startOwnData>>;
  let gateway: TestGateway;
  beforeAll(async () => {
    keys = await startKeyServer([key]);
    graph = await startOwnData();
    gateway = await startTestGateway(graph, {
      jwksUrl: keys.jwksUrl,
      settings: { rateLimits: { enabled: false } },
    });
  });
  afterAll(async () => {
    await gateway.stop();
    graph.stop();
    await keys.stop();
  });

  it("share one for each viewer and document, and reach each viewer with that viewer's data alone", async () => {
    const accepts = ['text/event-stream', 'multipart/mixed;subscriptionSpec=1.0'];
    const reader = fc.record({
      viewer: fc.constantFrom(undefined, '1', '2', '3'),
      topic: fc.nat(1),
      accept: fc.constantFrom(...accepts),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(reader, { minLength: 1, maxLength: 20 }), async (readers) => {
        const open = await Promise.all(
          readers.map(async ({ viewer, topic, accept }) => {
            const claims = { sub: viewer, sid: `of-${viewer ?? ''}` };
            const token = createAccessToken(key, Date.now(), { claims });
            const headers = { accept, ...(viewer && { authorization: `Bearer ${token}` }) };
            const text = `subscription { told(topic: ${topic}) }`;
            return openStream(gateway.url, text, { headers });
          }),
        );
        const different = new Set(readers.map(({ viewer, topic }) => `${viewer ?? ''} ${topic}`));
        await until(() => graph.viewers().length === different.size);
        for (const number of [1, 2]) graph.send(`hears ${number}.`);
        await until(() => open.every((stream) => stream.text().includes('hears 2.')));
        for (const [at, stream] of open.entries()) {
          const viewer = readers[at]?.viewer ?? 'anonymous';
          expect(stream.text().match(/\w+ hears \d/g)).toEqual([
            `${viewer} hears 1`,
            `${viewer} hears 2`,
          ]);
        }
        for (const stream of open) stream.leave();
        await until(() => graph.viewers().length === 0);
      }),
      { numRuns: 20 },
    );
  });
});

/** A subscription whose client reads nothing. */
async function stoppedReader(url: string): Promise<Socket> {
  const body = JSON.stringify({ query: 'subscription { moved { id place } }' });
  const socket = createConnection(Number(new URL(url).port), '127.0.0.1');
  socket.pause();
  socket.write(
    `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\naccept: text/event-stream\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  await new Promise((resolve) => socket.once('connect', resolve));
  return socket;
}
