import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Clock } from '../../common/clock.ts';
import { developmentIdentityKey } from '../../common/development-keys.ts';
import { createIdentityVerifier, identityHeader } from '../../common/identity-token.ts';
import { eventually } from '../support/eventually.ts';
import { patienceMs } from '../support/patience.ts';
import { type SmallGraph, startSmallGraph } from './small-graph.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';
import { createSigningKey, type KeyServer, startKeyServer } from './token-issuer.ts';

/** How a gateway reports that it is alive and ready, and how it stops. */
describe('gateway: health and stopping', () => {
  let graph: SmallGraph;
  let nowMs = 1_800_000_000_000;
  const clock: Clock = { now: () => nowMs };
  let gateway: TestGateway;
  let keys: KeyServer;

  beforeEach(async () => {
    graph = await startSmallGraph();
    keys = await startKeyServer([createSigningKey('a')]);
    gateway = await startTestGateway(graph, {
      clock,
      jwksUrl: keys.jwksUrl,
      // A stop that waits for nothing would take this long.
      settings: { server: { drainTimeoutMs: 18_000 } },
    });
  });
  afterEach(async () => {
    await gateway.stop();
    await keys.stop();
    await graph.stop();
  });

  /** It has not waited until the deadline. */
  function expectNothingCutOff(): void {
    expect(gateway.log.map(({ msg }) => msg)).not.toContain('requests in flight are cut off');
  }

  const get = async (path: string, url = gateway.url): Promise<readonly [number, unknown]> => {
    const response = await fetch(url + path, { signal: AbortSignal.timeout(patienceMs) });
    return [response.status, await response.json()];
  };

  it('reports that it is alive without calling anything', async () => {
    expect(await get('/healthz')).toEqual([200, { status: 'ok' }]);
    expect(graph.authors.calls).toHaveLength(0);
  });

  it('is ready, and reports the subgraphs, which it probes anonymously', async () => {
    const subgraphs = { authors: 'up', books: 'up' };
    expect(await eventuallyAll()).toEqual([200, { status: 'ready', subgraphs }]);
    for (const { name, calls } of [graph.authors, graph.books]) {
      const verify = createIdentityVerifier(name, [developmentIdentityKey(name)], clock);
      expect(verify(String(calls[0]?.headers[identityHeader]))).toEqual({ kind: 'anonymous' });
    }
  });

  it('stays ready when a subgraph is gone, reports it, and probes it again a second later', async () => {
    graph.books.answerBy({ status: 503, body: '' });
    const ready = { status: 'ready', subgraphs: { authors: 'up', books: 'down' } };
    expect(await eventuallyAll()).toEqual([200, ready]);
    graph.books.answerBy(undefined);
    nowMs += 999;
    expect(await get('/readyz')).toEqual([200, ready]);
    expect(graph.books.calls).toHaveLength(1);
    nowMs += 1;
    await eventually(
      () => get('/readyz'),
      ([, body]) => (body as Ready).subgraphs.books === 'up',
    );
    expect(graph.books.calls).toHaveLength(2);
    const told = gateway.log.filter(({ subgraph }) => subgraph === 'books').map(({ msg }) => msg);
    expect(told).toEqual(['a subgraph does not answer', 'a subgraph answers again']);
  });

  it('is ready once it has the keys of access tokens, and stays ready when their issuer is gone', async () => {
    const keyless = await startTestGateway(graph, { clock });
    const [status, body] = await get('/readyz', keyless.url);
    expect(status).toBe(503);
    expect(body).toMatchObject({ status: 'unready', missing: ['keys of access tokens'] });
    expect(await get('/healthz', keyless.url)).toEqual([200, { status: 'ok' }]);
    await keyless.stop();

    await eventually(
      () => get('/readyz'),
      ([ready]) => ready === 200,
    );
    await keys.stop();
    nowMs += 3_600_000;
    expect((await get('/readyz'))[0]).toBe(200);
  });

  it('keeps answering during the drain delay, as not ready, and closes each connection', async () => {
    const settings = { server: { drainDelayMs: 1_500 } };
    const leaving = await startTestGateway(graph, { settings });
    const stopped = leaving.stop();
    expect(await get('/readyz', leaving.url)).toEqual([503, { status: 'draining' }]);
    const answer = await leaving.ask('{ __typename }');
    expect(answer.data).toEqual({ __typename: 'Query' });
    expect(answer.headers.get('connection')).toBe('close');
    await stopped;
    expect(await accepts(leaving.url)).toBe(false);
  });

  /** The probes of subgraphs are waited for briefly: repeat until each has been probed once. */
  function eventuallyAll(): Promise<readonly [number, unknown]> {
    return eventually(
      () => get('/readyz'),
      ([status, body]) => status === 200 && Object.keys((body as Ready).subgraphs).length === 2,
    );
  }

  it('probes a subgraph with the user and password of its address, and logs neither', async () => {
    await gateway.stop();
    const address = graph.books.url.replace('//', '//user:hidden%20pw@');
    const environment = { SUBGRAPH_BOOKS_URL: address };
    gateway = await startTestGateway(graph, { clock, jwksUrl: keys.jwksUrl, environment });
    const subgraphs = { authors: 'up', books: 'up' };
    expect(await eventuallyAll()).toEqual([200, { status: 'ready', subgraphs }]);
    const { text } = await gateway.ask('{ books { title } }');
    const basic = `Basic ${Buffer.from('user:hidden pw').toString('base64')}`;
    expect(new Set(graph.books.calls.map(({ headers }) => headers.authorization))).toEqual(
      new Set([basic]),
    );
    await graph.books.stop();
    const failed = await gateway.ask('{ books { id } }');
    expect(failed.errors).toMatchObject([{ extensions: { code: 'SUBGRAPH_ERROR' } }]);
    expect(text + failed.text + JSON.stringify(gateway.log)).not.toMatch(/hidden|aGlkZGVu/);
  });

  it('finishes requests in flight before it stops, on a connection that it then closes', async () => {
    const answer = gateway.ask('{ slow }');
    await graph.slow.asked;
    const stopped = gateway.stop();
    while (await accepts(gateway.url));
    graph.slow.answer();
    expect((await answer).data).toEqual({ slow: 'at last' });
    await stopped;
    expectNothingCutOff();
  });

  it('answers requests on an open connection while it stops, as not ready, and closes it', async () => {
    const { hostname, port } = new URL(gateway.url);
    const socket = connect(Number(port), hostname);
    let answers = '';
    socket.on('data', (chunk: Buffer) => (answers += chunk.toString('utf8')));
    const closed = once(socket, 'close');
    const body = '{"query":"{ slow }"}';
    const head = `host: gateway\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
    socket.write(`POST /graphql HTTP/1.1\r\n${head}\r\n\r\n${body}`);
    await graph.slow.asked;

    const stopped = gateway.stop();
    socket.write('GET /readyz HTTP/1.1\r\nhost: gateway\r\n\r\n');
    graph.slow.answer();
    await Promise.all([stopped, closed]);

    const bodies = answers.match(/^\{.*\}/gm);
    expect(bodies).toEqual(['{"data":{"slow":"at last"}}', '{"status":"draining"}']);
    expectNothingCutOff();
  });

  it('does not wait for a client that has connected and sends nothing', async () => {
    const { hostname, port } = new URL(gateway.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    const closed = once(socket, 'close');
    await gateway.stop();
    await closed;
    expectNothingCutOff();
  });

  it('stops at the deadline when requests in flight do not end', async () => {
    const impatient = await startTestGateway(graph, {
      settings: { server: { drainTimeoutMs: 100 } },
    });
    const answer = impatient.ask('{ slow }').catch((error: unknown) => error);
    await graph.slow.asked;
    await impatient.stop();
    expect(await answer).toHaveProperty('message');
  });
});

interface Ready {
  readonly subgraphs: Readonly<Record<string, string>>;
}

/** Whether a server still accepts connections. */
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
