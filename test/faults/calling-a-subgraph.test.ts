import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../common/clock.ts';
import { createLogger } from '../../common/logger.ts';
import { createCancellation } from '../../engine/fetching/cancellation.ts';
import {
  createHttpClient,
  type HttpClient,
  httpClientDefaults,
} from '../../engine/fetching/http-client.ts';
import { type FetchLayerOptions, fetchLayers, layered } from '../../engine/fetching/layers.ts';
import type { SubgraphFetch } from '../../engine/fetching/types.ts';
import { callLayersOf } from '../../gateway/call-layers.ts';
import { loadGatewayConfig } from '../../gateway/config/load.ts';
import { subgraphRequest } from '../support/subgraph-calls.ts';
import { until } from '../support/until.ts';

const config = loadGatewayConfig({});
const layersAsShipped = callLayersOf(
  config.calls,
  config.subgraphs,
  createLogger('gateway', 'silent'),
);

describe('faults/calling a subgraph over HTTP through the layers', () => {
  let server: Server;
  let client: HttpClient;
  let toSubgraph: SubgraphFetch;
  /** The requests that have arrived, in order. */
  let arrived: Arrival[];
  /** How the subgraph answers; a test sets it. */
  let answer: (arrival: Arrival) => void;

  beforeEach(async () => {
    arrived = [];
    answer = ({ response }) => response.end(json('{"data":{"me":{"id":"1"}}}', response));
    server = createServer((request, response) => {
      const arrival = { request, response, isClosed: false };
      arrived.push(arrival);
      request.resume();
      response.once('close', () => {
        arrival.isClosed = true;
      });
      request.once('end', () => answer(arrival));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    client = createHttpClient(httpClientDefaults);
    toSubgraph = client.fetchFrom(new Map([['orders', `http://127.0.0.1:${port}/graphql`]]));
  });

  afterEach(async () => {
    server.closeAllConnections();
    await Promise.all([client.close(), new Promise((resolve) => server.close(resolve))]);
  });

  it('threat 54: answers SUBGRAPH_TIMEOUT when a subgraph hangs, and drops the connection, of a mutation too', async () => {
    answer = () => undefined;
    const ask = calling({ deadline: { timeoutMsFor: () => 100, sendRemainingTime: true } });
    for (const operationKind of ['query', 'mutation'] as const) {
      const before = arrived.length;
      // On a machine so busy that the time is over before the request has arrived, there is no connection to close.
      await until(async () => {
        await expect(ask(subgraphRequest({ operationKind }))).rejects.toMatchObject({
          code: 'SUBGRAPH_TIMEOUT',
        });
        return arrived.length > before;
      });
    }
    await until(() => arrived.every(({ isClosed }) => isClosed));
  });

  it('threat 62: tells the subgraph its remaining time', async () => {
    const ask = calling();
    await ask(subgraphRequest());
    await ask(subgraphRequest({ context: { deadlineAt: systemClock.now() + 500 } }));
    const times = arrived.map(({ request }) => Number(request.headers['x-deadline-ms']));
    expect(times[0]).toBe(3_000);
    expect(times[1]).toBeGreaterThan(0);
    expect(times[1]).toBeLessThanOrEqual(500);
  });

  it('retries a query that the subgraph could not handle, and never a mutation', async () => {
    const ask = calling();
    await earnRetries(ask);
    const down = (): void => {
      answer = ({ response }) => {
        response.writeHead(503).end();
        answer = ({ response: next }) => next.end(json('{"data":{}}', next));
      };
    };
    down();
    expect(await ask(subgraphRequest({ body: '{"query":"{again}"}' }))).toMatchObject({
      body: '{"data":{}}',
    });
    down();
    const mutation = ask(subgraphRequest({ operationKind: 'mutation' }));
    await expect(mutation).rejects.toMatchObject({ code: 'SUBGRAPH_ERROR', status: 503 });
  });

  it('retries a query whose connection was lost, as when a subgraph restarts', async () => {
    const ask = calling();
    await earnRetries(ask);
    answer = ({ request }) => {
      request.socket.destroy();
      answer = ({ response }) => response.end(json('{"data":{}}', response));
    };
    expect(await ask(subgraphRequest())).toMatchObject({ body: '{"data":{}}' });
  });

  it('sends at most a fifth more when all responses are 503', async () => {
    answer = ({ response }) => response.writeHead(503).end();
    const ask = calling({ breaker: false });
    for (let call = 0; call < 100; call += 1) {
      await expect(ask(subgraphRequest())).rejects.toMatchObject({ status: 503 });
    }
    expect(arrived).toHaveLength(120);
  });

  it('threat 63: aborts the query of a client that disconnects, and finishes its mutation', async () => {
    answer = () => undefined;
    const ask = calling();
    const cancellation = createCancellation();
    const query = ask(subgraphRequest({ context: { cancellation } }));
    const mutation = ask(subgraphRequest({ operationKind: 'mutation', context: { cancellation } }));
    await until(() => arrived.length === 2);
    cancellation.cancel();
    await expect(query).rejects.toMatchObject({ code: 'SUBGRAPH_ERROR' });
    await until(() => arrived.some(({ isClosed }) => isClosed));
    const open = arrived.filter(({ isClosed }) => !isClosed);
    expect(open).toHaveLength(1);
    open[0]?.response.end(json('{"data":{"done":true}}', open[0].response));
    expect(await mutation).toMatchObject({ body: '{"data":{"done":true}}' });
  });

  it('makes one call for identical queries of one viewer, and one for each viewer', async () => {
    const waiting: Arrival[] = [];
    answer = (arrival) => waiting.push(arrival);
    const ask = calling();
    const viewers = ['john', 'john', 'john', 'jane'];
    const answers = viewers.map((name) =>
      ask(subgraphRequest({ headers: ['x-gateway-identity', name] })),
    );
    await until(() => waiting.length === 2);
    for (const { request, response } of waiting) {
      response.end(json(JSON.stringify({ data: request.headers['x-gateway-identity'] }), response));
    }
    const bodies = (await Promise.all(answers)).map(({ body }) => body);
    expect(bodies).toEqual(viewers.map((name) => `{"data":"${name}"}`));
    expect(arrived).toHaveLength(2);
  });

  it('limits the calls in flight and those that wait, and refuses the rest immediately', async () => {
    const waiting: Arrival[] = [];
    answer = (arrival) => waiting.push(arrival);
    const ask = calling({ inFlight: { maxInFlight: 4, maxWaiting: 4, maxWaitMs: 5_000 } });
    const calls = Array.from({ length: 10 }, (_call, index) =>
      ask(subgraphRequest({ body: `{"query":"{q${index}}"}` })),
    );
    const outcomes = Promise.allSettled(calls);
    await expect(calls[8]).rejects.toMatchObject({ code: 'OVERLOADED' });
    await expect(calls[9]).rejects.toMatchObject({ code: 'OVERLOADED' });
    await until(() => waiting.length === 4);
    for (let done = 0; done < 8; done += 1) {
      await until(() => waiting.length > done);
      const arrival = waiting[done];
      arrival?.response.end(json('{"data":{}}', arrival.response));
    }
    const statuses = (await outcomes).map(({ status }) => status);
    expect(statuses).toEqual([...Array(8).fill('fulfilled'), 'rejected', 'rejected']);
  });

  it('fails immediately while a subgraph is down, and finds it when it is back', async () => {
    answer = ({ response }) => response.writeHead(500).end();
    const ask = calling({
      breaker: { failureShare: 0.5, minCalls: 20, windowMs: 10_000, openMs: 50 },
    });
    for (let call = 0; call < 20; call += 1) {
      await expect(ask(subgraphRequest())).rejects.toMatchObject({ status: 500 });
    }
    await expect(ask(subgraphRequest())).rejects.toMatchObject({ neverStarted: true });
    expect(arrived).toHaveLength(20);
    answer = ({ response }) => response.end(json('{"data":{}}', response));
    await new Promise((resolve) => setTimeout(resolve, 60));
    for (let call = 0; call < 2; call += 1)
      expect(await ask(subgraphRequest())).toMatchObject({ body: '{"data":{}}' });
  });

  function calling(options: Partial<FetchLayerOptions> = {}): SubgraphFetch {
    const layers = { ...layersAsShipped, ...options };
    return layered(toSubgraph, fetchLayers(layers, { clock: systemClock, random: Math.random }));
  }
});

interface Arrival {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Whether the response has ended, regularly or by the gateway. */
  isClosed: boolean;
}

/** Enough successful calls that the budget allows a retry. */
async function earnRetries(ask: SubgraphFetch): Promise<void> {
  for (let call = 0; call < 10; call += 1) await ask(subgraphRequest());
}

function json(body: string, response: ServerResponse): string {
  response.setHeader('content-type', 'application/json');
  return body;
}
