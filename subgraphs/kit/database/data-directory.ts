import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { messageWithFullStop, StartupError } from '../../../common/errors.ts';

/** A directory that only this process uses until it releases it. */
export interface DataDirectory {
  readonly path: string;
  release(): Promise<void>;
}

interface Owner {
  readonly pid: number;
  readonly host: string;
  readonly process: string;
}

/** Distinguishes this process from an earlier one with the same pid: in a container, that is always 1. */
const thisProcess = randomUUID();

/**
 * Locks a data directory with a file in it, and creates it when it is missing: PGlite itself does not lock, and two
 * processes on one directory damage it. The lock of a process that has ended is taken over. Throws StartupError
 * DATA_DIRECTORY_LOCKED when another process holds it, SETTING_INVALID when the directory is not writable.
 */
export async function takeDataDirectory(directory: string): Promise<DataDirectory> {
  const path = resolve(directory);
  const lock = join(path, 'lock');
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await takeLock(lock, path);
  } catch (error) {
    if (error instanceof StartupError) throw error;
    throw new StartupError(
      'SETTING_INVALID',
      `The data directory ${path} cannot be used: ${messageWithFullStop(error)}`,
      'Set DATA_DIR to a directory that this user can write to.',
      { cause: error },
    );
  }
  return { path, release: () => rm(lock, { force: true }) };
}

/**
 * Creates the lock, replacing a stale one if necessary. Removing a stale lock requires a lock of its own, so that no
 * process removes the new lock of a faster one.
 */
async function takeLock(lock: string, path: string): Promise<void> {
  if (await createLock(lock)) return;
  await refuseIfAlive(lock, path);
  const takeover = `${lock}.takeover`;
  await takeLock(takeover, path);
  try {
    await refuseIfAlive(lock, path);
    await rm(lock, { force: true });
    if (!(await createLock(lock))) throw lockedBy(await readOwner(lock), path);
  } finally {
    await rm(takeover, { force: true });
  }
}

/** Linking is atomic: the lock appears with its owner in it, or not at all. */
async function createLock(lock: string): Promise<boolean> {
  const owner: Owner = { pid: process.pid, host: hostname(), process: thisProcess };
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

async function refuseIfAlive(lock: string, path: string): Promise<void> {
  const owner = await readOwner(lock);
  if (owner && isAlive(owner)) throw lockedBy(owner, path);
}

async function readOwner(lock: string): Promise<Owner | undefined> {
  try {
    const owner = JSON.parse(await readFile(lock, 'utf8')) as Partial<Owner>;
    const { pid, host, process = '' } = owner;
    return typeof pid === 'number' && typeof host === 'string' ? { pid, host, process } : undefined;
  } catch {
    return undefined;
  }
}

/** A process on another machine or in another container cannot be checked: it counts as alive. */
function isAlive({ pid, host, process: holder }: Owner): boolean {
  if (host !== hostname()) return true;
  if (pid === process.pid) return holder === thisProcess;
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
