import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { exampleFolder, readKustomization } from '../support/manifests.ts';

interface Manifest {
  readonly version: string;
}

describe('a release', () => {
  let version: string;
  let headings: readonly string[];

  beforeAll(async () => {
    version = await versionIn('package.json');
    const changelog = await readFile('CHANGELOG.md', 'utf8');
    headings = [...changelog.matchAll(/^##+ (.*)$/gm)].map(([, heading = '']) => heading);
  });

  it('is the newest in the changelog, below the unreleased changes', () => {
    const releases = headings.filter((heading) => heading.startsWith('['));
    expect(releases[0]).toBe('[Unreleased]');
    expect(releases[1]).toMatch(new RegExp(`^\\[${version}\\] - \\d{4}-\\d\\d-\\d\\d$`));
    const numbers = releases.slice(1).map((heading) => /\[(.*)\]/.exec(heading)?.[1] ?? '');
    expect(numbers).toEqual([...new Set(numbers)].sort(byVersion).reverse());
  });

  it('lists its changes by kind', () => {
    const kinds = new Set(headings.filter((heading) => !heading.startsWith('[')));
    const known = ['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security'];
    expect([...kinds].filter((kind) => !known.includes(kind))).toEqual([]);
    expect(kinds.size).toBeGreaterThan(3);
  });

  it('has one number: in the lockfile, the example for Kubernetes and the commands of its documents', async () => {
    expect(await versionIn('package-lock.json')).toBe(version);
    const { images } = await readKustomization(exampleFolder);
    expect(images).toEqual([
      { name: 'supergraph', newName: 'registry.example/supergraph', newTag: version },
    ]);
    const text = await readFile('docs/operations.md', 'utf8');
    const tags = [...text.matchAll(/registry\.example\/supergraph:(\S+)/g)].map(([, tag]) => tag);
    expect(new Set(tags)).toEqual(new Set([version]));
  });

  it('is linked from the README: changes, operations, manifests and licence', async () => {
    const text = await readFile('README.md', 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g)].map(
      ([, path = '']) => path,
    );
    expect(links).toEqual(
      expect.arrayContaining([
        'CHANGELOG.md',
        'LICENSE',
        'deploy/kubernetes/',
        'docs/operations.md',
      ]),
    );
    expect(links.filter((path) => !existsSync(path))).toEqual([]);
    const { license } = JSON.parse(await readFile('package.json', 'utf8')) as { license: string };
    expect(await readFile('LICENSE', 'utf8')).toMatch(new RegExp(`^${license} License`));
  });
});

async function versionIn(path: string): Promise<string> {
  return (JSON.parse(await readFile(path, 'utf8')) as Manifest).version;
}

function byVersion(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}
