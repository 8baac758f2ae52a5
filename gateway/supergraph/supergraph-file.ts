import { readFileSync } from 'node:fs';
import { messageOf } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';
import { watchFile } from '../../common/watch-file.ts';
import { invalidSupergraph, readSupergraph, type Supergraph } from './supergraph.ts';

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
  /** Calls back with each new supergraph; when the listener throws, the last one stays. One listener. */
  onUpdate(listener: (supergraph: Supergraph) => void): void;
  /** Reads the file again now; what cannot be served is logged and the last one stays. */
  reload(): void;
  /** Stops watching. */
  close(): void;
}

/** Reads a supergraph from a file and watches it. Throws StartupError SUPERGRAPH_INVALID. */
export function openSupergraphFile(options: SupergraphFileOptions): SupergraphFile {
  const { path, log } = options;
  let current = readFile(options);
  let listener: (supergraph: Supergraph) => void = () => undefined;

  const reload = (): void => {
    try {
      const next = readFile(options);
      if (next.sdl === current.sdl) return;
      listener(next);
      current = next;
      log.info({ path, subgraphs: next.subgraphs.length }, 'supergraph swapped');
    } catch (error) {
      log.error({ path, reason: messageOf(error) }, 'supergraph refused; the last one stays');
    }
  };
  const watcher = options.watch ? watchFile(path, reload, log) : undefined;
  return {
    current: () => current,
    onUpdate: (callback) => {
      listener = callback;
    },
    reload,
    close: () => watcher?.close(),
  };
}

function readFile({ path, urlOf, check }: SupergraphFileOptions): Supergraph {
  const supergraph = readSupergraph(readText(path), path, urlOf);
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
