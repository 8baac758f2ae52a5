import { chmod, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { sql } from 'kysely';
import { openPGliteDirectory } from '../../subgraphs/kit/database/pglite-home.ts';

describe('kit/embedded database', () => {
  let parent: string;

  beforeAll(async () => {
    parent = await mkdtemp(join(tmpdir(), 'embedded-database-'));
  });

  afterAll(async () => {
    await rm(parent, { recursive: true, force: true });
  });

  it('stores data, is created once, used by one process at a time, and its files are private', async () => {
    const dataDir = join(parent, 'kept');
    const path = join(dataDir, 'pglite');
    const onInitialise = jest.fn();
    const home = await openPGliteDirectory(dataDir, { onInitialise });
    expect(await openTo(dataDir)).toEqual([]);
    const database = home.connect<{ readonly notes: { text: string } }>('public');
    await sql`create table notes (text text)`.execute(database);
    await database.insertInto('notes').values({ text: 'kept' }).execute();
    await expect(openPGliteDirectory(dataDir)).rejects.toMatchObject({
      code: 'DATA_DIRECTORY_LOCKED',
    });
    await home.close();
    expect(await openTo(dataDir)).toEqual([]);

    await chmod(path, 0o755);
    await chmod(join(path, 'base'), 0o755);
    await chmod(join(path, 'PG_VERSION'), 0o666);
    const again = await openPGliteDirectory(dataDir, { onInitialise });
    expect(await openTo(dataDir)).toEqual([]);
    const reopened = again.connect<{ readonly notes: { text: string } }>('public');
    expect(await reopened.selectFrom('notes').selectAll().execute()).toEqual([{ text: 'kept' }]);
    await again.close();
    expect(onInitialise).toHaveBeenCalledTimes(1);
  });

  it('says that a damaged database cannot be opened and what to do, and releases the directory', async () => {
    const dataDir = join(parent, 'damaged');
    const path = join(dataDir, 'pglite');
    await mkdir(path, { recursive: true });
    await writeFile(join(path, 'PG_VERSION'), 'garbage');
    for (let attempt = 0; attempt < 2; attempt += 1) {
      await expect(openPGliteDirectory(dataDir)).rejects.toMatchObject({
        code: 'DATA_DIRECTORY_DAMAGED',
        message: expect.stringMatching(/^The database in .*pglite cannot be opened: [^\n]*\.$/),
        advice: `Restore a backup, or start with an empty database: move ${path} away and start again.`,
      });
    }
  });
});

/** What group or others may read, write or enter, the lock aside: it holds no secret. */
async function openTo(directory: string): Promise<readonly string[]> {
  const files = (await readdir(directory, { recursive: true })).filter((file) => file !== 'lock');
  const modes = await Promise.all(
    ['.', ...files].map(async (file) => [file, (await stat(join(directory, file))).mode] as const),
  );
  expect(modes.length).toBeGreaterThan(100);
  return modes.filter(([, mode]) => (mode & 0o077) !== 0).map(([file]) => file);
}
