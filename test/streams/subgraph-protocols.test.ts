import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type ExecutionResult, parse, subscribe } from 'graphql';
import { createClient } from 'graphql-ws';
import { WebSocket, WebSocketServer } from 'ws';
import type { EventProtocol } from '../../common/event-protocols.ts';
import { identityHeader } from '../../common/identity-token.ts';
import { loadGatewayConfig } from '../../gateway/config/load.ts';
import { compose, type SmallSubgraph, startSmallSubgraph } from '../gateway/small-graph.ts';
import { startTestGateway, type TestGateway } from '../gateway/test-gateway.ts';
import { until } from '../support/until.ts';
import { type EventServer, serveApolloWithWebSockets, serveYoga } from './event-servers.ts';
import { openStream } from './read-events.ts';
import { startStreamGraph, type StreamGraph } from './stream-graph.ts';

const servers: readonly (readonly [
  name: string,
  protocol: EventProtocol,
  serve: typeof serveYoga,
  type: string,
])[] = [
  ['graphql-yoga', 'sse', serveYoga, 'text/event-stream'],
  ['graphql-yoga', 'multipart', serveYoga, 'multipart/mixed'],
  ['Apollo Server with graphql-ws', 'graphql-transport-ws', serveApolloWithWebSockets, ''],
];

