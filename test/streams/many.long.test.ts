import { mkdtemp, rm, writeFile, readFile } from 'node:fs/promises';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { eventually } from '../support/eventually.ts';
import { type StartedProcess, startProcess } from '../support/process.ts';
import { until } from '../support/until.ts';
import { type OpenStream, openStream } from './read-events.ts';
import { startStreamGraph, type StreamGraph } from './stream-graph.ts';

const many = 500;
const spreadMs = 2_000;
const multipart = 'multipart/mixed;subscriptionSpec=1.0';

/** A gateway in a process of its own, with hundreds of subscriptions. */
describe('streams: many subscriptions', () => {
  let graph: StreamGraph;
  let folder: string;
  let gateway: StartedProcess;
  let url: string;
  let open: OpenStream[] = [];
  beforeAll(async () => {
    graph = await startStreamGraph();
    folder = await mkdtemp(join(tmpdir(), 'many-'));
  });
  afterEach(async () => {
    for (const stream of open) stream.leave();
    open = [];
    if (gateway.child.exitCode === null) await gateway.end('SIGKILL');
    await until(() => graph.feed.open === 0);
  });
  afterAll(async () => {
    await graph.stop();
    await rm(folder, { recursive: true });
  });
  const supergraphPath = (): string => join(folder, 'supergraph.graphql');
  const start = async (queueMax = 32): Promise<void> => {
    await writeFile(supergraphPath(), graph.supergraph);
    gateway = startProcess(
      'storefront/gateway.ts',
      { GATEWAY_PORT: '0', SUPERGRAPH_PATH: supergraphPath(), JWKS_URL: 'http://127.0.0.1:9/' },
      {
        settings: {
          server: { drainDelayMs: 0, sendTimeoutMs: 300_000 },
          rateLimits: { enabled: false },
          subscriptions: {
            ...{ maxPerViewer: 5_000, newestOnly: ['arrived'] },
            ...{ reloadSpreadMs: spreadMs, queueMax },
          },
        },
      },
    );
    const [, at = ''] = await gateway.waitFor(/"url":"(http:[^"]+)".*"msg":"listening"/);
    url = at;
  };
  const follow = async (count: number, query: string, accept: string): Promise<OpenStream[]> => {
    const streams: OpenStream[] = [];
    while (streams.length < count) {
      const some = Array.from({ length: 50 }, () =>
        openStream(url, query, { headers: { accept } }),
      );
      streams.push(...(await Promise.all(some)));
    }
    open.push(...streams);
    return streams;
  };

  it('go on over a new supergraph and miss nothing; those that it changes end over a time, and find the new one', async () => {
    await start();
    const same = await follow(many, 'subscription { moved { id } }', 'text/event-stream');
    const changed = await follow(many, 'subscription { moved { id label } }', 'text/event-stream');
    await until(() => graph.feed.open === 2);
    const endedAt: number[] = [];
    const found: unknown[] = [];
    for (const stream of changed) {
      void stream.ended.then(async () => {
        endedAt.push(performance.now());
        if (endedAt.length % 100 !== 1) return;
        const again = await openStream(url, 'subscription { moved { id label } }');
        await again.ended;
        found.push(again.events[0]?.data);
      });
    }
    let sent = 0;
    const sending = setInterval(() => {
      graph.feed.send({ id: String((sent += 1)), place: 'Gate' });
    }, 200);
    await writeFile(supergraphPath(), graph.supergraph.replace(/^ *label: String.*$/m, ''));
    await until(() => endedAt.length === many && found.length === many / 100);
    clearInterval(sending);
    await until(() => same.every(({ events }) => events.length === sent));
    const ids = Array.from({ length: sent }, (_, at) => String(at + 1));
    for (const { events } of same) {
      expect(events.map(({ data }) => data)).toEqual(
        ids.map((id) => ({ data: { moved: { id } } })),
      );
    }
    for (const { events } of changed) {
      expect(events.slice(-2)).toMatchObject([
        { data: { errors: [{ extensions: { code: 'SUBSCRIPTION_SCHEMA_RELOAD' } }] } },
        { name: 'complete' },
      ]);
    }
    // They end in steps over the time, so that not all of them come back at once.
    expect(Math.max(...endedAt) - Math.min(...endedAt)).toBeGreaterThan(spreadMs / 4);
    for (const data of found) {
      expect(data).toMatchObject({
        errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
      });
    }
  });

  it('of each kind are told when the process gets SIGTERM, and it is gone within its deadline', async () => {
    await start();
    const overSse = await follow(many, 'subscription { moved { id } }', 'text/event-stream');
    const inParts = await follow(many, 'subscription { moved { id } }', multipart);
    const closes: number[] = [];
    const sockets = Array.from({ length: many }, () =>
      createClient({
        url: `${url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        lazy: false,
        retryAttempts: 0,
        onNonLazyError: () => undefined,
        on: { closed: (event) => closes.push((event as { readonly code: number }).code) },
      }),
    );
    const told = new Set<unknown>();
    for (const socket of sockets) {
      socket.subscribe(
        { query: 'subscription { moved { id } }' },
        { next: () => told.add(socket), error: () => undefined, complete: () => undefined },
      );
    }
    while (told.size < many) {
      await pause(500);
      graph.feed.send({ id: '1', place: 'Gate' });
    }
    await pause(500);
    const exit = gateway.end('SIGTERM');
    await Promise.all([...overSse, ...inParts].map((stream) => stream.ended));
    for (const { events } of overSse) {
      expect(events.slice(-2)).toMatchObject([
        { data: { errors: [{ extensions: { code: 'SUBSCRIPTION_SERVER_STOPS' } }] } },
        { name: 'complete' },
      ]);
    }
    for (const stream of inParts) {
      expect(stream.text()).toMatch(/"code":"SUBSCRIPTION_SERVER_STOPS".*\r\n--graphql--\r\n$/);
    }
    await until(() => closes.length === many);
    expect(new Set(closes)).toEqual(new Set([1012]));
    expect(await exit).toBe(0);
    for (const socket of sockets) await socket.dispose();
  });

  it('of readers that stop cost what may wait for them, and other clients nothing', async () => {
    await start(8);
    const [all, newest] = [stoppedReader(url, 'moved'), stoppedReader(url, 'arrived')];
    await until(() => graph.feed.open === 2);
    const residentKib = async (): Promise<number> => {
      const status = await readFile(`/proc/${gateway.child.pid}/status`, 'utf8');
      return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1]);
    };
    /** 1,000 events of a kilobyte a second. */
    const sendFor = async (seconds: number): Promise<void> => {
      let sent = 0;
      const from = performance.now();
      while (performance.now() - from < seconds * 1_000) {
        await pause(10);
        while (sent < performance.now() - from) {
          sent += 1;
          graph.feed.send({ id: String(sent), place: 'x'.repeat(1_000) });
        }
      }
    };
    // What the process needs for such a stream of events is there, and one reader has been ended.
    await sendFor(20);
    await until(() => graph.feed.open === 1);
    /** While 10 MB of events are sent: how much the process has grown, and how long other clients wait. */
    const lookAt = async (): Promise<{ readonly grownKib: number; readonly delayMs: number }> => {
      const before = await residentKib();
      const delays: number[] = [];
      const asking = setInterval(() => {
        const askedAt = performance.now();
        void fetch(`${url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: '{"query":"{ open }"}',
        })
          .then((response) => response.json())
          .then((answer) => {
            expect(answer).toMatchObject({ data: { open: 1 } });
            delays.push(performance.now() - askedAt);
          });
      }, 50);
      await sendFor(10);
      clearInterval(asking);
      const sorted = delays.toSorted((one, other) => one - other);
      const delayMs = sorted[Math.floor(sorted.length / 2)] ?? Infinity;
      return { grownKib: (await residentKib()) - before, delayMs };
    };
    // What is kept grows each time, by all that was sent; a busy machine or the collector disturb one look or another.
    await eventually(lookAt, ({ grownKib, delayMs }) => grownKib < 5_000 && delayMs < 100);
    graph.feed.send({ id: 'last', place: 'here' });
    await Promise.all([readUntil(all, 'SUBSCRIPTION_TOO_SLOW'), readUntil(newest, '"last"')]);
    for (const socket of [all, newest]) socket.destroy();
  });
});

/** A subscription whose client reads nothing. */
function stoppedReader(url: string, field: string): Socket {
  const body = JSON.stringify({ query: `subscription { ${field} { id place } }` });
  const socket = createConnection(Number(new URL(url).port), '127.0.0.1');
  socket.pause();
  socket.write(
    `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\naccept: text/event-stream\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  return socket;
}

async function readUntil(socket: Socket, text: string): Promise<void> {
  let last = '';
  socket.on('data', (chunk: Buffer) => {
    last = (last + chunk.toString()).slice(-100_000);
  });
  socket.resume();
  await until(() => last.includes(text));
}
