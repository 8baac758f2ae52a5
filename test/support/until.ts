import { eventually } from './eventually.ts';

/**
 * Waits for something that another process, a socket or a file watcher causes. Rejects when it has not happened in a
 * minute: long enough for a busy machine, and never waited for where it does happen.
 */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  await eventually(isSo, (is) => is);
}