describe.each(servers)('streams: a subgraph of %s by %s', (_name, protocol, serve, type) => {
  let graph: StreamGraph;
  let gateway: TestGateway;
  let server: EventServer;
  beforeAll(async () => {
    graph = await startStreamGraph(undefined, async (schema) => (server = await serve(schema)));
    gateway = await startTestGateway(graph, {
      settings: {
        subgraphs: {
          each: { tracking: { eventProtocol: protocol, eventHeadersInInit: true } },
          forwardedHeaders: ['traceparent'],
        },
        // Neither a heartbeat that cannot be sent nor a silent subgraph ends anything here.
        subscriptions: { heartbeatMs: 600_000, silenceMs: 0 },
      },
    });
  });
  afterAll(async () => {
    await gateway.stop();
    await graph.stop();
  });
  const opened = async (count: number): Promise<void> => until(() => graph.feed.open === count);

  it('sends for each event what graphql-js sends, without waiting for the next one', async () => {
    const query = 'subscription ($id: ID) { moved(id: $id) { id place label owner { name } } }';
    const oracle = (await subscribe({
      schema: graph.whole,
      document: parse(query),
    })) as AsyncIterableIterator<ExecutionResult>;
    const stream = await openStream(gateway.url, query, { variables: { id: '1' } });
    await opened(2);
    const expected: unknown[] = [];
    for (const [index, id] of ['1', '2', '3'].entries()) {
      graph.feed.send({ id, place: `Gate ${id} 🎁 { "--- }` });
      await until(() => stream.events.length === index + 1);
      const { value } = await oracle.next();
      expected.push({ name: 'next', data: JSON.parse(JSON.stringify(value)) as unknown });
    }
    expect(stream.events).toEqual(expected);
    graph.feed.complete();
    await stream.ended;
    expect(stream.events.at(-1)).toEqual({ name: 'complete', data: undefined });
    await opened(0);
  });

  it('opens it with the identity, the correlation id and the forwarded headers of queries', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const headers = { traceparent, 'x-correlation-id': 'a-correlation-id' };
    const stream = await openStream(gateway.url, 'subscription { moved { id } }', { headers });
    await opened(1);
    const { headers: received, init } = server.openings.at(-1) ?? { headers: {} };
    const sent = {
      traceparent,
      'x-correlation-id': stream.response.headers.get('x-correlation-id'),
      [identityHeader]: expect.stringMatching(/^[\w-]+[.][\w-]+/),
    };
    expect(received).toMatchObject(sent);
    if (type === '') expect(init).toMatchObject(sent);
    else expect(received.accept).toContain(type);
    stream.leave();
    await opened(0);
  });

  it('closes a quiet subscription at the subgraph when its client leaves, each time and over each protocol', async () => {
    const query = 'subscription { moved { id } }';
    for (const accept of ['text/event-stream', 'multipart/mixed;subscriptionSpec=1.0']) {
      for (let round = 0; round < 3; round += 1) {
        const stream = await openStream(gateway.url, query, { headers: { accept } });
        await opened(1);
        stream.leave();
        await opened(0);
      }
    }
    const client = createClient({
      url: `${gateway.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });
    const events = client.iterate({ query });
    const next = events.next();
    await opened(1);
    // It completes this one, and goes on with others.
    await events.return?.();
    await next;
    await opened(0);
    expect((await client.iterate({ query: '{ open }' }).next()).value).toEqual({
      data: { open: 0 },
    });
    // It leaves altogether.
    const last = client.iterate({ query }).next();
    last.catch(() => undefined);
    await opened(1);
    client.terminate();
    await opened(0);
    await client.dispose();
  });

  it('passes on the refusal of the subgraph, and completes', async () => {
    const stream = await openStream(gateway.url, 'subscription { refused { id } }');
    await stream.ended;
    expect(stream.events).toMatchObject([
      { data: { errors: [{ message: 'Not yours.', extensions: { code: 'FORBIDDEN' } }] } },
      { name: 'complete' },
    ]);
  });
});

describe('streams: a subgraph that is killed (SIGKILL)', () => {
  let child: ChildProcess | undefined;
  let graph: StreamGraph | undefined;
  let slow: SmallSubgraph | undefined;
  let gateway: TestGateway | undefined;
  afterEach(async () => {
    await gateway?.stop();
    await Promise.all([graph?.stop(), slow?.stop()]);
    child?.kill('SIGKILL');
    gateway = graph = slow = child = undefined;
  });
  /** Resolves to the port of a subgraph in a process of its own. */
  const startChild = async (): Promise<number> => {
    const path = fileURLToPath(new URL('quiet-subgraph.js', import.meta.url));
    child = spawn(process.execPath, [path], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(child.stdout as NodeJS.EventEmitter, 'data')) as [Buffer];
    return Number(/port (\d+)/.exec(line.toString())?.[1]);
  };

  it.each<EventProtocol>(['sse', 'multipart', 'graphql-transport-ws'])(
    'ends each of its subscriptions by %s with SUBGRAPH_ERROR, and nothing else on their socket',
    async (eventProtocol) => {
      const url = `http://127.0.0.1:${await startChild()}/graphql`;
      const sdl = 'type Query { alive: Boolean } type Subscription { beats: Int }';
      let answer: (text: string) => void = () => undefined;
      const answered = new Promise<string>((resolve) => (answer = resolve));
      slow = await startSmallSubgraph('slow', 'type Query { late: String }', {
        Query: { late: () => answered },
      });
      graph = await startStreamGraph();
      const { feed, subgraphs } = graph;
      gateway = await startTestGateway(
        { supergraph: compose([...subgraphs, slow, { name: 'heart', url, sdl }]) },
        { settings: { subgraphs: { each: { heart: { eventProtocol } } } } },
      );
      const closes: unknown[] = [];
      const client = createClient({
        url: `${gateway.url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        retryAttempts: 0,
        on: { closed: (event) => closes.push(event) },
      });
      const beats = [1, 2].map(() => client.iterate({ query: 'subscription { beats }' }));
      const overSse = await openStream(gateway.url, 'subscription { beats }');
      const moved = client.iterate({ query: 'subscription { moved { id owner { name } } }' });
      const late = client.iterate({ query: '{ late }' }).next();
      for (const each of beats) {
        expect((await each.next()).value).toEqual({ data: { beats: 1 } });
      }
      await until(() => overSse.events.length === 1);
      const first = moved.next();
      await until(() => feed.open === 1 && slow?.calls.length === 1);
      feed.send({ id: '1', place: 'A' });
      const movedTo = (id: string) => ({
        data: { moved: { id, owner: { name: `Owner of ${id}` } } },
      });
      expect((await first).value).toEqual(movedTo('1'));

      child?.kill('SIGKILL');
      for (const each of beats) {
        // What comes before the end is an error; what graphql-ws throws is the list of an `error` message.
        await expect(each.next()).rejects.toMatchObject([
          { path: ['beats'], extensions: { code: 'SUBGRAPH_ERROR' } },
        ]);
      }
      await overSse.ended;
      expect(overSse.events.slice(1)).toMatchObject([
        { data: { data: { beats: null }, errors: [{ extensions: { code: 'SUBGRAPH_ERROR' } }] } },
        { name: 'complete' },
      ]);
      const second = moved.next();
      feed.send({ id: '2', place: 'B' });
      expect((await second).value).toEqual(movedTo('2'));
      answer('at last');
      expect((await late).value).toEqual({ data: { late: 'at last' } });
      const query = client.iterate({ query: '{ open }' });
      expect((await query.next()).value).toEqual({ data: { open: 1 } });
      expect(closes).toEqual([]);
      await client.dispose();
      await until(() => feed.open === 0);
    },
  );
});

describe('streams: a subgraph that misbehaves', () => {
  let gateway: TestGateway | undefined;
  let server: Server | undefined;
  afterEach(async () => {
    await gateway?.stop();
    server?.closeAllConnections();
    server?.close();
    gateway = server = undefined;
  });
  const startOn = async (port: number, eventProtocol: EventProtocol, more = {}) => {
    const url = `http://127.0.0.1:${port}/graphql`;
    const sdl = 'type Query { alive: Boolean } type Subscription { beats: Int }';
    const { subscriptions, ...subgraphs } = { subscriptions: {}, ...more };
    gateway = await startTestGateway(
      { supergraph: compose([{ name: 'heart', url, sdl }]) },
      {
        settings: {
          subgraphs: { ...subgraphs, each: { heart: { eventProtocol } } },
          subscriptions,
        },
      },
    );
    return gateway;
  };
  const listen = async (own: Server): Promise<number> => {
    server = own.listen(0, '127.0.0.1');
    await once(own, 'listening');
    return (own.address() as AddressInfo).port;
  };
  const failed = [
    {
      name: 'next',
      data: { data: { beats: null }, errors: [{ extensions: { code: 'SUBGRAPH_ERROR' } }] },
    },
    { name: 'complete', data: undefined },
  ];
  const reasons = (): string =>
    JSON.stringify(gateway?.log.filter(({ msg }) => msg === 'subgraph failed'));

  it.each<EventProtocol>(['sse', 'multipart'])('silent for too long, by %s', async (protocol) => {
    const port = await listen(
      createServer((_request, response) => {
        const type = protocol === 'sse' ? 'text/event-stream' : 'multipart/mixed; boundary=x';
        response.writeHead(200, { 'content-type': type }).flushHeaders();
      }),
    );
    const { url } = await startOn(port, protocol, { subscriptions: { silenceMs: 300 } });
    const stream = await openStream(url, 'subscription { beats }');
    await stream.ended;
    expect(stream.events).toMatchObject(failed);
  });

  it.each([
    ['does not acknowledge', 'acknowledge', () => undefined],
    [
      'does not answer pings',
      'silent',
      (send: (message: object) => void) => {
        send({ type: 'connection_ack' });
      },
    ],
    [
      'closes the socket',
      'code 4400',
      (_send: unknown, close: (code: number) => void) => {
        close(4400);
      },
    ],
    [
      'sends what is not JSON',
      'not JSON',
      (send: (message: object | string) => void) => {
        send('{"type":');
      },
    ],
    [
      'sends too much at once',
      'more than 2048 bytes',
      (send: (message: object) => void) => {
        send({ type: 'connection_ack', payload: 'x'.repeat(3_000) });
      },
    ],
  ])('over a WebSocket: it %s', async (_what, reason, act) => {
    const own = createServer();
    const sockets = new WebSocketServer({ server: own, autoPong: false });
    let isClosed = false;
    sockets.on('connection', (socket) => {
      socket.on('close', () => (isClosed = true));
      act(
        (message: object | string) => {
          socket.send(typeof message === 'string' ? message : JSON.stringify(message));
        },
        (code: number) => {
          socket.close(code);
        },
      );
    });
    const port = await listen(own);
    const { url } = await startOn(port, 'graphql-transport-ws', {
      timeoutMs: 400,
      maxResponseBytes: 2_048,
      subscriptions: { silenceMs: 400 },
    });
    const stream = await openStream(url, 'subscription { beats }');
    await stream.ended;
    expect(stream.events).toMatchObject(failed);
    expect(reasons()).toContain(reason);
    await until(() => isClosed);
    sockets.close();
  });

  const parts = '\r\n--graphql\r\ncontent-type: application/json\r\n\r\n{}\r\n--graphql';
  const part = (json: string): string =>
    `\r\ncontent-type: application/json\r\n\r\n${json}\r\n--graphql`;

  it.each([
    ['whole', 10_000],
    ['byte for byte', 1],
  ])("Apollo's form of parts, %s, ends with its errors", async (_how, size) => {
    const bytes = Buffer.from(
      `${parts}${part('{"payload":{"data":{"beats":1},"extensions":{"a":"🎁\\"}"}}}')}${part('{}')}${part(
        '{"payload":null,"errors":[{"message":"Over.","extensions":{"code":"FORBIDDEN"}}]}',
      )}--\r\n`,
    );
    const port = await listen(
      createServer((request, response) => {
        expect(request.headers.accept).toContain('subscriptionSpec="1.0"');
        const type = 'multipart/mixed;boundary="graphql";subscriptionSpec=1.0';
        response.writeHead(200, { 'content-type': type });
        const write = (at: number): void => {
          if (at >= bytes.length) response.end();
          else response.write(bytes.subarray(at, at + size), () => setImmediate(write, at + size));
        };
        write(0);
      }),
    );
    const { url } = await startOn(port, 'multipart');
    const stream = await openStream(url, 'subscription { beats }');
    await stream.ended;
    expect(stream.events).toMatchObject([
      { data: { data: { beats: 1 } } },
      { data: { errors: [{ message: 'Over.', extensions: { code: 'FORBIDDEN' } }] } },
      { name: 'complete' },
    ]);
  });

  it.each([
    ['too large a part', `${parts}${part(`{"payload":"${'x'.repeat(3_000)}"}`)}`, 'more than 2048'],
    [
      'a part that never ends',
      `${parts}\r\n\r\n{"payload":"${'x'.repeat(3_000)}`,
      'more than 2048',
    ],
    ['a part that is no object', `${parts}${part('[1]')}`, 'not an object'],
    ['an end without its delimiter', parts, 'without completing'],
  ])('%s', async (_what, text, reason) => {
    const port = await listen(
      createServer((_request, response) => {
        const type = 'multipart/mixed;boundary=graphql;subscriptionSpec="1.0"';
        response.writeHead(200, { 'content-type': type }).end(text);
      }),
    );
    const { url } = await startOn(port, 'multipart', { maxResponseBytes: 2_048 });
    const stream = await openStream(url, 'subscription { beats }');
    await stream.ended;
    expect(stream.events).toMatchObject(failed);
    expect(reasons()).toContain(reason);
  });
});

describe('settings: the protocol of a subgraph', () => {
  it.each([
    [{ eventProtocol: 'multipar' }, 'the nearest is multipart'],
    [{ eventProtocol: 'graphql-transport' }, 'the nearest is graphql-transport-ws'],
    [{ eventUrl: 'ftp://x/' }, 'ws:// or wss:// URL'],
    [{ eventProtocl: 'sse' }, 'eventProtocol'],
  ])('%j is refused: %s', (each, message) => {
    const settings = { subgraphs: { each: { users: each as never } } };
    expect(() => loadGatewayConfig({}, [settings])).toThrow(message);
  });
});
