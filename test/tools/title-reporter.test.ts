import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

describe('tools/jest/title-reporter', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'titles-'));
    await writeFile(
      join(folder, 'a.test.js'),
      `describe('a', () => {
        it('passes', () => {});
        it.each(['one', 'two'])('passes with %s', () => {});
        it('fails', () => { throw new Error('as it should'); });
        it.skip('is skipped', () => {});
        it.todo('is to do');
      });`,
    );
    await writeFile(join(folder, 'b.test.js'), `it('passes', () => {});`);
    await writeFile(join(folder, 'c.test.js'), `throw new Error('cannot be loaded');`);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const titlesOfA = [
    ['a', 'passes'],
    ['a', 'passes with one'],
    ['a', 'passes with two'],
  ];

  it('keeps what passed, each row of a table with its text, behind the titles around it', async () => {
    await runJest(folder);
    expect(await titles(folder)).toEqual({
      'a.test.js': titlesOfA,
      'b.test.js': [['passes']],
      'c.test.js': [],
    });
  });

  it('puts a file in place of its last run, and leaves out a file that is gone', async () => {
    await writeFile(join(folder, 'b.test.js'), `it('is another test', () => {});`);
    await rm(join(folder, 'c.test.js'));
    await runJest(folder, 'b.test.js');
    expect(await titles(folder)).toEqual({
      'a.test.js': titlesOfA,
      'b.test.js': [['is another test']],
    });
  });

  it('learns nothing from a run of some tests of a file', async () => {
    await runJest(folder, '--testNamePattern', 'one');
    expect(await titles(folder)).toHaveProperty(['a.test.js'], titlesOfA);
  });
});

async function titles(folder: string): Promise<unknown> {
  return JSON.parse(await readFile(join(folder, 'kept/titles.json'), 'utf8')) as unknown;
}

/** Some of its tests fail. */
async function runJest(folder: string, ...args: readonly string[]): Promise<void> {
  const config = {
    rootDir: folder,
    testEnvironment: 'node',
    transform: {},
    watchman: false,
    reporters: [[resolve('tools/jest/title-reporter.js'), { file: 'kept/titles.json' }]],
  };
  const command = ['node_modules/jest/bin/jest.js', '--config', JSON.stringify(config), '-i'];
  await promisify(execFile)(process.execPath, [...command, ...args], { timeout: 60_000 }).catch(
    (error: unknown) => {
      if ((error as { readonly code?: unknown }).code !== 1) throw error;
    },
  );
}
