import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
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
  const start = async (): Promise<void> => {
    await writeFile(supergraphPath(), graph.supergraph);
    gateway = startProcess(
      'storefront/gateway.ts',
      { GATEWAY_PORT: '0', SUPERGRAPH_PATH: supergraphPath(), JWKS_URL: 'http://127.0.0.1:9/' },
      {
        settings: {
          // All of those that end ask again at once.
          server: { drainDelayMs: 0, minInFlight: 512 },
          rateLimits: { enabled: false },
          subscriptions: { maxPerViewer: 5_000, reloadSpreadMs: spreadMs },
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
    await until(() => endedAt.length === many && found.length === many);
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
});
