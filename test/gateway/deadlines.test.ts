import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { type SmallGraph, startSmallGraph } from './small-graph.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';

/** No call takes longer than its client waits. */
describe('gateway: deadlines', () => {
  let graph: SmallGraph;
  let gateway: TestGateway;

  beforeEach(async () => {
    graph = await startSmallGraph();
  });
  afterEach(async () => {
    graph.slow.answer();
    await gateway.stop();
    await graph.stop();
  });

  it('threat 62: limits the time of a subgraph to what the request has left', async () => {
    gateway = await startTestGateway(graph, {
      settings: { server: { requestTimeoutMs: 100 } },
    });
    const msToAnswer = async (): Promise<number> => {
      const startedAt = performance.now();
      const { data, errors } = await gateway.ask('{ slow }');
      expect(data).toEqual({ slow: null });
      expect(errors).toMatchObject([{ extensions: { code: 'SUBGRAPH_TIMEOUT' } }]);
      return performance.now() - startedAt;
    };
    // A subgraph alone may take a minute.
    await eventually(msToAnswer, (ms) => ms < 30_000);
  });

  it('threat 63: aborts a query whose client has disconnected', async () => {
    gateway = await startTestGateway(graph);
    const leaving = new AbortController();
    const asked = fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ slow }"}',
      signal: leaving.signal,
    }).catch((error: unknown) => error);
    await graph.slow.asked;
    leaving.abort();
    await asked;
    expect(await graph.authors.calls[0]?.ended).toBe('abandoned');
  });

  it('threat 63: finishes a mutation that has started', async () => {
    gateway = await startTestGateway(graph);
    const leaving = new AbortController();
    const asked = fetch(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"mutation { change }"}',
      signal: leaving.signal,
    }).catch((error: unknown) => error);
    await graph.slow.asked;
    leaving.abort();
    await asked;
    // The gateway has seen the first connection end when it answers on a later one.
    await gateway.ask('{ me }');
    graph.slow.answer();
    expect(await graph.authors.calls[0]?.ended).toBe('answered');
  });
});
