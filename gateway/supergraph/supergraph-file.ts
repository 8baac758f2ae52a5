import { readFileSync } from 'node:fs';
import { messageOf } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';
import { watchFiles } from '../../common/watch-files.ts';
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
  /** Stops watching. */
  close(): void;
}

/** Reads a supergraph from a file and watches it. Throws StartupError SUPERGRAPH_INVALID. */
export function openSupergraphFile(options: SupergraphFileOptions): SupergraphFile {
  const { path, log } = options;
  let text = readText(path);
  let current = supergraphOf(text, options);
  let listener: (supergraph: Supergraph) => void = () => undefined;

  const reload = (): void => {
    try {
      const nextText = readText(path);
      if (nextText === text) return;
      const next = supergraphOf(nextText, options);
      listener(next);
      current = next;
      text = nextText;
      log.info({ path, subgraphs: next.subgraphs.length }, 'supergraph swapped');
    } catch (error) {
      log.error({ path, reason: messageOf(error) }, 'supergraph refused; the last one stays');
    }
  };
  const watcher = options.watch
    ? watchFiles({ list: () => [path], onChange: reload, log })
    : undefined;
  return {
    current: () => current,
    onUpdate: (callback) => {
      listener = callback;
    },
    close: () => watcher?.close(),
  };
}

function supergraphOf(text: string, { path, urlOf, check }: SupergraphFileOptions): Supergraph {
  const supergraph = readSupergraph(text, path, urlOf);
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
