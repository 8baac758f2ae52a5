import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { type StartedProcess, startProcess } from '../support/process.ts';
import { until } from '../support/until.ts';
import { type OpenStream, openStream } from './read-events.ts';
import { startStreamGraph, type StreamGraph } from './stream-graph.ts';

const sse = 'text/event-stream';
const multipart = 'multipart/mixed;subscriptionSpec=1.0';
const perSecond = 1_000;
const stoppedForSeconds = 60;
const mayGrowBytes = 5_000_000;
/** Each event is a kilobyte: what would be kept for one reader is more than ten times what may be. */
const place = 'x'.repeat(1_000);
/** So far, and no further, is the sender ahead of a reader that reads: no queue can be full because the machine is busy. */
const aheadMax = 500;

describe('streams: readers that stop for a minute, under a thousand events a second', () => {
  let graph: StreamGraph;
  let folder: string;
  let gateway: StartedProcess;
  let url: string;
  beforeAll(async () => {
    graph = await startStreamGraph();
    folder = await mkdtemp(join(tmpdir(), 'stopped-'));
    const supergraphPath = join(folder, 'supergraph.graphql');
    await writeFile(supergraphPath, graph.supergraph);
    gateway = startProcess(
      'storefront/gateway.ts',
      {
        GATEWAY_PORT: '0',
        SUPERGRAPH_PATH: supergraphPath,
        JWKS_URL: 'http://127.0.0.1:9/',
        NODE_OPTIONS: `--import=${new URL('memory-probe.js', import.meta.url).href}`,
      },
      {
        settings: {
          // Otherwise those that stop would be disconnected.
          server: { drainDelayMs: 0, sendTimeoutMs: 600_000 },
          rateLimits: { enabled: false },
          subscriptions: {
            ...{ newestOnly: ['arrived'], queueMax: 2 * aheadMax },
            ...{ heartbeatMs: 600_000, silenceMs: 0 },
          },
        },
      },
    );
    [, url = ''] = await gateway.waitFor(/"url":"(http:[^"]+)".*"msg":"listening"/);
  });
  afterAll(async () => {
    await gateway.end('SIGKILL');
    await graph.stop();
    await rm(folder, { recursive: true });
  });

  const bytesInUse = async (): Promise<number> => {
    const before = gateway.output().length;
    gateway.child.kill('SIGUSR2');
    await until(() => /bytes in use: \d+\n/.test(gateway.output().slice(before)));
    return Number(/bytes in use: (\d+)\n/.exec(gateway.output().slice(before))?.[1]);
  };
  let sent = 0;
  /** Sends events at their pace; slower where the reader that reads needs it. */
  const send = async (count: number, reader: OpenStream): Promise<void> => {
    const from = performance.now();
    const first = sent;
    while (sent < first + count) {
      await pause(10);
      const due = first + ((performance.now() - from) / 1_000) * perSecond;
      const most = Math.min(first + count, due, reader.events.length + aheadMax);
      for (; sent < most; sent += 1) graph.feed.send({ id: String(sent), place });
      if (sent >= reader.events.length + aheadMax) {
        await until(() => sent < reader.events.length + aheadMax);
      }
    }
    await until(() => reader.events.length === sent);
  };

  it('cost what may wait for them; the newest event is for them afterwards, and others miss nothing', async () => {
    const reader = await openStream(url, 'subscription { moved { id } }');
    await until(() => graph.feed.open === 1);
    // What the process needs for such a stream of events is there.
    await send(10 * perSecond, reader);
    const stopped = {
      newest: await Promise.all([
        stoppedOverHttp(url, 'arrived', sse),
        stoppedOverHttp(url, 'arrived', multipart),
        stoppedOverWebSocket(url, 'arrived'),
      ]),
      all: await Promise.all([
        stoppedOverHttp(url, 'moved', sse),
        stoppedOverHttp(url, 'moved', multipart),
        stoppedOverWebSocket(url, 'moved'),
      ]),
    };
    // Those that ask for the same share one.
    await until(() => graph.feed.open === 3);
    const before = await bytesInUse();
    let asked = 0;
    const answers: Promise<unknown>[] = [];
    const asking = setInterval(() => {
      asked += 1;
      answers.push(ask(url, '{ parcel(id: "7") { owner { name } } }'));
    }, 100);
    await send(stoppedForSeconds * perSecond, reader);
    clearInterval(asking);
    const grown = (await bytesInUse()) - before;
    expect(grown).toBeLessThan(mayGrowBytes);
    const data = { parcel: { owner: { name: 'Owner of 7' } } };
    expect(await Promise.all(answers)).toEqual(Array.from({ length: asked }, () => ({ data })));
    expect(reader.events.map(({ data: event }) => event)).toEqual(
      Array.from({ length: sent }, (_, id) => ({ data: { moved: { id: String(id) } } })),
    );
    // Those of which each event counts were ended in the meantime, and the subgraph was told.
    expect(graph.feed.open).toBe(2);
    const newestId = `"${sent - 1}"`;
    await Promise.all([
      ...stopped.newest.map((each) => each.readUntil(newestId)),
      ...stopped.all.map((each) => each.readUntil('SUBSCRIPTION_TOO_SLOW')),
    ]);
    graph.feed.send({ id: 'next', place });
    await Promise.all(stopped.newest.map((each) => each.readUntil('"next"')));
    for (const each of [...stopped.newest, ...stopped.all]) each.leave();
    reader.leave();
    await until(() => graph.feed.open === 0);
  });
});

/** A subscription whose client reads nothing, until it is told to. */
interface StoppedReader {
  /** Reads on, until a text has come. */
  readUntil(text: string): Promise<void>;
  leave(): void;
}

/** The end of what has come. */
class Tail {
  private text = '';

  readonly add = (chunk: Buffer): void => {
    this.text = (this.text + chunk.toString()).slice(-100_000);
  };

  has(text: string): boolean {
    return this.text.includes(text);
  }
}

const queryOf = (field: string): string => `subscription { ${field} { id place } }`;

function stoppedOverHttp(url: string, field: string, accept: string): Promise<StoppedReader> {
  const body = JSON.stringify({ query: queryOf(field) });
  const socket = createConnection(Number(new URL(url).port), '127.0.0.1');
  const tail = new Tail();
  socket.pause();
  socket.write(
    `POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\naccept: ${accept}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  return Promise.resolve({
    readUntil: async (text) => {
      if (socket.listenerCount('data') === 0) socket.on('data', tail.add);
      socket.resume();
      await until(() => tail.has(text));
    },
    leave: () => socket.destroy(),
  });
}

async function stoppedOverWebSocket(url: string, field: string): Promise<StoppedReader> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const tail = new Tail();
  await new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('open', () => {
      socket.send('{"type":"connection_init"}');
    });
    socket.once('message', resolve);
  });
  socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query: queryOf(field) } }));
  socket.pause();
  return {
    readUntil: async (text) => {
      if (socket.listenerCount('message') === 0) socket.on('message', tail.add);
      socket.resume();
      await until(() => tail.has(text));
    },
    leave: () => {
      socket.terminate();
    },
  };
}

async function ask(url: string, query: string): Promise<unknown> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return response.json();
}
