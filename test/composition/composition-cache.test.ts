import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { CacheFolder } from '../../composition/cache/cache-folder.ts';
import { cacheFolderOf } from '../../composition/cache/cache-place.ts';
import { link } from './composed-folder.ts';
import { inFolderOf } from './folder-of.ts';
import { listOf } from './git-repository.ts';
import { runSupergraphIn } from './run-supergraph.ts';

const files = {
  'supergraph.yaml': listOf('a'),
  'schemas/a.graphql': `${link} type Query { a: Int }`,
};

describe('the cache of compositions', () => {
  it('saves a second composition of the same texts, unless --no-cache is given', async () => {
    await inFolderOf(files, async (folder) => {
      await compose(folder);
      await changeEntry(folder, '# from the cache');
      expect(await compose(folder)).toContain('# from the cache');
      expect(await compose(folder, '--no-cache')).not.toContain('# from the cache');
    });
  });

  it.each([
    ['a text', { 'schemas/a.graphql': `${link} type Query { b: Int }` }, []],
    ['an address', { 'supergraph.yaml': listOf('a').replace('/a\n', '/elsewhere\n') }, []],
    ['the composer', {}, ['--composer', 'guild']],
  ])('composes again when %s changes', async (_, changed, options) => {
    await inFolderOf(files, async (folder) => {
      await compose(folder);
      await changeEntry(folder, '# from the cache');
      for (const [name, text] of Object.entries(changed)) await writeFile(join(folder, name), text);
      expect(await compose(folder, ...options)).not.toContain('# from the cache');
      expect(await readdir(join(folder, 'cache'))).toHaveLength(2);
    });
  });

  it.each([
    ['cut off', (text: string) => text.slice(0, -10)],
    ['altered', (text: string) => text.replace('type Query', 'type Quiry')],
    ['empty', () => ''],
    ['of something else', () => 'not ours\n{}'],
  ])('ignores an entry that is %s, and writes it again', async (_, spoil) => {
    await inFolderOf(files, async (folder) => {
      const right = await compose(folder);
      const path = await entryIn(folder);
      const whole = await readFile(path, 'utf8');
      await writeFile(path, spoil(whole));
      expect(await compose(folder)).toBe(right);
      expect(await readFile(path, 'utf8')).toBe(whole);
    });
  });

  it('ignores an entry whose content another version has written', async () => {
    await inFolderOf(files, async (folder) => {
      const right = await compose(folder);
      const path = await entryIn(folder);
      const whole = await readFile(path, 'utf8');
      await new CacheFolder(join(folder, 'cache')).write(keyOf(path), '{"supergraphSdl": 1}');
      expect(await compose(folder)).toBe(right);
      expect(await readFile(path, 'utf8')).toBe(whole);
    });
  });

  it('composes where the folder cannot be written', async () => {
    await inFolderOf({ ...files, cache: 'a file' }, async (folder) => {
      expect(await compose(folder)).toContain('type Query');
    });
  });

  it('keeps 32 entries for their owner alone, drops those not used for the longest, and leaves other files', async () => {
    await inFolderOf({ 'cache/notes.txt': 'not ours' }, async (folder) => {
      const place = join(folder, 'cache');
      const cache = new CacheFolder(place);
      const keys = Array.from({ length: 34 }, (_, at) => String(at).padStart(64, '0'));
      const [first = '', second = ''] = keys;
      for (const [at, key] of keys.slice(0, 32).entries()) {
        await cache.write(key, 'text');
        await utimes(join(place, key), at, at);
      }
      expect(await cache.read(first)).toBe('text');
      for (const key of keys.slice(32)) await cache.write(key, 'text');
      const left = await readdir(place);
      expect(left).toHaveLength(33);
      expect(left).toEqual(expect.arrayContaining([first, 'notes.txt', ...keys.slice(3)]));
      expect(await cache.read(second)).toBeUndefined();
      expect((await stat(join(place, first))).mode & 0o777).toBe(0o600);
    });
  });

  it('is where the environment and the system say', () => {
    const home = { HOME: '/home/ada' };
    expect(cacheFolderOf(home, 'linux')).toBe('/home/ada/.cache/supergraph');
    expect(cacheFolderOf(home, 'darwin')).toBe('/home/ada/Library/Caches/supergraph');
    expect(cacheFolderOf({ ...home, XDG_CACHE_HOME: '/caches' }, 'linux')).toBe(
      '/caches/supergraph',
    );
    expect(cacheFolderOf({ ...home, XDG_CACHE_HOME: 'here' }, 'linux')).toBe(
      '/home/ada/.cache/supergraph',
    );
    expect(cacheFolderOf({ ...home, SUPERGRAPH_CACHE_DIR: '/ci' }, 'linux')).toBe('/ci');
    expect(cacheFolderOf({}, 'linux')).toBeUndefined();
    expect(cacheFolderOf({}, 'win32')).toBeUndefined();
  });
});

/** The supergraph, composed with a cache in a folder of its own. */
async function compose(folder: string, ...options: readonly string[]): Promise<string> {
  const { code, out } = await runSupergraphIn(
    { environment: { SUPERGRAPH_CACHE_DIR: join(folder, 'cache') } },
    ...['compose', '--config', join(folder, 'supergraph.yaml'), '--output', '-', ...options],
  );
  expect(code).toBe(0);
  return out;
}

async function entryIn(folder: string): Promise<string> {
  const [name = '', ...others] = await readdir(join(folder, 'cache'));
  expect(others).toEqual([]);
  return join(folder, 'cache', name);
}

function keyOf(path: string): string {
  return path.slice(-64);
}

/** Adds to the supergraph of the only entry what composition would not write. */
async function changeEntry(folder: string, text: string): Promise<void> {
  const cache = new CacheFolder(join(folder, 'cache'));
  const key = keyOf(await entryIn(folder));
  const entry = JSON.parse((await cache.read(key)) ?? '') as { supergraphSdl: string };
  const supergraphSdl = `${entry.supergraphSdl}${text}\n`;
  await cache.write(key, JSON.stringify({ ...entry, supergraphSdl }));
}
