import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type SmallGraph, startSmallGraph } from './small-graph.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';

const planCacheBytesMax = 1024 * 1024;
const operationsAtATime = 500;
const askersCount = 8;

/**
 * Operations that never come again fill what is remembered of operations, and no more than that. What memory the process
 * then has is shown by `npm run bench:memory`: here it would be that of the tests as well.
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

  /** Asks for operations of which no two are alike, and of each twice: the second time it is known. */
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
    await Promise.all(Array.from({ length: askersCount }, askOn));
    graph.authors.calls.length = 0;
    graph.books.calls.length = 0;
  };

  it('threat 15: are remembered up to a number of bytes, and the log tells how many were known', async () => {
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
