import { readFile, stat } from 'node:fs/promises';
import { messageOf, StartupError } from '../../../common/errors.ts';
import type { Logger } from '../../../common/logger.ts';
import { watchFiles } from '../../../common/watch-files.ts';
import { type ComparisonLimits, invalidManifest, type Manifest, readManifest } from './manifest.ts';

/** What a manifest file is opened with. */
export interface ManifestFileOptions extends ComparisonLimits {
  readonly path: string;
  /** A larger file is refused unread. */
  readonly maxBytes: number;
  readonly watch: boolean;
  readonly log: Logger;
}

/** The manifest of a file that may change. */
export interface ManifestFile {
  /** The last one that could be read. */
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
      log.error({ path, reason }, 'persisted documents refused; the last ones stay');
    }
  };
  const onChange = (): void => {
    // One after the other: what was written last is read last.
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
      throw invalidManifest(path, `has ${size} bytes, and may have ${maxBytes}`);
    }
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof StartupError) throw error;
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const problem = isMissing ? 'does not exist' : `cannot be read: ${messageOf(error)}`;
    throw invalidManifest(path, problem, error);
  }
}
