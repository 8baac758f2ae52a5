import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const repository = fileURLToPath(new URL('../../', import.meta.url));

/** How long one run may take. */
export const timeoutMs = 3_600_000;

/** The first seed of every run: ORACLE_SEED. */
export const firstSeed = Number(process.env.ORACLE_SEED ?? 1);

/**
 * Runs a script of this folder in a process of its own and reads the JSON that it prints: in the contexts that tests
 * run in, comparing takes four times as long.
 */
export async function runInAProcess<T>(script: string, args: readonly string[]): Promise<T> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', `test/oracles/${script}`, ...args],
    { cwd: repository, timeout: timeoutMs, maxBuffer: 2 ** 26 },
  );
  return JSON.parse(stdout) as T;
}

/** The counts of a run as one line. */
export function countsText(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([what, times]) => `${what} ${times}`)
    .join(', ');
}
