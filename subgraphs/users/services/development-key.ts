import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageWithFullStop, StartupError } from '../../../common/errors.ts';
import { generatePrivateKeyPem, readPrivateKeyPems } from './private-key-pem.ts';

/**
 * The private key that signs access tokens on a developer's machine. It is created once and stored in the data
 * directory, readable only by its owner, so that tokens survive a restart. Throws StartupError when the file is damaged
 * or not writable.
 */
export async function developmentKey(dataDir: string): Promise<readonly [string, ...string[]]> {
  const file = join(dataDir, 'access-token-key.pem');
  const kept = await readOrMake(dataDir, file);
  const pems = readPrivateKeyPems(kept);
  if (!pems) {
    throw new StartupError(
      'SETTING_INVALID',
      `The file ${file} does not contain a P-256 private key in PEM form.`,
      'Remove it: a new key is created, and all users have to log in again.',
    );
  }
  return pems;
}

async function readOrMake(dataDir: string, file: string): Promise<string> {
  try {
    return (await readIfExists(file)) ?? (await keepNewKey(dataDir, file));
  } catch (error) {
    throw new StartupError(
      'SETTING_INVALID',
      `The data directory ${dataDir} cannot store the key of access tokens: ${messageWithFullStop(error)}`,
      'Set DATA_DIR to a directory that this user can write to, or ACCESS_TOKEN_PRIVATE_KEYS to a key.',
      { cause: error },
    );
  }
}

/**
 * Linking is atomic: the file appears complete, and of two processes that create a key, both use the one that was
 * stored first.
 */
async function keepNewKey(dataDir: string, file: string): Promise<string> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, generatePrivateKeyPem(), { mode: 0o600 });
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return readFile(file, 'utf8');
}

async function readIfExists(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
