import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { GraphQLDataSource } from '@apollo/gateway';
import { afterEach, describe, expect, it } from '@jest/globals';
import { SubgraphRoutes } from '../../engine/apollo/subgraph-routes.ts';
import { breakerPerSubgraph } from '../../engine/fetching/breaker.ts';
import { limitInFlight } from '../../engine/fetching/in-flight-limit.ts';
import type { FetchLayer } from '../../engine/fetching/types.ts';
import { subgraphRequest } from '../support/subgraph-calls.ts';

/** Everything a test opened, servers first: closing the routes waits for the calls in flight. */
const opened: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

const clock = { now: () => 0 };
const opensAtOnce = breakerPerSubgraph({
  failureShare: 0.5,
  minCalls: 1,
  windowMs: 10_000,
  openMs: 1_000,
  clock,
});

describe('gateway/subgraph routes', () => {
  it('keeps the breaker open when a new supergraph has the subgraph at the same address', async () => {
    const { url, calls } = await brokenSubgraph();
    const routes = routesWith([opensAtOnce]);
    await outcome(routes.fetchFor([{ name: 'orders', url }])(subgraphRequest()));
    const next = routes.fetchFor([
      { name: 'orders', url },
      { name: 'users', url: 'http://127.0.0.1:1/elsewhere' },
    ]);
    expect(await outcome(next(subgraphRequest()))).toMatchObject({
      message: expect.stringContaining('too many recent calls failed'),
    });
    expect(calls()).toBe(1);
  });

  it('calls a subgraph at its new address, whatever the state of the old one', async () => {
    const [old, young] = [await brokenSubgraph(), await brokenSubgraph()];
    const routes = routesWith([opensAtOnce]);
    await outcome(routes.fetchFor([{ name: 'orders', url: old.url }])(subgraphRequest()));
    await outcome(routes.fetchFor([{ name: 'orders', url: young.url }])(subgraphRequest()));
    expect([old.calls(), young.calls()]).toEqual([1, 1]);
  });

  it('counts the calls in flight from the previous supergraph', async () => {
    const { url } = await silentSubgraph();
    const line = limitInFlight({ maxInFlight: 1, maxWaiting: 0, maxWaitMs: 1_000, clock });
    const routes = routesWith([line]);
    void outcome(routes.fetchFor([{ name: 'orders', url }])(subgraphRequest()));
    const next = routes.fetchFor([{ name: 'orders', url }]);
    expect(await outcome(next(subgraphRequest()))).toMatchObject({ code: 'OVERLOADED' });
  });

  it('has no address for a subgraph that is not in the new supergraph', async () => {
    const { url } = await brokenSubgraph();
    const routes = routesWith([]);
    routes.fetchFor([{ name: 'orders', url }]);
    expect(await outcome(routes.fetchFor([])(subgraphRequest()))).toMatchObject({
      message: expect.stringContaining('has no address'),
    });
  });

  it('limits the wait for a data source that never answers, like for a subgraph', async () => {
    const routes = withDataSource(neverAnswers);
    const fetch = routes.fetchFor([{ name: 'orders', url: 'http://orders.test/' }]);
    expect(await outcome(fetch(ofApolloServer()))).toMatchObject({
      code: 'SUBGRAPH_TIMEOUT',
      message: expect.stringMatching(/did not answer within \d+ ms/),
    });
  });

  it('limits the wait for a data source by the deadline of its request', async () => {
    const routes = withDataSource(neverAnswers, { timeoutMs: 10_000 });
    const fetch = routes.fetchFor([{ name: 'orders', url: 'http://orders.test/' }]);
    const request = ofApolloServer({ deadlineAt: Date.now() + 30 });
    expect(await outcome(fetch(request))).toMatchObject({ code: 'SUBGRAPH_TIMEOUT' });
  });

  it('does not limit the time of a data source when told not to', async () => {
    const answersLate: GraphQLDataSource['process'] = () =>
      new Promise((resolve) => setTimeout(() => resolve({ data: { late: true } }), 80));
    const routes = withDataSource(answersLate, { enforceDeadline: false });
    const fetch = routes.fetchFor([{ name: 'orders', url: 'http://orders.test/' }]);
    expect(await outcome(fetch(ofApolloServer()))).toMatchObject({
      body: { data: { late: true } },
    });
  });
});

function routesWith(layers: readonly FetchLayer[]): SubgraphRoutes {
  const routes = new SubgraphRoutes({ layers });
  opened.push(() => routes.close());
  return routes;
}

const neverAnswers: GraphQLDataSource['process'] = () => new Promise(() => undefined);

function withDataSource(
  process: GraphQLDataSource['process'],
  { timeoutMs = 30, enforceDeadline = true } = {},
): SubgraphRoutes {
  return new SubgraphRoutes({
    buildService: () => ({ process }),
    http: { timeoutMs },
    enforceDeadline,
  });
}

/** The answer or the error. */
function outcome(call: Promise<unknown>): Promise<unknown> {
  return call.catch((error: unknown) => error);
}

/** A request as in Apollo Server, which data sources need. */
function ofApolloServer({ deadlineAt }: { readonly deadlineAt?: number } = {}) {
  return subgraphRequest({ context: { incoming: { context: {} } as never, deadlineAt } });
}

async function brokenSubgraph(): Promise<{ url: string; calls: () => number }> {
  let calls = 0;
  const url = await serve((answer) => {
    calls += 1;
    answer(500);
  });
  return { url, calls: () => calls };
}

async function silentSubgraph(): Promise<{ url: string }> {
  return { url: await serve(() => undefined) };
}

async function serve(onCall: (answer: (status: number) => void) => void): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    onCall((status) => response.writeHead(status).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.unshift(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
}
