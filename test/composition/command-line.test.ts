import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { patienceMs } from '../support/patience.ts';
import { type Ran, runSupergraph } from './run-supergraph.ts';

describe('npm run compose', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'composition-'));
    await writeFile(
      join(folder, 'supergraph.yaml'),
      'subgraphs: { a: { routing_url: "http://127.0.0.1/a", schema: { file: a.graphql } } }',
    );
  });

  beforeEach(() => writeFile(join(folder, 'a.graphql'), 'type Query { a: Int }'));

  afterAll(() => rm(folder, { recursive: true }));

  it('writes three files, and nothing when nothing changed', async () => {
    expect(await composeInAProcess(folder)).toMatchObject({
      code: 0,
      out: expect.stringContaining('possible-types.json'),
    });
    expect(await readFile(join(folder, 'api.graphql'), 'utf8')).toBe('type Query {\n  a: Int\n}\n');
    expect(await compose(folder)).toMatchObject({
      code: 0,
      out: expect.stringContaining('Nothing changed.'),
    });
  });

  it('fails with --check when a file is out of date, and says which', async () => {
    await compose(folder);
    expect(await compose(folder, '--check')).toMatchObject({ code: 0 });
    await writeFile(join(folder, 'a.graphql'), 'type Query { a: Int @deprecated }');
    const { code, err } = await compose(folder, '--check');
    expect(code).toBe(1);
    expect(err).toContain('supergraph.graphql is out of date: run supergraph compose');
    expect(err).toMatch(/@@ .+ @@\n type Query \{\n- {2}a: Int\n\+ {2}a: Int @deprecated/);
    expect(err).not.toContain('possible-types.json');
  });

  it('names file, line, column and the fix of what does not compose, and leaves the files alone', async () => {
    await compose(folder);
    const before = await readFile(join(folder, 'supergraph.graphql'), 'utf8');
    await writeFile(join(folder, 'a.graphql'), 'type Query {\n  a: Foo\n}');
    const { code, err } = await compose(folder);
    expect(code).toBe(2);
    expect(err).toContain(
      [
        'a.graphql:2:6: INVALID_GRAPHQL [a]',
        '  [a] Unknown type Foo',
        '  2 |   a: Foo',
        '    |      ^',
        '  fix: Define the type',
      ].join('\n'),
    );
    expect(await readFile(join(folder, 'supergraph.graphql'), 'utf8')).toBe(before);
  });

  it('explains itself on wrong usage', async () => {
    const { code, err } = await composeInAProcess(folder, '--chek');
    expect(code).toBe(3);
    expect(err).toContain('did you mean --check?');
  });

  it('writes the supergraph alone where --output says, or prints it', async () => {
    const path = join(folder, 'out.graphql');
    expect(await compose(folder, '--output', path)).toMatchObject({ code: 0 });
    const written = await readFile(path, 'utf8');
    expect(await compose(folder, '--output', '-')).toEqual({
      code: 0,
      out: written.trimEnd(),
      err: '',
    });
    expect(await compose(folder, '--output', path, '--check')).toMatchObject({ code: 0 });
    await writeFile(join(folder, 'a.graphql'), 'type Query { a: Int b: Int }');
    expect(await compose(folder, '--output', path, '--check')).toMatchObject({
      code: 1,
      err: expect.stringContaining('out.graphql is out of date'),
    });
    expect(await compose(folder, '--output', '-', '--check')).toMatchObject({ code: 3 });
  });
});

function compose(folder: string, ...args: string[]): Promise<Ran> {
  return runSupergraph('compose', '--config', join(folder, 'supergraph.yaml'), ...args);
}

/** As a shell runs it. */
function composeInAProcess(folder: string, ...args: string[]): Promise<Ran> {
  const config = join(folder, 'supergraph.yaml');
  const command = ['--import', 'tsx', 'composition/cli.ts', 'compose', '--config', config, ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { timeout: patienceMs }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err });
    });
  });
}
