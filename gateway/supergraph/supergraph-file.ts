import { readFileSync } from 'node:fs';
import { messageOf } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';
import { atOnce, inSlices, type Sliced } from '../../common/slices.ts';
import { watchFiles } from '../../common/watch-files.ts';
import { invalidSupergraph, readingSupergraph, type Supergraph } from './supergraph.ts';

/** What a supergraph file is opened with. */
export interface SupergraphFileOptions {
  readonly path: string;
  /** Gives a subgraph another address than the composed one. */
  readonly urlOf: (subgraph: string) => string | undefined;
  /** Throws when a supergraph cannot be served, whatever is wrong with it beyond its syntax. */
  readonly check: (supergraph: Supergraph) => void;
  readonly watch: boolean;
  readonly log: Logger;
}

/** The supergraph of a file that may change. */
export interface SupergraphFile {
  /** The last one that could be served. */
  current(): Supergraph;
  /** Calls back with each new supergraph, one after the other; when the listener fails, the last one stays. One listener. */
  onUpdate(listener: (supergraph: Supergraph) => Promise<void>): void;
  /** Stops watching. */
  close(): void;
}

/** Reads a supergraph from a file and watches it; what comes later is read in slices. Throws StartupError SUPERGRAPH_INVALID. */
export function openSupergraphFile(options: SupergraphFileOptions): SupergraphFile {
  const { path, log } = options;
  let text = readText(path);
  let current = atOnce(reading(text, options));
  let listener: (supergraph: Supergraph) => Promise<void> = () => Promise.resolve();
  let last = Promise.resolve();
  let state: 'open' | 'closed' = 'open';
  const isClosed = (): boolean => state === 'closed';

  const reload = async (): Promise<void> => {
    if (isClosed()) return;
    try {
      const nextText = readText(path);
      if (nextText === text) return;
      const next = await inSlices(reading(nextText, options));
      await listener(next);
      current = next;
      text = nextText;
      log.info({ path, subgraphs: next.subgraphs.length }, 'supergraph swapped');
    } catch (error) {
      if (isClosed()) return;
      log.error({ path, reason: messageOf(error) }, 'supergraph refused; the last one stays');
    }
  };
  const watcher = options.watch
    ? watchFiles({
        list: () => [path],
        onChange: () => {
          last = last.then(reload);
        },
        log,
      })
    : undefined;
  return {
    current: () => current,
    onUpdate: (callback) => {
      listener = callback;
    },
    close: () => {
      state = 'closed';
      watcher?.close();
    },
  };
}

function* reading(text: string, { path, urlOf, check }: SupergraphFileOptions): Sliced<Supergraph> {
  const supergraph = yield* readingSupergraph(text, path, urlOf);
  check(supergraph);
  return supergraph;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw invalidSupergraph(
      path,
      isMissing ? 'does not exist' : `cannot be read: ${messageOf(error)}`,
      error,
    );
  }
}
