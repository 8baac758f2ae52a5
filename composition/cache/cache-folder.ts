import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The most that is kept; what was not used for the longest goes first. */
const filesMax = 32;
const bytesMax = 256 * 1024 * 1024;

/** A temporary file this old belongs to a process that ended while it wrote. */
const abandonedMs = 60 * 60 * 1000;

const ownFile = /^[0-9a-f]{64}(?:\.[0-9a-f-]{36}\.tmp)?$/;

/**
 * Texts by their keys, as files of a folder that only its owner may read. A file that is not as it was written is as good
 * as none; a folder that cannot be used keeps nothing. Never throws: a cache only saves time.
 */
export class CacheFolder {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The text of a key, as it was written. */
  async read(key: string): Promise<string | undefined> {
    const path = join(this.#folder, key);
    try {
      if ((await stat(path)).size > bytesMax) return undefined;
      const content = await readFile(path, 'utf8');
      const end = content.indexOf('\n');
      const text = content.slice(end + 1);
      if (content.slice(0, end) !== sealOf(key, text)) return undefined;
      const now = new Date();
      // What is used stays.
      await utimes(path, now, now).catch(() => undefined);
      return text;
    } catch {
      return undefined;
    }
  }

  /** Writes a text at once or not at all, and removes what is too much. */
  async write(key: string, text: string): Promise<void> {
    const path = join(this.#folder, key);
    const temporary = `${path}.${randomUUID()}.tmp`;
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeFile(temporary, `${sealOf(key, text)}\n${text}`, { mode: 0o600, flag: 'wx' });
      await rename(temporary, path);
      await this.#removeOldest();
    } catch {
      await rm(temporary, { force: true }).catch(() => undefined);
    }
  }

  async #removeOldest(): Promise<void> {
    const names = (await readdir(this.#folder)).filter((name) => ownFile.test(name));
    const files = await Promise.all(
      names.map(async (name) => {
        const path = join(this.#folder, name);
        // Another process may have removed it.
        const stats = await stat(path).catch(() => undefined);
        return stats ? [{ path, bytes: stats.size, usedMs: stats.mtimeMs }] : [];
      }),
    );
    const newestFirst = files.flat().sort((one, other) => other.usedMs - one.usedMs);
    let [count, bytes] = [0, 0];
    for (const file of newestFirst) {
      const isTemporary = file.path.endsWith('.tmp');
      if (!isTemporary) [count, bytes] = [count + 1, bytes + file.bytes];
      const isTooMuch = isTemporary
        ? Date.now() - file.usedMs > abandonedMs
        : count > filesMax || bytes > bytesMax;
      if (isTooMuch) await rm(file.path, { force: true });
    }
  }
}

/** The first line of a file: shows whether it is whole, and of its key. */
function sealOf(key: string, text: string): string {
  return createHash('sha256').update(`${key}\n`).update(text).digest('hex');
}
