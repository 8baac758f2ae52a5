import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type SmallGraph, startSmallGraph } from './small-graph.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';

const planCacheBytesMax = 1024 * 1024;
const operationsAtATime = 500;
const callersCount = 8;

/**
 * Operations that are never repeated fill the cache, and no more than that. `npm run bench:memory` shows the memory of
 * the process: here it would include that of the tests.
 */
describe('gateway: operations that come once', () => {
  let graph: SmallGraph;
  let gateway: TestGateway;
  let count = 0;

  beforeAll(async () => {
    graph = await startSmallGraph();
    gateway = await startTestGateway(graph, {
      settings: { planCache: { maxBytes: planCacheBytesMax, reportEveryMs: 0 } },
    });
  });
  afterAll(() => graph.stop());

  /** Sends operations that are all different, and each of them twice: the second time it is cached. */
  const askForMany = async (): Promise<void> => {
    const end = count + operationsAtATime;
    const askOn = async (): Promise<void> => {
      while (count < end) {
        count += 1;
        const query = `query Number${count} { books { title } author(id: "${count}") { name } }`;
        for (let time = 0; time < 2; time += 1) {
          const { data } = await gateway.ask(query);
          expect(data).toEqual({ books: [{ title: 'Notes' }], author: { name: 'Ada' } });
        }
      }
    };
    await Promise.all(Array.from({ length: callersCount }, askOn));
    graph.authors.calls.length = 0;
    graph.books.calls.length = 0;
  };

  it('threat 15: are cached up to a memory limit, and the log reports how many were cached', async () => {
    await askForMany();
    await askForMany();
    await gateway.stop();
    const [report, ...others] = gateway.log.filter(({ msg }) => msg === 'plan cache');
    expect(others).toEqual([]);
    expect(report).toMatchObject({ misses: count, hits: count, hitPercent: 50 });
    expect(report?.bytes).toBeLessThanOrEqual(planCacheBytesMax);
    expect(report?.entries).toBeLessThan(operationsAtATime);
  });
});
