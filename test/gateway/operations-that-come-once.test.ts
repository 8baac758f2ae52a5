import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type SmallGraph, startSmallGraph } from './small-graph.ts';
import { startTestGateway, type TestGateway } from './test-gateway.ts';

const planCacheBytesMax = 1024 * 1024;
const operationsAtATime = 500;
const askersCount = 8;

/** Operations that never come again fill what is remembered of operations, and no more than that. */
describe('gateway: operations that come once', () => {
  let graph: SmallGraph;
  let gateway: TestGateway;
  let count = 0;

  beforeAll(async () => {
    graph = await startSmallGraph();
    gateway = await startTestGateway(graph, {
      environment: { PLAN_CACHE_MAX_BYTES: String(planCacheBytesMax) },
      file: 'planCache: { reportEveryMs: 0 }',
    });
  });
  afterAll(() => graph.stop());

  /** Asks for operations of which no two are alike, and of each twice: the second time on the direct lane. */
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

  it('threat 15: reach a level of memory, and the log tells how many were known', async () => {
    const collectGarbage = exposedGarbageCollector();
    const heapBytes = (): number => {
      (gateway.log as unknown[]).length = 0;
      collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    await askForMany();
    const before = heapBytes();
    await askForMany();
    const grown = heapBytes() - before;
    // Kept, each with its plan and its documents would be over 10 KB.
    expect(grown).toBeLessThan(operationsAtATime * 5_000);
    await gateway.stop();
    const [report, ...others] = gateway.log.filter(({ msg }) => msg === 'plan cache');
    expect(others).toEqual([]);
    expect(report).toMatchObject({ misses: count, hits: count, hitPercent: 50 });
    expect(report?.bytes).toBeLessThanOrEqual(planCacheBytesMax);
    expect(report?.entries).toBeLessThan(operationsAtATime);
  }, 60_000);
});

/** Node's own, without a flag on the command line. */
function exposedGarbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
