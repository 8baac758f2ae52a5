import { distinctMain } from '../operations/storefront.ts';
import type { RunningPeer } from '../peers/launch.ts';
import type { Bench } from './bench.ts';

/** Memory of a gateway after so many operations of which none was like another. */
export interface MemoryPoint {
  readonly operations: number;
  readonly residentBytes: number;
}

/** How many distinct operations are sent. */
export const manyOperations = 50_000;

const steps = 20;
const deadlineMs = 120_000;

/**
 * Sends 50,000 operations that all differ and reads the gateway's memory after each twentieth of them. Ends early, with
 * fewer points, when that takes over two minutes. Throws WrongAnswer.
 */
export async function measureManyOperations(
  bench: Bench,
  target: RunningPeer,
  progress: (line: string) => void,
): Promise<readonly MemoryPoint[]> {
  const points: MemoryPoint[] = [];
  const endsAt = Date.now() + deadlineMs;
  const perStep = manyOperations / steps;
  for (let step = 0; step < steps && Date.now() < endsAt; step += 1) {
    const { residentBytes } = await bench.measure(target, distinctMain, {
      maxMs: endsAt - Date.now(),
      maxRequests: perStep,
      distinctFrom: 1_000_000_000 + step * perStep,
    });
    points.push({ operations: (step + 1) * perStep, residentBytes });
    progress(`${(step + 1) * perStep} operations: ${Math.round(residentBytes / 2 ** 20)} MiB`);
  }
  return points;
}
