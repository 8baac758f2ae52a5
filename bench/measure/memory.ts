import { distinctMain } from '../operations/storefront.ts';
import type { RunningPeer } from '../peers/launch.ts';
import type { Bench } from './bench.ts';
import type { MemoryPoint } from './many-operations.ts';

/** How often each operation is asked for, one time shortly after the other. */
export type Times = 1 | 2;

/** Few enough that an operation which is asked for twice comes back while it is still new. */
const batch = 100;

/** A gateway's memory is level when it stays below this after the first tenth of the operations. */
export const residentBytesMax = 350 * 2 ** 20;

/** From half of the operations to their end it may grow by so much, which is what garbage collection leaves to chance. */
const growthMax = 1.2;

/**
 * Sends operations that all differ and reads the gateway's memory after each tenth of them. Operations that come
 * once must not stay; those that come twice may, up to the bytes of the plan cache. Throws WrongAnswer.
 */
export async function measureMemory(
  bench: Bench,
  target: RunningPeer,
  { operations, times }: { readonly operations: number; readonly times: Times },
  progress: (line: string) => void,
): Promise<readonly MemoryPoint[]> {
  const points: MemoryPoint[] = [];
  const tenth = Math.ceil(operations / 10 / batch) * batch;
  for (let sent = batch; sent <= tenth * 10; sent += batch) {
    const load = { maxMs: 60_000, maxRequests: batch, distinctFrom: 1_000_000_000 + sent };
    for (let time = 1; time < times; time += 1) await bench.warm(target, distinctMain, load);
    if (sent % tenth !== 0) {
      await bench.warm(target, distinctMain, load);
      continue;
    }
    const { residentBytes } = await bench.measure(target, distinctMain, load);
    points.push({ operations: sent, residentBytes });
    progress(`${sent} operations, each ${times} ×: ${Math.round(residentBytes / 2 ** 20)} MiB`);
  }
  return points;
}

/** What is wrong with a curve of memory; `undefined` for one that is level. */
export function whyNotLevel(points: readonly MemoryPoint[]): string | undefined {
  const resident = points.map(({ residentBytes }) => residentBytes);
  const most = Math.max(...resident);
  if (most > residentBytesMax) {
    return `${mebibytes(most)} MiB are more than the ${mebibytes(residentBytesMax)} MiB expected`;
  }
  const half = Math.max(...resident.slice(0, Math.ceil(resident.length / 2)));
  const end = resident.at(-1) ?? 0;
  if (end > half * growthMax) {
    return `from ${mebibytes(half)} MiB it still grew to ${mebibytes(end)} MiB`;
  }
  return undefined;
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}
