import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cutOffSlowReaders } from '../../gateway/http/edge-slow-readers.ts';
import { type Connection, open } from './edge-sockets.ts';
import { type SmallGraph, startSmallGraph } from './small-graph.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';

const socketCount = 60;
const headersTimeoutMs = 400;
const receiveTimeoutMs = 800;
const sendTimeoutMs = 500;
/** On a loaded machine, and with a look around every 400 ms at the latest. */
const lateMs = 4_000;

const post = 'POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n';

/** Clients that take their time cost a connection for a while, and others nothing. */
describe('gateway: slow clients', () => {
  let graph: SmallGraph;
  let gateway: TestGateway;

  beforeAll(async () => {
    graph = await startSmallGraph();
    gateway = await startTestGateway(graph, {
      environment: { RATE_LIMIT_ENABLED: 'false' },
      file:
        `server: { headersTimeoutMs: ${headersTimeoutMs}, receiveTimeoutMs: ${receiveTimeoutMs}, ` +
        `sendTimeoutMs: ${sendTimeoutMs} }`,
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

  /** Sends a byte now and then until the server has had enough. */
  const drip = async ({ socket, ended }: Connection, byte: string): Promise<void> => {
    const state = { isOver: false };
    void ended.finally(() => (state.isOver = true));
    socket.on('error', () => undefined);
    while (!state.isOver) {
      await sleep(50);
      if (socket.writable) socket.write(byte);
    }
  };

  /** The longest that another client waited while something went on. */
  const slowestAnswerMs = async (until: Promise<unknown>): Promise<number> => {
    const state = { isOver: false };
    let slowestMs = 0;
    void until.finally(() => (state.isOver = true));
    while (!state.isOver) {
      const from = performance.now();
      const { data } = await gateway.ask('{ me }');
      expect(data).toEqual({ me: 'somebody' });
      slowestMs = Math.max(slowestMs, performance.now() - from);
      await sleep(20);
    }
    return slowestMs;
  };

  it.each([
    ['say nothing', '', headersTimeoutMs],
    ['stop in the headers', `${post}x-slow: `, headersTimeoutMs],
    ['stop in the body', `${post}content-length: 100\r\n\r\n{"query":`, receiveTimeoutMs],
    [
      'stop in a chunk',
      `${post}transfer-encoding: chunked\r\n\r\n64\r\n{"query":`,
      receiveTimeoutMs,
    ],
  ])(
    'threat 20: answers clients that %s with 408 and closes, while others are served',
    async (_case, bytes, timeoutMs) => {
      const from = performance.now();
      const connections = await openMany(bytes);
      const all = Promise.all(connections.map(({ ended }) => ended));
      const slowestMs = await slowestAnswerMs(all);
      expect(performance.now() - from).toBeLessThan(timeoutMs + lateMs);
      expect(slowestMs).toBeLessThan(1_000);
      for (const answer of await all) {
        expect(answer).toMatch(/^HTTP\/1.1 408 .*x-correlation-id: .*"code":"BAD_REQUEST"/s);
      }
    },
  );

  it.each([
    ['headers', `${post}x-slow: `, headersTimeoutMs],
    ['a body', `${post}content-length: 10000\r\n\r\n{"query":"`, receiveTimeoutMs],
  ])('threat 20: closes on clients that send %s byte by byte', async (_case, bytes, timeoutMs) => {
    const from = performance.now();
    const connections = await openMany(bytes);
    const all = Promise.all(connections.map((connection) => drip(connection, 'x')));
    const slowestMs = await slowestAnswerMs(all);
    expect(performance.now() - from).toBeLessThan(timeoutMs + lateMs);
    expect(slowestMs).toBeLessThan(1_000);
  });

  it.each([
    ['does not read its answer', 0],
    ['reads it byte by byte', 1],
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
    const from = performance.now();
    await Promise.all(closed);
    expect(performance.now() - from).toBeLessThan(sendTimeoutMs + lateMs);
    clearInterval(reading);
    socket.destroy();
    server.closeAllConnections();
    server.close();
  });

  it('threat 20: lets a client that reads have the whole of a large answer', async () => {
    const title = 'y'.repeat(9_000_000);
    graph.books.answerBy({ status: 200, body: JSON.stringify({ data: { books: [{ title }] } }) });
    const { text } = await gateway.ask('{ books { title } }');
    expect(text.length).toBeGreaterThan(title.length);
  });
});
