import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type ExecutionResult, parse, subscribe } from 'graphql';
import { identityHeader } from '../../common/identity-token.ts';
import { loadGatewayConfig } from '../../gateway/config/load.ts';
import { compose } from '../gateway/small-graph.ts';
import { startTestGateway, type TestGateway } from '../gateway/test-gateway.ts';
import { until } from '../support/until.ts';
import { type EventServer, serveApolloWithCallbacks } from './event-servers.ts';
import { openStream } from './read-events.ts';
import { startStreamGraph, type StreamGraph } from './stream-graph.ts';

describe('streams: a subgraph of Apollo Server that posts its events', () => {
  let graph: StreamGraph;
  let gateway: TestGateway;
  let server: EventServer;
  beforeAll(async () => {
    graph = await startStreamGraph(
      undefined,
      async (schema) => (server = await serveApolloWithCallbacks(schema)),
    );
    gateway = await startTestGateway(graph, {
      settings: {
        subgraphs: { each: { tracking: { eventProtocol: 'callback' } } },
        subscriptions: { callbackPort: 0, silenceMs: 400 },
      },
    });
  });
  afterAll(async () => {
    await gateway.stop();
    await graph.stop();
  });
  const opened = async (count: number): Promise<void> => until(() => graph.feed.open === count);

  it('sends for each event what graphql-js sends, also after a quiet time with heartbeats', async () => {
    const query = 'subscription ($id: ID) { moved(id: $id) { id place label owner { name } } }';
    const oracle = (await subscribe({
      schema: graph.whole,
      document: parse(query),
    })) as AsyncIterableIterator<ExecutionResult>;
    const stream = await openStream(gateway.url, query, { variables: { id: '1' } });
    await opened(2);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const expected: unknown[] = [];
    for (const [index, id] of ['1', '13', '2'].entries()) {
      graph.feed.send({ id, place: 'Gate 🎁 {' });
      await until(() => stream.events.length === index + 1);
      const { value } = await oracle.next();
      expected.push((JSON.parse(JSON.stringify(value)) as ExecutionResult).data);
    }
    expect(stream.events.map(({ data }) => (data as ExecutionResult).data)).toEqual(expected);
    graph.feed.complete();
    await stream.ended;
    expect(stream.events.at(-1)).toEqual({ name: 'complete', data: undefined });
    expect(server.openings.at(-1)?.headers[identityHeader]).toMatch(/^[\w-]+[.][\w-]+/);
  });

  it('tells the subgraph to stop when its last client has left', async () => {
    const stream = await openStream(gateway.url, 'subscription { moved { id } }');
    await opened(1);
    stream.leave();
    // Apollo Server learns it by the answer to its heartbeat, and lets go at the next event.
    await until(() => {
      graph.feed.send({ id: '1', place: 'x' });
      return graph.feed.open === 0;
    });
  });

  it('posts nothing for an operation that is not of the gateway', async () => {
    let calls = 0;
    const foreign = createServer((_request, response) => {
      calls += 1;
      response.writeHead(204).end();
    }).listen(0, '127.0.0.1');
    await once(foreign, 'listening');
    const { port } = foreign.address() as AddressInfo;
    const asked = await fetch(
      `http://127.0.0.1:${(server.server.address() as AddressInfo).port}/graphql`,
      {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json;callbackSpec=1.0',
        },
        body: JSON.stringify({
          query: 'subscription { moved { id } }',
          extensions: {
            subscription: {
              callbackUrl: `http://127.0.0.1:${port}/inside`,
              ...{ subscriptionId: 'a', verifier: 'b', heartbeatIntervalMs: 100 },
            },
          },
        }),
      },
    );
    // One of the gateway is opened meanwhile, by the same server.
    const stream = await openStream(gateway.url, 'subscription { moved { id } }');
    await opened(1);
    graph.feed.send({ id: '1', place: 'x' });
    await until(() => stream.events.length === 1);
    expect([asked.status, calls]).toEqual([401, 0]);
    graph.feed.complete();
    await stream.ended;
    foreign.close();
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

/** What a gateway sends to open a subscription. */
interface Opening {
  readonly callbackUrl: string;
  readonly subscriptionId: string;
  readonly verifier: string;
  readonly heartbeatIntervalMs: number;
}

describe('streams: what is posted to the gateway as an event', () => {
  let gateway: TestGateway;
  let server: Server;
  /** What the subgraph does before it answers. */
  let act: (opening: Opening) => Promise<number>;
  let opening: Opening | undefined;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { extensions } = JSON.parse(Buffer.concat(chunks).toString()) as {
          readonly extensions: { readonly subscription: Opening };
        };
        opening = extensions.subscription;
        void act(opening).then((status) => {
          response.writeHead(status, { 'content-type': 'application/json' }).end('{"data":null}');
        });
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const sdl = 'type Query { alive: Boolean } type Subscription { beats: Int }';
    const url = `http://127.0.0.1:${port}/graphql`;
    gateway = await startTestGateway(
      { supergraph: compose([{ name: 'heart', url, sdl }]) },
      {
        settings: {
          subgraphs: { each: { heart: { eventProtocol: 'callback' } }, maxResponseBytes: 2_048 },
          subscriptions: { callbackPort: 0, silenceMs: 600 },
        },
      },
    );
  });
  afterAll(async () => {
    await gateway.stop();
    server.close();
  });
  afterEach(() => {
    opening = undefined;
  });

  const post = async (
    { callbackUrl, subscriptionId, verifier }: Opening,
    message: object | string,
    url = callbackUrl,
  ): Promise<Response> => {
    const whole = { kind: 'subscription', id: subscriptionId, verifier };
    const body = typeof message === 'string' ? message : JSON.stringify({ ...whole, ...message });
    const headers = { 'content-type': 'application/json' };
    return fetch(url, { method: 'POST', headers, body });
  };
  const checked = async (of: Opening): Promise<number> => {
    expect((await post(of, { action: 'check' })).status).toBe(204);
    return 200;
  };
  const beat = { action: 'next', payload: { data: { beats: 1 } } };
  const failed = [
    { data: { data: { beats: null }, errors: [{ extensions: { code: 'SUBGRAPH_ERROR' } }] } },
    { name: 'complete' },
  ];
  const reasons = (): string =>
    JSON.stringify(gateway.log.filter(({ msg }) => msg === 'subgraph failed'));

  it('answers each message that is not of the subgraph, and sends nothing of it to the client', async () => {
    act = checked;
    const stream = await openStream(gateway.url, 'subscription { beats }');
    await until(() => opening !== undefined);
    const of = opening as unknown as Opening;
    expect(of.heartbeatIntervalMs).toBe(150);
    const other = of.callbackUrl.replace(/[^/]+$/, 'not-an-id');
    const answers = [
      await post(of, { ...beat, verifier: 'wrong' }),
      await post(of, { ...beat, verifier: 1 }),
      await post(of, beat, other),
      await post(of, { ...beat, id: 'another' }),
      await post(of, { ...beat, kind: 'query' }),
      await post(of, { ...beat, action: 'print' }),
      await post(of, { ...beat, payload: 1 }),
      await post(of, '{"kind":'),
      await post(of, '[]'),
      await post(of, 'null'),
      await post(of, { ...beat, payload: { data: 'x'.repeat(3_000) } }),
      await fetch(of.callbackUrl),
    ];
    const statuses = answers.map(({ status }) => status);
    expect(statuses).toEqual([401, 401, 404, 400, 400, 400, 400, 400, 401, 400, 413, 405]);
    const first = await post(of, beat);
    expect(first.status).toBe(204);
    expect(first.headers.get('subscription-protocol')).toBe('callback/1.0');
    await until(() => stream.events.length === 1);
    expect((await post(of, { action: 'complete' })).status).toBe(204);
    await stream.ended;
    expect(stream.events).toMatchObject([{ data: { data: { beats: 1 } } }, { name: 'complete' }]);
    expect((await post(of, beat)).status).toBe(404);
  });

  it('ends with the errors of the subgraph', async () => {
    act = checked;
    const stream = await openStream(gateway.url, 'subscription { beats }');
    await until(() => opening !== undefined);
    await post(opening as unknown as Opening, {
      action: 'complete',
      errors: [{ message: 'Over.' }],
    });
    await stream.ended;
    expect(stream.events).toMatchObject([{ data: { errors: [{}] } }, { name: 'complete' }]);
  });

  it.each<[string, typeof act, string]>([
    ['sends no heartbeat', checked, 'silent for more than 600 ms'],
    ['answers without a check', () => Promise.resolve(200), 'without a check'],
    ['answers with an error', () => Promise.resolve(500), 'status 500'],
  ])('a subgraph that %s has failed', async (_what, does, reason) => {
    act = does;
    const stream = await openStream(gateway.url, 'subscription { beats }');
    await stream.ended;
    expect(stream.events).toMatchObject(failed);
    expect(reasons()).toContain(reason);
  });

  it('needs a URL that subgraphs can reach', () => {
    const settings = {
      server: { host: '0.0.0.0' },
      subgraphs: { each: { heart: { eventProtocol: 'callback' as const } } },
    };
    const load = (more: object) => () =>
      loadGatewayConfig({ NODE_ENV: 'production' }, [{ ...settings, ...more }]);
    expect(load({})).toThrow('callbackUrl is missing');
    expect(load({ subscriptions: { callbackUrl: 'http://10.0.0.7:4020' } })).not.toThrow(
      'callbackUrl',
    );
  });
});
