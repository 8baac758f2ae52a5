import { distinctMain, main } from '../operations/storefront.ts';
import type { RunningPeer } from '../peers/launch.ts';
import { type Bench, WrongAnswer } from './bench.ts';

/** What a request costs whose operation was never seen before, beside one that is known; CPU in microseconds. */
export interface FirstTimeCost {
  readonly peer: string;
  readonly firstTimeUs: number;
  readonly knownUs: number;
  readonly firstTimeP50Ms: number;
  readonly knownP50Ms: number;
}

const warmUpMs = 1_500;
/** For the JIT compiler: planning is much code, and runs seldom. With several requests at a time there are more of them. */
const planningWarmUpMs = 5_000;
const measureMs = 2_000;

/**
 * Sends the main query, one request at a time, then the same with a new alias in each request. What lies between them
 * is parsing, validating, planning and compiling. The known one comes first: it must not pay for the garbage of the
 * others.
 */
export async function measureFirstTime(
  bench: Bench,
  targets: readonly RunningPeer[],
  progress: (line: string) => void,
): Promise<readonly FirstTimeCost[]> {
  const costs: FirstTimeCost[] = [];
  let distinctFrom = 1;
  for (const target of targets) {
    progress(`first-time cost of ${target.peer.name}`);
    try {
      await bench.warm(target, main, { maxMs: warmUpMs, concurrency: 1 });
      const known = await bench.measure(target, main, { maxMs: measureMs, concurrency: 1 });
      distinctFrom += 1_000_000;
      await bench.warm(target, distinctMain, { maxMs: planningWarmUpMs, distinctFrom });
      distinctFrom += 1_000_000;
      const first = await bench.measure(target, distinctMain, {
        maxMs: measureMs,
        concurrency: 1,
        distinctFrom,
      });
      costs.push({
        peer: target.peer.name,
        firstTimeUs: first.cpuUs,
        knownUs: known.cpuUs,
        firstTimeP50Ms: first.p50Ms,
        knownP50Ms: known.p50Ms,
      });
    } catch (error) {
      if (!(error instanceof WrongAnswer)) throw error;
      progress(`${target.peer.name}: ${error.message}`);
    }
  }
  return costs;
}
