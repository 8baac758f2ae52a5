import { readFileSync } from 'node:fs';
import { messageOf } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';
import { watchFiles } from '../../common/watch-files.ts';
import { invalidSupergraph } from './invalid-supergraph.ts';

/** The options of a supergraph file. */
export interface SupergraphFileOptions {
  readonly path: string;
  readonly watch: boolean;
  readonly log: Logger;
}

/** The text of a supergraph file that may change. */
export interface SupergraphFile {
  /** The last text that could be served. */
  current(): string;
  /**
   * Calls back with each new text, one after the other; when the listener fails, the previous one stays in use. One
   * listener.
   */
  onUpdate(listener: (sdl: string) => Promise<void>): void;
  /** Stops watching. */
  close(): void;
}

/** Reads a supergraph file and watches it. Throws StartupError SUPERGRAPH_INVALID when it cannot be read. */
export function openSupergraphFile({ path, watch, log }: SupergraphFileOptions): SupergraphFile {
  let text = readText(path);
  let listener: (sdl: string) => Promise<void> = () => Promise.resolve();
  let last = Promise.resolve();
  let state: 'open' | 'closed' = 'open';
  const isClosed = (): boolean => state === 'closed';

  const reload = async (): Promise<void> => {
    if (isClosed()) return;
    try {
      const next = readText(path);
      if (next === text) return;
      await listener(next);
      text = next;
      log.info({ path }, 'supergraph swapped');
    } catch (error) {
      if (isClosed()) return;
      log.error(
        { path, reason: messageOf(error) },
        'supergraph refused; the previous one stays in use',
      );
    }
  };
  const watcher = watch
    ? watchFiles({
        list: () => [path],
        onChange: () => {
          last = last.then(reload);
        },
        log,
      })
    : undefined;
  return {
    current: () => text,
    onUpdate: (callback) => {
      listener = callback;
    },
    close: () => {
      state = 'closed';
      watcher?.close();
    },
  };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const problem = isMissing ? 'does not exist' : `cannot be read: ${messageOf(error)}`;
    throw invalidSupergraph(path, problem, error);
  }
}
