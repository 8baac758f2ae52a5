import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createCancellation } from '../../engine/fetching/cancellation.ts';
import { createHttpClient, type HttpClient } from '../../engine/fetching/http-client.ts';
import type { SubgraphFetch } from '../../engine/fetching/types.ts';
import { settled, subgraphRequest } from '../support/subgraph-calls.ts';
import { until } from '../support/until.ts';

/** A call as received by the subgraph. Its response contains the text of the request. */
interface Arrival {
  readonly text: string;
  /** The remote port, which distinguishes connections. */
  readonly connection: number | undefined;
  readonly id: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

describe('fetching/pipelining', () => {
  let server: Server;
  let client: HttpClient;
  let now: number;
  let arrived: Arrival[];
  /** How the subgraph handles a call; set by a test. */
  let answer: (arrival: Arrival) => void;

  beforeEach(async () => {
    now = 1_000_000;
    arrived = [];
    answer = reply;
    server = createServer((request, response) => {
      let text = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      request.on('end', () => {
        const connection = request.socket.remotePort;
        const id = String(request.headers['x-call-id']);
        const arrival = { text, connection, id, request, response };
        arrived.push(arrival);
        answer(arrival);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    client = createClient(4);
  });

  afterEach(async () => {
    server.closeAllConnections();
    await client.close();
    await new Promise((resolve) => server.close(resolve));
  });

  it('sends queries one behind the other on a connection, up to the setting', async () => {
    const fetch = await quickSubgraph();
    const answers = await Promise.all(texts(5).map((body) => fetch(subgraphRequest({ body }))));
    expect(answers.map(({ body }) => body)).toEqual(texts(5).map(answerTo));
    expect(perConnection()).toEqual([4, 1]);
  });

  it('uses a connection for each call when the setting is 1', async () => {
    await client.close();
    client = createClient(1);
    const fetch = await quickSubgraph();
    await Promise.all(texts(3).map((body) => fetch(subgraphRequest({ body }))));
    expect(perConnection()).toEqual([1, 1, 1]);
    expect(arrived[0]?.id).toBe('undefined');
  });

  it('uses a connection for each call while the subgraph does not identify the calls that it answers', async () => {
    answer = (arrival) => reply(arrival, { id: undefined });
    const fetch = await quickSubgraph();
    await Promise.all(texts(3).map((body) => fetch(subgraphRequest({ body }))));
    expect(perConnection()).toEqual([1, 1, 1]);
  });

  it('sends a mutation on a separate connection, and nothing behind it', async () => {
    const fetch = await quickSubgraph();
    await Promise.all([
      fetch(subgraphRequest({ body: 'a' })),
      fetch(subgraphRequest({ body: 'change', operationKind: 'mutation' })),
      fetch(subgraphRequest({ body: 'b' })),
      fetch(subgraphRequest({ body: 'c' })),
    ]);
    const { connection } = arrivalOf('change');
    expect(arrived.filter((each) => each.connection === connection)).toHaveLength(1);
    expect(perConnection()).toEqual([3, 1]);
  });

  it('resends the calls behind one that hangs on other connections, and drops the late response', async () => {
    const fetch = await quickSubgraph();
    answer = (arrival) => {
      if (arrival.text !== 'a') reply(arrival);
    };
    const [first, ...others] = texts(3).map((body) => fetch(subgraphRequest({ body })));
    await until(() => arrived.length === 3);
    now += 60;
    expect((await Promise.all(others)).map(({ body }) => body)).toEqual(['b', 'c'].map(answerTo));
    expect(perConnection()).toEqual([3, 1, 1]);
    reply(arrivalOf('a'));
    expect((await first)?.body).toBe(answerTo('a'));
  });

  it('stops pipelining after a slow response, and resumes some time later', async () => {
    const fetch = await quickSubgraph();
    answer = (arrival) => {
      now += 100;
      reply(arrival);
    };
    await fetch(subgraphRequest({ body: 'slow' }));
    const askTwo = async (): Promise<readonly number[]> => {
      arrived = [];
      answer = reply;
      await Promise.all(texts(2).map((body) => fetch(subgraphRequest({ body }))));
      return perConnection();
    };
    expect(await askTwo()).toEqual([1, 1]);
    now += 1_900;
    expect(await askTwo()).toEqual([1, 1]);
    now += 200;
    expect(await askTwo()).toEqual([2]);
  });

  it('sends nothing behind a call that is not recent', async () => {
    const fetch = await quickSubgraph();
    answer = () => undefined;
    const first = fetch(subgraphRequest({ body: 'a' }));
    await until(() => arrived.length === 1);
    now += 10;
    answer = reply;
    expect((await fetch(subgraphRequest({ body: 'b' }))).body).toBe(answerTo('b'));
    expect(perConnection()).toEqual([1, 1]);
    reply(arrivalOf('a'));
    await first;
  });

  it('drops the response for a client that has disconnected, and the connection with the last one', async () => {
    const fetch = await quickSubgraph();
    answer = () => undefined;
    const leaving = createCancellation();
    const alsoLeaving = createCancellation();
    const gone = fetch(subgraphRequest({ body: 'a', context: { cancellation: leaving } }));
    const stays = fetch(subgraphRequest({ body: 'b' }));
    const last = fetch(subgraphRequest({ body: 'c', context: { cancellation: alsoLeaving } }));
    await until(() => arrived.length === 3);
    leaving.cancel();
    await expect(gone).rejects.toThrow(/the client disconnected/);
    reply(arrivalOf('a'));
    reply(arrivalOf('b'));
    expect((await stays).body).toBe(answerTo('b'));
    expect(perConnection()).toEqual([3]);
    const isClosed = new Promise((resolve) => arrivalOf('c').request.socket.once('close', resolve));
    alsoLeaving.cancel();
    await expect(last).rejects.toThrow(/the client disconnected/);
    await isClosed;
  });

  it('fails a call at its deadline, and resends those behind it separately', async () => {
    const fetch = await quickSubgraph();
    answer = () => undefined;
    const late = fetch(subgraphRequest({ body: 'a', context: { deadlineAt: now + 40 } }));
    const behind = fetch(subgraphRequest({ body: 'b' }));
    await until(() => arrived.length === 2);
    answer = reply;
    now += 40;
    await expect(late).rejects.toMatchObject({ code: 'SUBGRAPH_TIMEOUT', neverStarted: false });
    expect((await behind).body).toBe(answerTo('b'));
    expect(arrived.map(({ text }) => text)).toEqual(['a', 'b', 'b']);
    expect(perConnection()).toEqual([2, 1]);
  });

  it('keeps a connection when the deadline of a call behind others passes', async () => {
    const fetch = await quickSubgraph();
    answer = () => undefined;
    const first = fetch(subgraphRequest({ body: 'a' }));
    const late = fetch(subgraphRequest({ body: 'b', context: { deadlineAt: now + 40 } }));
    await until(() => arrived.length === 2);
    now += 40;
    await expect(late).rejects.toMatchObject({ code: 'SUBGRAPH_TIMEOUT' });
    reply(arrivalOf('a'));
    expect((await first).body).toBe(answerTo('a'));
  });

  it('when a connection is lost, fails the call being answered and resends those behind it once', async () => {
    const fetch = await quickSubgraph();
    answer = () => undefined;
    const calls = texts(3).map((body) => fetch(subgraphRequest({ body })).catch(String));
    await until(() => arrived.length === 3);
    answer = (arrival) => {
      if (arrival.text === 'b') reply(arrival);
      else arrival.request.socket.destroy();
    };
    arrivalOf('a').request.socket.destroy();
    const [first, second, third] = await Promise.all(calls);
    expect(first).toMatch(/could not be called/);
    expect(second).toMatchObject({ body: answerTo('b') });
    expect(third).toMatch(/could not be called/);
    expect(arrived.map(({ text }) => text).sort()).toEqual(['a', 'b', 'b', 'c', 'c']);
    expect(perConnection()).toEqual([3, 1, 1]);
  });

  it('resends the calls behind a response that was cut off, or that closes its connection', async () => {
    const fetch = await quickSubgraph();
    answer = () => undefined;
    const [cut, behind] = texts(2).map((body) => fetch(subgraphRequest({ body })).catch(String));
    await until(() => arrived.length === 2);
    answer = reply;
    const { id, request } = arrivalOf('a');
    request.socket.end(raw(id, 'a').slice(0, -1));
    expect(await cut).toMatch(/could not be called/);
    expect(await behind).toMatchObject({ body: answerTo('b') });

    now += 60_000;
    answer = (arrival) => {
      if (arrival.text === 'a') arrival.response.setHeader('connection', 'close');
      reply(arrival);
    };
    const answers = await Promise.all(texts(2).map((body) => fetch(subgraphRequest({ body }))));
    expect(answers.map(({ body }) => body)).toEqual(['a', 'b'].map(answerTo));
  });

  it('does not affect the calls behind when a response is not a GraphQL response', async () => {
    const fetch = await quickSubgraph();
    answer = (arrival) => {
      if (arrival.text === 'a') {
        arrival.response.writeHead(503, { 'x-call-id': arrival.id }).end('<p>');
      } else reply(arrival);
    };
    const [bad, good] = texts(2).map((body) => fetch(subgraphRequest({ body })).catch(String));
    expect(await bad).toMatch(/status 503/);
    expect(await good).toMatchObject({ body: answerTo('b') });
    expect(perConnection()).toEqual([2]);
  });

  it('threat 60: never uses an extra response for the next call', async () => {
    const fetch = await quickSubgraph();
    answer = () => undefined;
    const calls = texts(3).map((body) => fetch(subgraphRequest({ body })));
    await until(() => arrived.length === 3);
    answer = reply;
    const { id, request } = arrivalOf('a');
    request.socket.write(raw(id, 'a') + raw(id, 'a'));
    const answers = await Promise.all(calls);
    expect(answers.map(({ body }) => body)).toEqual(texts(3).map(answerTo));
    expect(arrived.map(({ text }) => text).sort()).toEqual(['a', 'b', 'b', 'c', 'c']);
    expect(perConnection()).toEqual([3, 1, 1]);
  });

  it('threat 60: accepts no response to a call behind others that does not identify it', async () => {
    const fetch = await quickSubgraph();
    answer = (arrival) => reply(arrival, { id: undefined });
    const answers = await Promise.all(texts(2).map((body) => fetch(subgraphRequest({ body }))));
    expect(answers.map(({ body }) => body)).toEqual(['a', 'b'].map(answerTo));
    expect(arrived.map(({ text }) => text)).toEqual(['a', 'b', 'b']);
    expect(perConnection()).toEqual([2, 1]);
  });

  it('threat 60: fails a mutation that gets the response to another call', async () => {
    const fetch = await quickSubgraph();
    answer = (arrival) => reply(arrival, { id: '1' });
    const change = fetch(subgraphRequest({ body: 'change', operationKind: 'mutation' }));
    await expect(change).rejects.toThrow(/answered a different call/);
    expect(arrived).toHaveLength(1);
  });

  it('waits when all connections are in use, and continues in turn', async () => {
    await client.close();
    client = createClient(4, 1);
    const fetch = await quickSubgraph();
    answer = () => undefined;
    const bodies = ['one', 'two'];
    const calls = bodies.map((body) => fetch(subgraphRequest({ body, operationKind: 'mutation' })));
    const gone = createCancellation();
    const leaves = fetch(subgraphRequest({ body: 'q', context: { cancellation: gone } }));
    await until(() => arrived.length === 1);
    gone.cancel();
    await expect(leaves).rejects.toMatchObject({ neverStarted: false });
    answer = reply;
    reply(arrivalOf('one'));
    expect((await Promise.all(calls)).map(({ body }) => body)).toEqual(bodies.map(answerTo));
    expect(arrived.map(({ text }) => text)).toEqual(bodies);
  });

  it('closes when calls in flight have been answered, and refuses later ones', async () => {
    const fetch = await quickSubgraph();
    answer = () => undefined;
    const last = fetch(subgraphRequest({ body: 'a' }));
    await until(() => arrived.length === 1);
    const isClosed = client.close();
    expect(await settled(isClosed)).toBe('still waiting');
    await expect(fetch(subgraphRequest())).rejects.toMatchObject({ neverStarted: true });
    reply(arrivalOf('a'));
    expect((await last).body).toBe(answerTo('a'));
    await isClosed;
  });

  function createClient(depth: number, maxConnections = 8): HttpClient {
    return createHttpClient({
      timeoutMs: 5_000,
      maxResponseBytes: 100_000,
      maxConnections,
      pipeliningFor: () => depth,
      clock: { now: () => now },
    });
  }

  /** Calls of a subgraph that has answered one call quickly. */
  async function quickSubgraph(): Promise<SubgraphFetch> {
    const { port } = server.address() as AddressInfo;
    const fetch = client.fetchFrom(new Map([['orders', `http://127.0.0.1:${port}/`]]));
    await fetch(subgraphRequest({ body: 'first' }));
    // By then the connection is free again.
    await new Promise((resolve) => setImmediate(resolve));
    arrived = [];
    return fetch;
  }

  function arrivalOf(text: string): Arrival {
    const found = arrived.find((each) => each.text === text);
    if (!found) throw new Error(`Expected ${text} to have arrived.`);
    return found;
  }

  /** How many calls arrived on each connection, in descending order. */
  function perConnection(): readonly number[] {
    const counts = new Map<number | undefined, number>();
    for (const { connection } of arrived) counts.set(connection, (counts.get(connection) ?? 0) + 1);
    return [...counts.values()].sort((one, other) => other - one);
  }
});

function reply({ text, id, response }: Arrival, named: { id: string | undefined } = { id }): void {
  response.setHeader('content-type', 'application/json');
  if (named.id !== undefined && named.id !== 'undefined') response.setHeader('x-call-id', named.id);
  response.end(answerTo(text));
}

function raw(id: string, text: string): string {
  const body = answerTo(text);
  const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-call-id: ${id}\r\n`;
  return `${head}content-length: ${body.length}\r\n\r\n${body}`;
}

function answerTo(text: string): string {
  return JSON.stringify({ data: { text } });
}

/** Bodies `a`, `b`, `c` … */
function texts(count: number): readonly string[] {
  return ['a', 'b', 'c', 'd', 'e'].slice(0, count);
}
