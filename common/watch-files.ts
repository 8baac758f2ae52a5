import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { messageOf } from './errors.ts';

/** How often the files are looked at, unless it is said otherwise. */
const defaultEveryMs = 500;

/** Writers write in several steps: a change is told once the files have been the same for this long. */
const quietMs = 100;

/** A file that is written without a pause is told about all the same after this many looks. */
const quietLooksMax = 20;

/** A file that was written so recently may change again without another time of change: clocks of file systems are coarse. */
const freshMs = 2_000;

/** A larger file is not read: its size and its times stand for its content. */
const readBytesMax = 64 * 1024 * 1024;

/** What is watched, and who is told. */
export interface WatchOptions {
  /** The paths of the files, asked for before each look; those that do not exist are waited for. */
  readonly list: () => readonly string[] | Promise<readonly string[]>;
  /** Told of files that came, changed or went. The first call, once the files are known, has none. */
  readonly onChange: (changed: readonly string[]) => void;
  readonly log: { warn(fields: { readonly reason: string }, message: string): void };
  readonly everyMs?: number;
}

/**
 * Watches the content of files: a new time of change alone is no change. The paths are looked at anew, again and again,
 * instead of waiting for the file system's events, which do not come for a link further up that now leads elsewhere
 * (Kubernetes), for bind mounts and network drives, and after a file was replaced. So every way of changing a file is
 * seen, within a second or two, each time. The first call comes without a change, so that what happened between reading
 * a file and watching it is not lost. Keeps no process alive.
 */
export function watchFiles({ list, onChange, log, everyMs = defaultEveryMs }: WatchOptions): {
  close(): void;
} {
  const known = new Map<string, KnownFile>();
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  let isFirst = true;
  let unquietLooks = 0;
  let lastProblem: string | undefined;

  const look = async (): Promise<number> => {
    const found = await changesIn(known, await list());
    for (const path of found) changed.add(path);
    if (found.length > 0 && ++unquietLooks < quietLooksMax) return quietMs;
    unquietLooks = 0;
    if ((changed.size > 0 || isFirst) && !isClosed) {
      const told = isFirst ? [] : [...changed];
      isFirst = false;
      changed.clear();
      onChange(told);
    }
    return everyMs;
  };
  const lookOn = async (): Promise<void> => {
    let waitMs = everyMs;
    try {
      waitMs = await look();
      lastProblem = undefined;
    } catch (error) {
      const reason = messageOf(error);
      if (reason !== lastProblem) log.warn({ reason }, 'files could not be watched; tried again');
      lastProblem = reason;
    }
    if (!isClosed) timer = setTimeout(() => void lookOn(), waitMs).unref();
  };
  void lookOn();
  return {
    close: () => {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}

interface KnownFile {
  /** Size, times and identity of what the path leads to, or why it leads to nothing. */
  readonly state: string;
  /** Whether the content may have changed without another state. */
  readonly isFresh: boolean;
  readonly content: string;
}

/** The paths whose content is another than known; those that are no longer listed are forgotten, and are changes too. */
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
    // Reading from a pipe would wait for its writer.
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
