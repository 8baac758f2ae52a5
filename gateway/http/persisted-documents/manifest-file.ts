import { readFile, stat } from 'node:fs/promises';
import { messageOf, StartupError } from '../../../common/errors.ts';
import type { Logger } from '../../../common/logger.ts';
import { watchFiles } from '../../../common/watch-files.ts';
import { type ComparisonLimits, invalidManifest, type Manifest, readManifest } from './manifest.ts';

/** The options of a manifest file. */
export interface ManifestFileOptions extends ComparisonLimits {
  readonly path: string;
  /** A larger file is refused without reading it. */
  readonly maxBytes: number;
  readonly watch: boolean;
  readonly log: Logger;
}

/** A manifest in a file that may change. */
export interface ManifestFile {
  /** The last manifest that could be read. */
  current(): Manifest;
  /** Calls back after each change. One listener. */
  onUpdate(listener: () => void): void;
  /** Stops watching. */
  close(): void;
}

/** Reads a manifest from a file and watches it. Rejects with StartupError PERSISTED_DOCUMENTS_INVALID. */
export async function openManifestFile(options: ManifestFileOptions): Promise<ManifestFile> {
  const { path, log } = options;
  let text = await readText(options);
  let current = await readManifest(text, path, options);
  let listener = (): void => undefined;
  let reading: Promise<void> = Promise.resolve();

  const reload = async (): Promise<void> => {
    try {
      const next = await readText(options);
      if (next === text) return;
      current = await readManifest(next, path, options);
      text = next;
      listener();
      log.info({ path, operations: current.operations.length }, 'persisted documents swapped');
    } catch (error) {
      const reason = messageOf(error);
      log.error({ path, reason }, 'persisted documents refused; the previous ones stay in use');
    }
  };
  const onChange = (): void => {
    // One after the other: the last version written is also the last one read.
    reading = reading.then(reload);
  };
  const watcher = options.watch ? watchFiles({ list: () => [path], onChange, log }) : undefined;
  return {
    current: () => current,
    onUpdate: (callback) => {
      listener = callback;
    },
    close: () => watcher?.close(),
  };
}

async function readText({ path, maxBytes }: ManifestFileOptions): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > maxBytes) {
      throw invalidManifest(path, `has ${size} bytes, more than the limit of ${maxBytes}`);
    }
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof StartupError) throw error;
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const problem = isMissing ? 'does not exist' : `cannot be read: ${messageOf(error)}`;
    throw invalidManifest(path, problem, error);
  }
}
