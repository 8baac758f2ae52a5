import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { until } from './until.ts';

/**
 * Stops a process as it is. Resolves when none of its threads runs any more, where `/proc` tells: the signal reaches one
 * of them, which stops the others when it is its turn, and until then they answer.
 */
export async function halt(child: ChildProcess): Promise<void> {
  child.kill('SIGSTOP');
  const threads = `/proc/${child.pid}/task`;
  if (!existsSync(threads)) return;
  await until(() => readdirSync(threads).every((id) => stateOf(`${threads}/${id}/stat`) === 'T'));
}

/** Lets it go on. */
export function resume(child: ChildProcess): void {
  child.kill('SIGCONT');
}

/** A thread that has just ended runs no more either. */
function stateOf(stat: string): string | undefined {
  try {
    return /\) (\S)/.exec(readFileSync(stat, 'utf8'))?.[1];
  } catch {
    return 'T';
  }
}
