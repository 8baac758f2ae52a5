import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { StartupError } from '../../common/errors.ts';
import { takeDataDirectory } from '../../subgraphs/kit/database/data-directory.ts';

describe('kit/data directory', () => {
  let parent: string;
  let path: string;
  let lock: string;

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'data-directory-'));
    path = join(parent, 'data');
    lock = join(path, 'lock');
  });

  afterEach(async () => {
    await rm(parent, { recursive: true, force: true });
  });

  it('creates the directory, locks it, and leaves nothing behind when it is released', async () => {
    const directory = await takeDataDirectory(path);
    expect(directory.path).toBe(path);
    expect(await readdir(path)).toEqual(['lock']);
    expect(JSON.parse(await readFile(lock, 'utf8'))).toMatchObject({
      pid: process.pid,
      host: hostname(),
    });
    await directory.release();
    expect(await readdir(path)).toEqual([]);
  });

  it('refuses a directory that another living process has, and says which and what to do', async () => {
    const { pid, end } = await startProcess();
    try {
      await writeLock({ pid, host: hostname() });
      const error = await failureOf(takeDataDirectory(path));
      expect(error).toMatchObject({
        code: 'DATA_DIRECTORY_LOCKED',
        message: `The data directory ${path} is in use by process ${pid} on ${hostname()}.`,
        advice: expect.stringContaining('DATA_DIR='),
      });
      expect(error.advice).toContain(lock);
      expect(await readFile(lock, 'utf8')).toContain(String(pid));
    } finally {
      await end();
    }
  });

  it('takes over the lock of a process that has ended', async () => {
    const { pid, end } = await startProcess();
    await end();
    await writeLock({ pid, host: hostname() });
    const directory = await takeDataDirectory(path);
    expect(await readFile(lock, 'utf8')).toContain(String(process.pid));
    await directory.release();
  });

  it('takes over the lock of an earlier process that had the same pid', async () => {
    await writeLock({ pid: process.pid, host: hostname(), process: 'an earlier one' });
    await (await takeDataDirectory(path)).release();
  });

  it('takes over a lock without an owner', async () => {
    for (const text of ['', 'nonsense', '{}', '{"pid":"1","host":5}']) {
      await writeLock(text);
      await (await takeDataDirectory(path)).release();
    }
  });

  it('takes over a lock whose taking over was cut off', async () => {
    const { pid, end } = await startProcess();
    await end();
    await writeLock({ pid, host: hostname() });
    await writeFile(`${lock}.takeover`, JSON.stringify({ pid, host: hostname() }));
    await (await takeDataDirectory(path)).release();
    expect(await readdir(path)).toEqual([]);
  });

  it('treats the lock of another machine as alive, because it cannot be checked', async () => {
    await writeLock({ pid: 1, host: 'another-machine' });
    expect(await failureOf(takeDataDirectory(path))).toMatchObject({
      code: 'DATA_DIRECTORY_LOCKED',
      message: `The data directory ${path} is in use by process 1 on another-machine.`,
    });
  });

  it('refuses a second taking by the same process until the first is released', async () => {
    const directory = await takeDataDirectory(path);
    expect(await failureOf(takeDataDirectory(path))).toMatchObject({
      code: 'DATA_DIRECTORY_LOCKED',
    });
    await directory.release();
    await (await takeDataDirectory(path)).release();
  });

  it('gives a directory with a stale lock to one of many concurrent processes', async () => {
    const { pid, end } = await startProcess();
    await end();
    for (let round = 0; round < 25; round += 1) {
      await writeLock({ pid, host: hostname() });
      const outcomes = await Promise.allSettled(
        Array.from({ length: 8 }, () => takeDataDirectory(path)),
      );
      const taken = outcomes.filter((outcome) => outcome.status === 'fulfilled');
      expect(taken).toHaveLength(1);
      await taken[0]?.value.release();
      expect(await readdir(path)).toEqual([]);
    }
  });

  it('says what is wrong with a directory that cannot be made', async () => {
    const file = join(parent, 'file');
    await writeFile(file, '');
    expect(await failureOf(takeDataDirectory(join(file, 'data')))).toMatchObject({
      code: 'SETTING_INVALID',
      message: expect.stringMatching(/^The data directory .* cannot be used: .*ENOTDIR/),
      advice: 'Set DATA_DIR to a directory that this user can write to.',
    });
  });

  async function writeLock(owner: object | string): Promise<void> {
    await (await takeDataDirectory(path)).release();
    await writeFile(lock, typeof owner === 'string' ? owner : JSON.stringify(owner));
  }
});

async function failureOf(work: Promise<unknown>): Promise<StartupError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof StartupError) return error;
    throw error;
  }
  throw new Error('It did not fail.');
}

/** A process that lives until it is told to end. */
async function startProcess(): Promise<{ readonly pid: number; end(): Promise<void> }> {
  const child: ChildProcess = spawn(process.execPath, ['-e', 'setInterval(() => {}, 60_000)'], {
    stdio: 'ignore',
  });
  await once(child, 'spawn');
  return {
    pid: child.pid ?? 0,
    async end() {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}
