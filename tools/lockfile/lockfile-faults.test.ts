import { describe, expect, it } from '@jest/globals';
import { lockfileFaults } from './lockfile-faults.ts';

const sound = { resolved: 'https://registry.npmjs.org/x.tgz', integrity: 'sha512-x' };

describe('tools/lockfile', () => {
  it('finds nothing in a complete lockfile', () => {
    expect(
      faults({
        'node_modules/a': { ...sound, optionalDependencies: { b: '1', c: '1' } },
        'node_modules/b': sound,
        'node_modules/a/node_modules/c': sound,
      }),
    ).toEqual([]);
  });

  it('finds the optional dependency without an entry', () => {
    expect(
      faults({ 'node_modules/a': { ...sound, optionalDependencies: { '@os/b': '1' } } }),
    ).toEqual(['node_modules/a: its optional dependency @os/b has no entry']);
  });

  it('looks for an optional dependency only where Node.js would', () => {
    const user = { ...sound, optionalDependencies: { c: '1' } };
    const nested = 'node_modules/@s/a/node_modules/b';
    expect(faults({ [nested]: user, 'node_modules/@s/a/node_modules/c': sound })).toEqual([]);
    expect(faults({ [nested]: user, 'node_modules/c': sound })).toEqual([]);
    expect(faults({ [nested]: user, 'node_modules/z/node_modules/c': sound })).toHaveLength(1);
  });

  it('treats a package without an address as one of the registry', () => {
    expect(faults({ 'node_modules/a': { integrity: 'sha512-x' } })).toEqual([]);
  });

  it('accepts the workspaces of the project, and no other folder', () => {
    const link = { resolved: 'part', link: true };
    const packages = { part: { version: '1.0.0' }, 'node_modules/part': link };
    const lockfile = (workspaces: readonly string[]): object => ({
      lockfileVersion: 3,
      packages: { '': { name: 'project', workspaces }, ...packages },
    });
    expect(lockfileFaults(lockfile(['part']))).toEqual([]);
    expect(lockfileFaults(lockfile(['other']))).toHaveLength(2);
  });

  it.each([
    ['another registry', { resolved: 'https://example.com/a.tgz', integrity: 'x' }, /example\.com/],
    ['a git repository', { resolved: 'git+ssh://git@github.com/a/a.git' }, /git\+ssh/],
    ['a folder', { resolved: '../a', link: true }, /link/],
    ['npm, but without a checksum', { resolved: sound.resolved }, /checksum/],
  ])('finds a package from %s', (_, entry, fault) => {
    expect(faults({ 'node_modules/a': entry })).toEqual([expect.stringMatching(fault)]);
  });
});

function faults(packages: Record<string, object>): readonly string[] {
  return lockfileFaults({ lockfileVersion: 3, packages: { '': { name: 'project' }, ...packages } });
}
