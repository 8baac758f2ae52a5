import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { messageOf } from './errors.ts';
import type { Logger } from './logger.ts';

/** Writers write in several steps: the file is read once it has been quiet for this long. */
const quietMs = 100;

/**
 * Calls back when a file has changed. Watches its folder: editors and builds replace the file, and a watch on the file
 * would follow the old one. Keeps no process alive.
 */
export function watchFile(path: string, onChange: () => void, log: Logger): { close(): void } {
  const name = basename(path);
  let timer: NodeJS.Timeout | undefined;
  const onEvent = (_event: string, changed: string | null): void => {
    if (changed !== null && changed !== name) return;
    clearTimeout(timer);
    timer = setTimeout(onChange, quietMs).unref();
  };
  const watcher: FSWatcher = watch(dirname(path), { persistent: false }, onEvent);
  watcher.on('error', (error) => {
    log.warn({ path, reason: messageOf(error) }, 'the file is no longer watched');
  });
  return {
    close: () => {
      clearTimeout(timer);
      watcher.close();
    },
  };
}
