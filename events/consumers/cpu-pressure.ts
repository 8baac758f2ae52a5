import { readFile } from 'node:fs/promises';

/** Gives the share of the time since it was last asked in which a task waited for a CPU, from 0 to 1. It never rejects. */
export type CpuPressure = () => Promise<number>;

/**
 * Begins to read the pressure on the CPUs: pressure stall information of Linux (https://docs.kernel.org/accounting/psi.html), in a
 * container that of the whole machine. Undefined where the system has none: it is not Linux, or its kernel does without.
 */
export async function openCpuPressure(
  file = '/proc/pressure/cpu',
): Promise<CpuPressure | undefined> {
  let before = await read(file);
  if (!before) return undefined;
  return async () => {
    const now = await read(file);
    // What cannot be read is no reason to wait.
    if (!now || !before) return 0;
    const share = (now.waitedMs - before.waitedMs) / (now.at - before.at);
    before = now;
    return Math.min(Math.max(share, 0), 1);
  };
}

interface Reading {
  /** By `performance.now()`. */
  readonly at: number;
  /** For how long tasks have waited since the machine was started. */
  readonly waitedMs: number;
}

/** The averages beside the total, of 10 s and more, are too slow. */
async function read(file: string): Promise<Reading | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const total = /^some .*\btotal=(\d+)$/m.exec(text)?.[1];
  return total === undefined
    ? undefined
    : { at: performance.now(), waitedMs: Number(total) / 1_000 };
}
