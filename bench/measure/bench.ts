import { startWorker } from '../child-process.ts';
import type { LoadOrder, LoadReport } from '../load/order.ts';
import { bodyOf, type Operation } from '../operations/operation.ts';
import type { RunningPeer } from '../peers/launch.ts';
import { askWhatTheySaw } from '../subgraphs/seen.ts';
import { usageOf } from './process-usage.ts';

/** Requests in flight while costs are compared. */
export const concurrency = 16;

/** A stretch of load on one gateway with one operation. */
export interface Slice {
  /** CPU time of the gateway's process for one request. */
  readonly cpuUs: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly residentBytes: number;
  readonly peakResidentBytes: number;
  /** Calls that all subgraphs together got for one request. */
  readonly subgraphCalls: number;
}

/** How long, how many at once. */
export type Load = Pick<LoadOrder, 'maxMs'> &
  Partial<Pick<LoadOrder, 'concurrency' | 'maxRequests' | 'distinctFrom'>>;

/** A gateway answered wrongly, or not at all. */
export class WrongAnswer extends Error {}

/** Puts load on gateways, one at a time. */
export interface Bench {
  /** Load whose cost is not measured. Throws WrongAnswer. */
  warm(target: RunningPeer, operation: Operation, load: Load): Promise<LoadReport>;
  /** Load and what it cost. All of its requests are answered before the CPU time is read. Throws WrongAnswer. */
  measure(target: RunningPeer, operation: Operation, load: Load): Promise<Slice>;
  stop(): Promise<void>;
}

const graceMs = 60_000;

/** The foundation of a benchmark. */
export interface BenchSurroundings extends Pick<LoadOrder, 'authorizations'> {
  readonly subgraphUrls: ReadonlyMap<string, string>;
}

/** A bench whose load comes from one process. */
export function createBench({ authorizations, subgraphUrls }: BenchSurroundings): Bench {
  const generator = startWorker<LoadOrder, LoadReport>(
    new URL('../load/worker.ts', import.meta.url),
  );

  const countCalls = async (): Promise<number> =>
    (await askWhatTheySaw(subgraphUrls)).reduce((sum, { calls }) => sum + calls, 0);

  const warm: Bench['warm'] = async (target, operation, load) => {
    const order: LoadOrder = {
      url: target.url(operation),
      authorizations,
      body: bodyOf(operation),
      data: operation.data,
      concurrency,
      ...load,
    };
    const report = await generator.ask(order, load.maxMs + graceMs);
    if (report.wrong !== undefined) throw new WrongAnswer(report.wrong);
    return report;
  };

  return {
    warm,
    async measure(target, operation, load) {
      const callsBefore = await countCalls();
      const before = usageOf(target.pid);
      const { requests, seconds, p50Ms, p99Ms } = await warm(target, operation, load);
      const after = usageOf(target.pid);
      return {
        cpuUs: (after.cpuUs - before.cpuUs) / requests,
        requestsPerSecond: requests / seconds,
        p50Ms,
        p99Ms,
        residentBytes: after.residentBytes,
        peakResidentBytes: after.peakResidentBytes,
        subgraphCalls: ((await countCalls()) - callsBefore) / requests,
      };
    },
    stop: () => generator.stop(),
  };
}
