import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { developmentKey } from './development-key.ts';

describe('users/development-key', () => {
  let parent: string;
  let dataDir: string;

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'development-key-'));
    dataDir = join(parent, 'data');
  });
  afterEach(() => rm(parent, { recursive: true }));

  it('is created once and is the same after a restart', async () => {
    const made = await developmentKey(dataDir);
    expect(await developmentKey(dataDir)).toEqual(made);
  });

  it('is the same for all processes that start at the same time, and leaves nothing else behind', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => developmentKey(dataDir)));
    expect(new Set(keys.flat()).size).toBe(1);
    expect(await readdir(dataDir)).toEqual(['access-token-key.pem']);
  });

  it('can only be read by its owner', async () => {
    await developmentKey(dataDir);
    const { mode } = await stat(join(dataDir, 'access-token-key.pem'));
    expect(mode & 0o777).toBe(0o600);
  });

  it('says what to do about a directory that cannot be written', async () => {
    await writeFile(dataDir, 'a file in place of the directory');
    await expect(developmentKey(dataDir)).rejects.toMatchObject({
      code: 'SETTING_INVALID',
      message: expect.stringMatching(/cannot store the key of access tokens: .*ENOTDIR/),
      advice: expect.stringContaining('DATA_DIR'),
    });
  });

  it('says what to do about a damaged file', async () => {
    await developmentKey(dataDir);
    const file = join(dataDir, 'access-token-key.pem');
    await writeFile(file, 'damaged');
    await expect(developmentKey(dataDir)).rejects.toMatchObject({
      code: 'SETTING_INVALID',
      message: `The file ${file} does not contain a P-256 private key in PEM form.`,
    });
  });
});
