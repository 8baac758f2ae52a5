import { execFileSync } from 'node:child_process';
import { symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { link } from './composed-folder.ts';
import { listOf, type Repository, withRepository } from './git-repository.ts';
import { type Ran, runSupergraph } from './run-supergraph.ts';

const before = `${link}\ntype Query {\n  a: Int\n  b: Int\n}\n`;
const after = `${link}\ntype Query {\n  a: Int\n  c: Int\n}\n`;
const files = { 'supergraph.yaml': listOf('a'), 'schemas/a.graphql': before };

describe('supergraph check', () => {
  it('compares with where the branch left the main branch, and points at lines of the subgraph', async () => {
    await withRepository(async (repository) => {
      await repository.commit(files);
      repository.git('switch', '--quiet', '--create', 'change');
      await repository.commit({ 'schemas/a.graphql': after });
      const { code, out } = await check(repository);
      expect(code).toBe(1);
      expect(out).toContain('schemas/a.graphql:4:3: error FIELD_REMOVED [a] Query.b');
      expect(out).toContain('The field Query.b was removed.');
      expect(out).toMatch(/schemas\/a\.graphql:4:3: note FIELD_ADDED \[a\] Query\.c/);
      expect(out).toMatch(/main \(merge base [0-9a-f]{12}\)/);
    });
  });

  it('says where the commit that is checked out is its own base', async () => {
    await withRepository(async (repository) => {
      await repository.commit(files);
      await repository.commit({ 'schemas/a.graphql': after });
      const { code, out } = await check(repository);
      expect(code).toBe(0);
      expect(out).toMatch(
        /^Compared with main \(merge base \w+, the commit that is checked out: only what is not committed\)\./m,
      );
    });
  });

  it('says that there is no list', async () => {
    await withRepository(async (repository) => {
      for (const command of ['check', 'compose', 'contract', 'graph']) {
        const config = join(repository.folder, 'nowhere.yaml');
        expect(await runSupergraph(command, '--config', config)).toMatchObject({
          code: 3,
          err: expect.stringMatching(/^There is no list of subgraphs: \S*nowhere\.yaml does not/),
        });
      }
    });
  });

  it('finds nothing where nothing changed', async () => {
    await withRepository(async (repository) => {
      await repository.commit(files);
      expect(await check(repository)).toMatchObject({
        code: 0,
        out: expect.not.stringContaining('error '),
      });
    });
  });

  it('takes a commit, a tag or a branch as the base', async () => {
    await withRepository(async (repository) => {
      const commit = await repository.commit(files);
      repository.git('tag', 'v1');
      await repository.commit({ 'schemas/a.graphql': after });
      for (const base of [commit, 'v1', 'HEAD~1']) {
        expect(await check(repository, '--base', base)).toMatchObject({ code: 1 });
      }
      expect(await check(repository, '--base', 'main')).toMatchObject({ code: 0 });
    });
  });

  it('reads the base through links, and from a folder below', async () => {
    await withRepository(async ({ folder, ...repository }) => {
      await repository.write({
        'shop/supergraph.yaml': listOf('a'),
        'shop/schemas/real.graphql': before,
      });
      await symlink('real.graphql', join(folder, 'shop/schemas/a.graphql'));
      await repository.commit({});
      await unlink(join(folder, 'shop/schemas/a.graphql'));
      await writeFile(join(folder, 'shop/schemas/a.graphql'), after);
      const { code } = await runSupergraph(
        'check',
        '--config',
        join(folder, 'shop/supergraph.yaml'),
      );
      expect(code).toBe(1);
    });
  });

  it('compares with a composed supergraph in a file', async () => {
    await withRepository(async (repository) => {
      await repository.write(files);
      const config = join(repository.folder, 'supergraph.yaml');
      await runSupergraph('compose', '--config', config);
      await repository.write({ 'schemas/a.graphql': after });
      const base = join(repository.folder, 'supergraph.graphql');
      const { code, out } = await check(repository, '--base-file', base);
      expect(code).toBe(1);
      expect(out).toMatch(/supergraph\.graphql:\d+:3: error FIELD_REMOVED/);
    });
  });

  it('says that a subgraph that is asked over the network has no past', async () => {
    await withRepository(async (repository) => {
      await repository.commit({
        'supergraph.yaml':
          'subgraphs:\n  a:\n    routing_url: http://127.0.0.1/a\n    schema:\n      subgraph_url: http://127.0.0.1/a\n',
      });
      await repository.write(files);
      const { code, err } = await check(repository, '--base', 'HEAD');
      expect(code).toBe(3);
      expect(err).toMatch(/cannot be checked: The schema of the subgraph "a" is to be asked for/);
      expect(err).toContain('--base-file');
    });
  });

  it('says that the subgraphs do not compose, now or then', async () => {
    await withRepository(async (repository) => {
      await repository.commit({ ...files, 'schemas/a.graphql': 'type Query { a: Missing }' });
      await repository.write(files);
      const then = await check(repository, '--base', 'HEAD');
      expect(then.code).toBe(2);
      expect(then.err).toMatch(/The base HEAD \(\w+\) does not compose/);
      expect(then.out).toContain('Unknown type');
      await repository.write({ 'schemas/a.graphql': 'type Query { a: ' });
      expect(await check(repository)).toMatchObject({
        code: 2,
        err: 'The subgraphs do not compose: nothing was compared.',
      });
    });
  });

  it('names a key that is gone where the subgraphs do not compose without it', async () => {
    const federation =
      'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires"])\n';
    const withKey = `${federation}type Query { a: P }\ntype P @key(fields: "id") @key(fields: "sku, owner{id}") { id: ID! sku: ID! owner: O }\ntype O { id: ID! }`;
    const files = {
      'supergraph.yaml': listOf('a', 'b'),
      'schemas/a.graphql': withKey,
      'schemas/b.graphql': `${federation}type P @key(fields: "sku owner { id }") { sku: ID! owner: O b: Int }\ntype O { id: ID! @external }`,
    };
    await withRepository(async (repository) => {
      await repository.commit({ ...files });
      await repository.write({
        'schemas/a.graphql': withKey.replace(' @key(fields: "sku, owner{id}")', ''),
      });
      const { code, out, err } = await check(repository, '--base', 'HEAD');
      expect(code).toBe(2);
      expect(err).toBe('The subgraphs do not compose: only their keys were compared.');
      expect(out).toMatch(
        /schemas\/a\.graphql:3:6: warning KEY_REMOVED \[a\] P\n {2}The subgraph "a" no longer resolves P by the key "sku owner { id }"\./,
      );
      // By another name it is the same directive.
      await repository.write({
        'schemas/a.graphql': withKey
          .replace('["@key",', '[{ name: "@key", as: "@entity" },')
          .replaceAll(' @key(', ' @entity('),
        'schemas/b.graphql': `${files['schemas/b.graphql']} extend type Query { b: Missing }`,
      });
      const renamed = await check(repository, '--base', 'HEAD');
      expect([renamed.code, renamed.out]).toEqual([2, expect.not.stringMatching(/KEY_|ENTITY_/)]);
      // With the key written otherwise, nothing is gone.
      await repository.write({
        'schemas/a.graphql': withKey.replace('sku, owner{id}', 'sku owner  { id }'),
        'schemas/b.graphql': `${files['schemas/b.graphql']} extend type Query { b: Missing }`,
      });
      expect((await check(repository, '--base', 'HEAD')).out).not.toContain('KEY_REMOVED');
    });
  });

  it.each([
    [['--base', 'nowhere'], /^The base "nowhere" is no commit of this repository\.\n {2}fix: /],
    [['--base', '--output=x'], /^Option '--base' argument is ambiguous/],
    [['--base=--output=x'], /^The base "--output=x" is no commit of this repository\./],
    [['--base', 'x', '--base-file', 'y'], /^--base and --base-file name two bases\./],
    [['--base-file', 'nowhere.graphql'], /^Cannot read the base nowhere\.graphql: ENOENT/],
    [['--base-file', 'package.json'], /^The base package\.json is no supergraph: .*malformed/],
    [['--base-file', 'api.graphql'], /^The base api\.graphql is no supergraph: .*not a supergraph/],
  ])('says what is wrong with %j', async (args, message) => {
    await withRepository(async (repository) => {
      await repository.commit(files);
      const { code, err } = await check(repository, ...args);
      expect(code).toBe(3);
      expect(err).toMatch(message);
    });
  });

  it('says where there is no repository, no main branch, and no list in the base', async () => {
    await withRepository(async (repository) => {
      await repository.write(files);
      expect((await check(repository)).err).toMatch(/^There is no main branch to compare with/);
      await repository.commit(files);
      repository.git('branch', '--move', 'trunk');
      expect(await check(repository)).toMatchObject({
        code: 3,
        err: expect.stringMatching(/^There is no main branch to compare with \(origin\/main, main/),
      });
      repository.git('rm', '--quiet', '--cached', 'supergraph.yaml');
      repository.git('commit', '--quiet', '-m', 'no list');
      expect(await check(repository, '--base', 'HEAD')).toMatchObject({
        code: 3,
        err: expect.stringMatching(/Cannot read .*: supergraph\.yaml is not in the commit/),
      });
      execFileSync('rm', ['-rf', join(repository.folder, '.git')]);
      expect(await check(repository)).toMatchObject({
        code: 3,
        err: expect.stringMatching(/is in no git repository\.\n {2}fix: .*--base-file/),
      });
    });
  });

  it('says that git is not installed, and leaves no timer behind that keeps the process', async () => {
    const timers = (): number =>
      process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
    await withRepository(async (repository) => {
      await repository.commit(files);
      const path = process.env.PATH;
      try {
        process.env.PATH = repository.folder;
        const before = timers();
        const answer = await check(repository);
        expect(timers()).toBe(before);
        expect(answer).toMatchObject({
          code: 3,
          err: expect.stringMatching(/^The base cannot be read: git is not installed\.\n {2}fix: /),
        });
      } finally {
        process.env.PATH = path;
      }
    });
  });

  it.each(['json', 'sarif', 'junit', 'github', 'markdown'])('reports as %s', async (format) => {
    await withRepository(async (repository) => {
      await repository.commit(files);
      await repository.write({ 'schemas/a.graphql': after });
      const { code, out } = await check(repository, '--format', format);
      expect(code).toBe(1);
      expect(out).toContain('FIELD_REMOVED');
    });
  });

  it('knows no other format', async () => {
    await withRepository(async (repository) => {
      await repository.commit(files);
      expect(await check(repository, '--format', 'jsn')).toMatchObject({
        code: 3,
        err: expect.stringContaining('got "jsn"; did you mean json?'),
      });
    });
  });

  it('says the same each time, byte for byte', async () => {
    await withRepository(async (repository) => {
      await repository.commit(files);
      await repository.write({ 'schemas/a.graphql': after });
      const [one, other] = [await check(repository), await check(repository)];
      expect(one).toEqual(other);
    });
  });

  it('says that a shallow clone does not have the base', async () => {
    await withRepository(async (origin) => {
      await origin.commit(files);
      origin.git('switch', '--quiet', '--create', 'change');
      await origin.commit({ 'schemas/a.graphql': after });
      origin.git('switch', '--quiet', 'main');
      await origin.commit({ 'other.txt': 'x' });
      await withRepository(async (clone) => {
        clone.git('remote', 'add', 'origin', `file://${origin.folder}`);
        clone.git('fetch', '--quiet', '--depth=1', 'origin', 'main', 'change');
        clone.git(
          'fetch',
          '--quiet',
          '--depth=1',
          'origin',
          'change:change',
          'main:refs/remotes/origin/main',
        );
        clone.git('switch', '--quiet', 'change');
        expect(await check(clone)).toMatchObject({
          code: 3,
          err: expect.stringMatching(
            /have in common: the clone is shallow\.\n {2}fix: .*--unshallow/,
          ),
        });
        expect(await check(clone, '--base', 'change~1')).toMatchObject({
          code: 3,
          err: expect.stringMatching(
            /"change~1" is no commit of this repository: the clone is shallow\.\n {2}fix: .*--unshallow/,
          ),
        });
      });
    });
  });
});

function check({ folder }: Pick<Repository, 'folder'>, ...args: readonly string[]): Promise<Ran> {
  return runSupergraph('check', '--config', join(folder, 'supergraph.yaml'), ...args);
}
