import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { messageOf, StartupError } from '../../../common/errors.ts';

/** A directory that this process alone uses until it releases it. */
export interface DataDirectory {
  readonly path: string;
  release(): Promise<void>;
}

interface Owner {
  readonly pid: number;
  readonly host: string;
}

/**
 * Takes a data directory, made when it is missing, with a lock file in it: PGlite itself does not lock, and two
 * processes on one directory damage it. A lock whose process has ended is taken over. Throws StartupError
 * DATA_DIRECTORY_LOCKED when another process holds it, SETTING_INVALID when the directory cannot be written.
 */
export async function takeDataDirectory(directory: string): Promise<DataDirectory> {
  const path = resolve(directory);
  const lock = join(path, 'lock');
  try {
    await mkdir(path, { recursive: true });
    if (!(await createLock(lock))) {
      await removeStaleLock(lock, path);
      if (!(await createLock(lock))) throw lockedBy(await readOwner(lock), path);
    }
  } catch (error) {
    if (error instanceof StartupError) throw error;
    throw new StartupError(
      'SETTING_INVALID',
      `The data directory ${path} cannot be used: ${messageOf(error)}.`,
      'Give a directory that this user may write in DATA_DIR.',
      { cause: error },
    );
  }
  return { path, release: () => rm(lock, { force: true }) };
}

/** Linking is atomic: the lock appears with its owner in it, or not at all. */
async function createLock(lock: string): Promise<boolean> {
  const owner: Owner = { pid: process.pid, host: hostname() };
  const draft = `${lock}.${randomUUID()}`;
  await writeFile(draft, JSON.stringify(owner));
  try {
    await link(draft, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function removeStaleLock(lock: string, path: string): Promise<void> {
  const owner = await readOwner(lock);
  if (owner && isAlive(owner)) throw lockedBy(owner, path);
  // Renaming is atomic: of several processes that find the same stale lock, one removes it.
  const aside = `${lock}.${randomUUID()}`;
  await rename(lock, aside).catch(ignoreMissing);
  await rm(aside, { force: true });
}

async function readOwner(lock: string): Promise<Owner | undefined> {
  try {
    const { pid, host } = JSON.parse(await readFile(lock, 'utf8')) as Partial<Owner>;
    return typeof pid === 'number' && typeof host === 'string' ? { pid, host } : undefined;
  } catch {
    return undefined;
  }
}

/** A process of another machine or container cannot be asked: it counts as alive. */
function isAlive({ pid, host }: Owner): boolean {
  if (host !== hostname()) return true;
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function lockedBy(owner: Owner | undefined, path: string): StartupError {
  const holder = owner ? `process ${owner.pid} on ${owner.host}` : 'another process';
  return new StartupError(
    'DATA_DIRECTORY_LOCKED',
    `The data directory ${path} is in use by ${holder}.`,
    `Stop that process, or start with another directory: DATA_DIR=/some/where. If it is gone for good, remove ${join(path, 'lock')}.`,
  );
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
