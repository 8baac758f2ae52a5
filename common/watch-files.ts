import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { messageOf } from './errors.ts';

/** How often the files are checked by default. */
const defaultEveryMs = 500;

/** Programs write in several steps: a change is reported once the files have been unchanged for this long. */
const quietMs = 100;

/** A file that is written continuously is reported anyway after this many checks. */
const unquietChecksMax = 20;

/**
 * A file that was written so recently may change again with the same modification time: file system clocks are coarse.
 */
const freshMs = 2_000;

/** A larger file is not read: its size and times are used instead of its content. */
const readBytesMax = 64 * 1024 * 1024;

/** What to watch, and whom to notify. */
export interface WatchOptions {
  /** Returns the paths of the files before each check; missing files are waited for. */
  readonly list: () => readonly string[] | Promise<readonly string[]>;
  /** Called with the files that were created, changed or deleted. The first call, after the first check, has none. */
  readonly onChange: (changed: readonly string[]) => void;
  readonly log: { warn(fields: { readonly reason: string }, message: string): void };
  readonly everyMs?: number;
}

/**
 * Watches the content of files; a new modification time alone is not a change. Polls instead of using file system
 * events, which are missing for a link higher up that has a new target (Kubernetes), for bind mounts and network
 * drives, and after a file was replaced. So every kind of change is noticed each time, within a second or two. The
 * first call comes without a change, so that a change between reading a file and watching it is not lost. Does not keep
 * the process alive.
 */
export function watchFiles({ list, onChange, log, everyMs = defaultEveryMs }: WatchOptions): {
  close(): void;
} {
  const known = new Map<string, KnownFile>();
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  let isFirst = true;
  let unquietChecks = 0;
  let lastProblem: string | undefined;

  const check = async (): Promise<number> => {
    const found = await changesIn(known, await list());
    for (const path of found) changed.add(path);
    if (found.length > 0 && ++unquietChecks < unquietChecksMax) return quietMs;
    unquietChecks = 0;
    if ((changed.size > 0 || isFirst) && !isClosed) {
      const reported = isFirst ? [] : [...changed];
      isFirst = false;
      changed.clear();
      onChange(reported);
    }
    return everyMs;
  };
  const checkRepeatedly = async (): Promise<void> => {
    let waitMs = everyMs;
    try {
      waitMs = await check();
      lastProblem = undefined;
    } catch (error) {
      const reason = messageOf(error);
      if (reason !== lastProblem) log.warn({ reason }, 'files could not be watched; trying again');
      lastProblem = reason;
    }
    if (!isClosed) timer = setTimeout(() => void checkRepeatedly(), waitMs).unref();
  };
  void checkRepeatedly();
  return {
    close: () => {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}

interface KnownFile {
  /** Size, times and identity of the path's target, or why there is none. */
  readonly state: string;
  /** Whether the content may have changed with the same state. */
  readonly isFresh: boolean;
  readonly content: string;
}

/** The paths with changed content. Paths that are no longer listed are forgotten, and count as changes. */
async function changesIn(
  known: Map<string, KnownFile>,
  paths: readonly string[],
): Promise<readonly string[]> {
  const listed = new Set(paths);
  const changes: string[] = [];
  for (const path of listed) {
    const before = known.get(path);
    const now = await fileAt(path, before);
    known.set(path, now);
    if (now.content !== before?.content) changes.push(path);
  }
  for (const path of known.keys()) {
    if (listed.has(path)) continue;
    known.delete(path);
    changes.push(path);
  }
  return changes;
}

async function fileAt(path: string, before: KnownFile | undefined): Promise<KnownFile> {
  try {
    const stats = await stat(path, { bigint: true });
    const { dev, ino, size, mtimeNs, ctimeNs } = stats;
    const state = [dev, ino, size, mtimeNs, ctimeNs].join();
    if (before?.state === state && !before.isFresh) return before;
    const isFresh = Math.abs(Date.now() - Number(stats.mtimeMs)) < freshMs;
    // Reading a pipe would wait for its writer.
    const isRead = stats.isFile() && size <= readBytesMax;
    return { state, isFresh, content: isRead ? await hashOf(path) : state };
  } catch (error) {
    const state = (error as NodeJS.ErrnoException).code ?? messageOf(error);
    return { state, isFresh: true, content: state };
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
