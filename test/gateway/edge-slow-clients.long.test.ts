import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadGatewayConfig } from '../../gateway/config/load.ts';
import { cutOffSlowReaders } from '../../gateway/http/edge/slow-readers.ts';
import { type Connection, open } from './edge-sockets.ts';
import { type SmallGraph, startSmallGraph } from './small-graph.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';

const socketCount = 60;
const thousand = { silent: 250, inHeaders: 350, inBody: 380, readers: 20 };
const headersTimeoutMs = 400;
const receiveTimeoutMs = 800;
const sendTimeoutMs = 500;

const post = 'POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n';

/** Slow clients occupy a connection for a while, and do not affect others. */
describe('gateway: slow clients', () => {
  let graph: SmallGraph;
  let gateway: TestGateway;

  beforeAll(async () => {
    graph = await startSmallGraph();
    gateway = await startTestGateway(graph, {
      settings: { server: { headersTimeoutMs, receiveTimeoutMs, sendTimeoutMs } },
    });
    await gateway.ask('{ me }');
  });
  afterAll(async () => {
    graph.books.answerBy(undefined);
    await gateway.stop();
    await graph.stop();
  });

  const openMany = (bytes: string): Promise<readonly Connection[]> =>
    Promise.all(Array.from({ length: socketCount }, () => open(gateway.url, bytes)));

  /** Sends a byte now and then until the server closes the connection. */
  const drip = async ({ socket, ended }: Connection, byte: string): Promise<void> => {
    const state = { isOver: false };
    void ended.finally(() => (state.isOver = true));
    socket.on('error', () => undefined);
    while (!state.isOver) {
      await sleep(50);
      if (socket.writable) socket.write(byte);
    }
  };

  it.each([
    ['say nothing', ''],
    ['stop in the headers', `${post}x-slow: `],
    ['stop in the body', `${post}content-length: 100\r\n\r\n{"query":`],
    ['stop in a chunk', `${post}transfer-encoding: chunked\r\n\r\n64\r\n{"query":`],
  ])(
    'threat 20: answers clients that %s with 408 and closes, while others are served',
    async (_case, bytes) => {
      const connections = await openMany(bytes);
      const all = Promise.all(connections.map(({ ended }) => ended));
      expect(await answersMeanwhile(gateway, all)).toBeGreaterThan(1);
      for (const answer of await all) {
        expect(answer).toMatch(/^HTTP\/1.1 408 .*x-correlation-id: .*"code":"BAD_REQUEST"/s);
      }
    },
  );

  it.each([
    ['headers', `${post}x-slow: `],
    ['a body', `${post}content-length: 10000\r\n\r\n{"query":"`],
  ])('threat 20: closes on clients that send %s byte by byte', async (_case, bytes) => {
    const connections = await openMany(bytes);
    const all = Promise.all(connections.map((connection) => drip(connection, 'x')));
    expect(await answersMeanwhile(gateway, all)).toBeGreaterThan(1);
  });

  it.each([
    ['does not read its answer', 0],
    ['reads its response byte by byte', 1],
  ])('threat 20: cuts off a client that %s', async (_case, bytesAtOnce) => {
    const closed: Promise<unknown>[] = [];
    const server = createServer((_request, response) => {
      closed.push(once(response, 'close'));
      response.end(Buffer.alloc(100_000_000, 'x'));
    });
    cutOffSlowReaders(server, sendTimeoutMs);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { socket } = await open(`http://127.0.0.1:${port}`, 'GET / HTTP/1.1\r\nhost: a\r\n\r\n');
    socket.on('error', () => undefined);
    socket.pause();
    const reading = setInterval(() => bytesAtOnce > 0 && socket.read(bytesAtOnce), 20);
    await once(server, 'request');
    // A reader that is not cut off would read for days.
    await Promise.all(closed);
    clearInterval(reading);
    socket.destroy();
    server.closeAllConnections();
    server.close();
  });

  it('threat 20: sends the whole of a large response to a client that reads it', async () => {
    const title = 'y'.repeat(9_000_000);
    graph.books.answerBy({ status: 200, body: JSON.stringify({ data: { books: [{ title }] } }) });
    const { text } = await gateway.ask('{ books { title } }');
    expect(text.length).toBeGreaterThan(title.length);
  });
});

