import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type SmallGraph, startSmallGraph } from './small-graph.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';

/** The settings and log lines for an operator. */
describe('gateway: settings of calls', () => {
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

  it('allows one subgraph a longer timeout than the others', async () => {
    gateway = await startTestGateway(graph, {
      settings: { subgraphs: { timeoutMs: 50, each: { authors: { timeoutMs: 8_000 } } } },
    });
    const asked = gateway.ask('{ slow }');
    await graph.slow.asked;
    await new Promise((resolve) => setTimeout(resolve, 200));
    graph.slow.answer();
    expect(await asked).toMatchObject({ status: 200, data: { slow: expect.any(String) } });
  });

  it('limits the calls to a subgraph, and refuses the others', async () => {
    gateway = await startTestGateway(graph, {
      settings: { subgraphs: { each: { authors: { maxInFlight: 1 } } }, calls: { maxWaiting: 0 } },
    });
    const first = gateway.ask('{ slow }');
    await graph.slow.asked;
    const refused = await gateway.ask('{ me }');
    expect([refused.status, refused.headers.get('retry-after'), refused.data]).toEqual([
      503,
      '1',
      { me: null },
    ]);
    expect(refused.errors).toMatchObject([{ extensions: { code: 'OVERLOADED' } }]);
    // Once more, when the operation is cached.
    expect((await gateway.ask('{ me }')).status).toBe(503);
    // A partial response is not a refusal.
    const inPart = await gateway.ask('{ me books { id: title } }');
    expect([inPart.status, inPart.headers.get('retry-after')]).toEqual([200, '1']);
    graph.slow.answer();
    await first;
  });

  it('warns of settings for an unknown subgraph', async () => {
    gateway = await startTestGateway(graph, {
      environment: { SUBGRAPH_AUTHROS_URL: 'http://authors.test/graphql' },
    });
    expect(gateway.log).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        msg: expect.stringContaining('SUBGRAPH_AUTHROS_… is set'),
        subgraphs: expect.arrayContaining(['authors']),
      }),
    );
  });

  it('reports at its end how often a plan was cached', async () => {
    gateway = await startTestGateway(graph);
    for (let count = 0; count < 4; count += 1) await gateway.ask('{ me }');
    await gateway.stop();
    expect(gateway.log).toContainEqual(
      expect.objectContaining({
        msg: 'plan cache',
        hits: 3,
        misses: 1,
        hitPercent: 75,
        entries: 1,
      }),
    );
    gateway = await startTestGateway(graph);
  });
});
