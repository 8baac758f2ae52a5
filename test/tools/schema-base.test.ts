import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { schemaBaseOf } from '../../tools/check/schema-base.ts';
import { withRepository } from '../composition/git-repository.ts';

const list = { 'supergraph.yaml': 'subgraphs: {}\n' };

describe('npm run check:schema', () => {
  it('compares a branch with where it left main, and main with its own commit', async () => {
    await withRepository(async ({ folder, commit, git }) => {
      await commit(list);
      expect(await baseIn(folder)).toEqual({ options: [] });
      git('switch', '--quiet', '--create', 'change');
      await commit({ 'a.graphql': '' });
      expect(await baseIn(folder)).toEqual({ options: [] });
    });
  });

  it('says that it compares with HEAD alone where main or its history is not there', async () => {
    await withRepository(async ({ folder, commit, git }) => {
      await commit(list);
      await commit({ 'a.graphql': '' });
      git('switch', '--quiet', '--create', 'change');
      await commit({ 'b.graphql': '' });
      await inFolder(async (clone) => {
        const from = pathToFileURL(folder).href;
        execFileSync('git', [
          'clone',
          '--quiet',
          '--depth',
          '1',
          '--branch',
          'change',
          from,
          clone,
        ]);
        const { options, note } = await baseIn(clone);
        expect(options).toEqual(['--base', 'HEAD']);
        expect(note).toContain('the clone is shallow');
        expect(note).toContain('git fetch --unshallow');
      });
    });
  });

  it('compares with the composed supergraph where there is no repository', async () => {
    await inFolder(async (folder) => {
      const { options, note } = await baseIn(folder);
      expect(options).toEqual(['--base-file', join(folder, 'supergraph.graphql')]);
      expect(note).toContain('is in no git repository');
    });
  });
});

function baseIn(folder: string): ReturnType<typeof schemaBaseOf> {
  return schemaBaseOf(join(folder, 'supergraph.yaml'));
}

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'schema-base-'));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