/** As many as a gateway with default settings admits, half of them slow; with the clock of this test. */
describe('gateway: a thousand slow clients', () => {
  const headersMs = 1_500;
  const requestMs = 2_500;
  let graph: SmallGraph;
  let gateway: TestGateway;

  beforeAll(async () => {
    graph = await startSmallGraph();
    gateway = await startTestGateway(graph, {
      settings: {
        server: {
          headersTimeoutMs: headersMs,
          receiveTimeoutMs: requestMs,
          sendTimeoutMs: requestMs,
        },
      },
    });
    await gateway.ask('{ me }');
  });
  afterAll(async () => {
    await gateway.stop();
    await graph.stop();
  });

  it('threat 20: allows 10 s for headers, 15 s for a request and for a response, by default', () => {
    expect(loadGatewayConfig({}).server).toMatchObject({
      headersTimeoutMs: 10_000,
      receiveTimeoutMs: 15_000,
      sendTimeoutMs: 15_000,
      maxConnections: 2_000,
    });
  });

  it('threat 20: closes on all of them, in headers, bodies and answers, while another client is served', async () => {
    const title = 'y'.repeat(9_000_000);
    graph.books.answerBy({ status: 200, body: JSON.stringify({ data: { books: [{ title }] } }) });
    const body = '{"query":"{ books { title } }"}';
    const readers = await openAll(
      thousand.readers,
      `${post}content-length: ${body.length}\r\n\r\n${body}`,
    );
    // Each gets the beginning of its answer, and takes no more.
    await Promise.all(
      readers.map(async ({ socket }) => {
        await once(socket, 'data');
        socket.pause();
      }),
    );

    const silent = await openAll(thousand.silent, '');
    const inHeaders = await openAll(thousand.inHeaders, `${post}x-slow: `);
    const inBody = await openAll(thousand.inBody, `${post}content-length: 10000\r\n\r\n{"query":"`);
    const slow = [...silent, ...inHeaders, ...inBody];
    expect(slow.length + readers.length).toBe(1_000);
    const dripping = setInterval(() => {
      for (const { socket } of [...inHeaders, ...inBody]) if (socket.writable) socket.write('x');
    }, 250).unref();

    const all = Promise.all(slow.map(({ ended }) => ended));
    const answers = await answersMeanwhile(gateway, all);
    clearInterval(dripping);

    for (const answer of await all) {
      expect(answer).toMatch(/^HTTP\/1.1 408 .*x-correlation-id: .*"code":"BAD_REQUEST"/s);
    }
    // They get what is in the system's buffers, and then the end.
    for (const { socket, ended } of readers) {
      socket.resume();
      expect((await ended).length).toBeLessThan(title.length);
    }
    expect(answers).toBeGreaterThan(1);
  });

  /** Opens connections a hundred at a time: more would not fit into the system's queue. */
  const openAll = async (count: number, bytes: string): Promise<readonly Connection[]> => {
    const connections: Connection[] = [];
    while (connections.length < count) {
      const next = Math.min(100, count - connections.length);
      const opened = await Promise.all(
        Array.from({ length: next }, () => open(gateway.url, bytes)),
      );
      connections.push(...opened);
    }
    for (const { socket } of connections) socket.on('error', () => undefined);
    return connections;
  };
});

/**
 * How often another client was answered during something: hardly at all, if clients were served one after the other.
 */
async function answersMeanwhile(gateway: TestGateway, until: Promise<unknown>): Promise<number> {
  const state = { isOver: false };
  let answers = 0;
  void until.finally(() => (state.isOver = true));
  while (!state.isOver) {
    expect((await gateway.ask('{ me }')).data).toEqual({ me: 'somebody' });
    answers += 1;
    await sleep(20);
  }
  return answers;
}
