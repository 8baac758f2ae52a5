import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Clock } from '../../common/clock.ts';
import { developmentIdentityKey } from '../../common/development-keys.ts';
import { createIdentityVerifier, identityHeader } from '../../common/identity-token.ts';
import { type SmallGraph, startSmallGraph } from './small-graph.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';

/** How a gateway says that it lives and serves, and how it stops. */
describe('gateway: health and stopping', () => {
  let graph: SmallGraph;
  let nowMs = 1_800_000_000_000;
  const clock: Clock = { now: () => nowMs };
  let gateway: TestGateway;

  beforeEach(async () => {
    graph = await startSmallGraph();
    gateway = await startTestGateway(graph, { clock });
  });
  afterEach(async () => {
    await gateway.stop();
    await graph.stop();
  });

  const get = async (path: string): Promise<readonly [number, unknown]> => {
    const response = await fetch(gateway.url + path, { signal: AbortSignal.timeout(10_000) });
    return [response.status, await response.json()];
  };

  it('says that it lives without asking anybody', async () => {
    expect(await get('/healthz')).toEqual([200, { status: 'ok' }]);
    expect(graph.authors.calls).toHaveLength(0);
  });

  it('is ready when every subgraph answers nobody’s signed identity', async () => {
    expect(await get('/readyz')).toEqual([200, { status: 'ready' }]);
    for (const { name, calls } of [graph.authors, graph.books]) {
      const verify = createIdentityVerifier(name, [developmentIdentityKey(name)], clock);
      expect(verify(String(calls[0]?.headers[identityHeader]))).toEqual({ kind: 'anonymous' });
    }
  });

  it('names the subgraphs that do not answer, and asks them again a second later', async () => {
    graph.books.answerBy({ status: 503, body: '' });
    expect(await get('/readyz')).toEqual([503, { status: 'unready', missing: ['books'] }]);
    graph.books.answerBy(undefined);
    nowMs += 999;
    expect(await get('/readyz')).toEqual([503, { status: 'unready', missing: ['books'] }]);
    expect(graph.books.calls).toHaveLength(1);
    nowMs += 1;
    expect(await get('/readyz')).toEqual([200, { status: 'ready' }]);
    expect(graph.books.calls).toHaveLength(2);
  });

  it('answers what is in flight before it stops, on a connection that it then closes', async () => {
    const answer = gateway.ask('{ slow }');
    await graph.slow.asked;
    const stopped = gateway.stop();
    while (await accepts(gateway.url));
    const startedAt = performance.now();
    graph.slow.answer();
    expect((await answer).data).toEqual({ slow: 'at last' });
    await stopped;
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });

  it('answers what still comes on an open connection while it stops, as not ready, and closes it', async () => {
    const { hostname, port } = new URL(gateway.url);
    const socket = connect(Number(port), hostname);
    let answers = '';
    socket.on('data', (chunk: Buffer) => (answers += chunk.toString('utf8')));
    const closed = once(socket, 'close');
    const body = '{"query":"{ slow }"}';
    const head = `host: gateway\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
    socket.write(`POST /graphql HTTP/1.1\r\n${head}\r\n\r\n${body}`);
    await graph.slow.asked;

    const startedAt = performance.now();
    const stopped = gateway.stop();
    socket.write('GET /readyz HTTP/1.1\r\nhost: gateway\r\n\r\n');
    graph.slow.answer();
    await Promise.all([stopped, closed]);

    const bodies = answers.match(/^\{.*\}/gm);
    expect(bodies).toEqual(['{"data":{"slow":"at last"}}', '{"status":"draining"}']);
    expect(performance.now() - startedAt).toBeLessThan(4_000);
  });

  it('does not wait for a client that has connected and says nothing', async () => {
    const { hostname, port } = new URL(gateway.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    const closed = once(socket, 'close');
    const startedAt = performance.now();
    await gateway.stop();
    await closed;
    expect(performance.now() - startedAt).toBeLessThan(4_000);
  });

  it('stops at the deadline when what is in flight does not end', async () => {
    const impatient = await startTestGateway(graph, { environment: { DRAIN_TIMEOUT_MS: '100' } });
    const answer = impatient.ask('{ slow }').catch((error: unknown) => error);
    await graph.slow.asked;
    await impatient.stop();
    expect(await answer).toHaveProperty('message');
  });
});

/** Whether a server still takes connections. */
async function accepts(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  return new Promise((resolve) => {
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}
