import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageWithFullStop, StartupError } from '../../../common/errors.ts';
import { generatePrivateKeyPem, readPrivateKeyPems } from './private-key-pem.ts';

/**
 * The private key that signs access tokens on a developer's machine. It is made once and kept in the data directory,
 * readable by its owner only, so that tokens survive a restart. Throws StartupError when the file is damaged or cannot
 * be written.
 */
export async function developmentKey(dataDir: string): Promise<readonly [string, ...string[]]> {
  const file = join(dataDir, 'access-token-key.pem');
  const kept = await readOrMake(dataDir, file);
  const pems = readPrivateKeyPems(kept);
  if (!pems) {
    throw new StartupError(
      'SETTING_INVALID',
      `The file ${file} holds no private key of P-256 in PEM form.`,
      'Remove it: a new key is made, and whoever is logged in logs in again.',
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
      `The data directory ${dataDir} cannot keep the key of access tokens: ${messageWithFullStop(error)}`,
      'Give a directory that this user may write in DATA_DIR, or a key in ACCESS_TOKEN_PRIVATE_KEYS.',
      { cause: error },
    );
  }
}

/** Linking is atomic: the file appears whole, and of two processes that make a key one is kept, for both. */
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
