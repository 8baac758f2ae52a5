import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { type Contract, contractOf } from '../../composition/contract/contract.ts';
import type { TagFilter } from '../../composition/contract/hidden-elements.ts';
import { readSupergraph } from '../../engine/supergraph/supergraph.ts';
import { composedOf, composeSchemas, link } from './composed-folder.ts';
import { inFolderOf } from './folder-of.ts';
import { type Ran, runSupergraph } from './run-supergraph.ts';

describe('a contract', () => {
  it('hides what is excluded, and keeps the rest', async () => {
    const api = await apiOf(
      'type Query { a: Int b: Int @tag(name: "internal") c(x: Int, y: Int @tag(name: "internal")): E } enum E { X Y @tag(name: "internal") }',
      { exclude: ['internal'] },
    );
    expect(api).toBe('enum E { X } type Query { a: Int c(x: Int): E }');
  });

  it('shows only what has an included tag, on itself or on its type', async () => {
    const api = await apiOf(
      'type Query { a: A @tag(name: "public") b: Int } type A @tag(name: "public") { x: Int y: B } type B { z: Int @tag(name: "public") w: Int }',
      { include: ['public'] },
    );
    expect(api).toBe('type A { x: Int y: B } type B { z: Int } type Query { a: A }');
  });

  it('hides what is excluded although it is included, too', async () => {
    const api = await apiOf(
      'type Query @tag(name: "public") { a: Int b: Int @tag(name: "internal") @tag(name: "public") }',
      { include: ['public'], exclude: ['internal'] },
    );
    expect(api).toBe('type Query { a: Int }');
  });

  it('needs no tag on arguments, input fields, enum values, unions and scalars of a field that is shown', async () => {
    const api = await apiOf(
      `type Query { find(id: ID!, by: By!): [U!]! @tag(name: "public") hidden(in: Other): Int }
       union U = A | B type A @tag(name: "public") { s: S } type B { b: Int } scalar S
       input By { name: String! order: Order = UP } enum Order { UP DOWN } input Other { x: Int }`,
      { include: ['public'] },
    );
    expect(api).toBe(
      'type A { s: S } input By { name: String! order: Order = UP } enum Order { UP DOWN } type Query { find(id: ID!, by: By!): [U!]! } scalar S union U = A',
    );
  });

  it('hides types that are left empty, and those that nothing leads to any longer', async () => {
    const api = await apiOf(
      `type Query { a: Int b: B @tag(name: "x") u: U @tag(name: "x") } type Mutation { m: Int @tag(name: "x") }
       type B { c: C } type C { d: Int } union U = D type D { d: Int @tag(name: "x") } interface I { i: Int } type J implements I { i: Int }`,
      { exclude: ['x'] },
    );
    expect(api).toBe('type Query { a: Int }');
  });

  it('keeps the types behind an interface, and the interfaces of a type', async () => {
    const api = await apiOf(
      'type Query { i: I x: Int @tag(name: "x") } interface I { i: Int } type A implements I { i: Int } type B implements I { i: Int @tag(name: "x") b: Int }',
      { exclude: ['x'] },
    ).catch(String);
    expect(api).toContain('IMPLEMENTED_BY_INACCESSIBLE');
    expect(
      await apiOf(
        'type Query { a: A x: Int @tag(name: "x") } interface I { i: Int } type A implements I { i: Int } type B implements I { i: Int }',
        { exclude: ['x'] },
      ),
    ).toBe(
      'type A implements I { i: Int } type B implements I { i: Int } interface I { i: Int } type Query { a: A }',
    );
  });

  it('says where the schema hides what it needs', async () => {
    const contract = await contractFor(
      'type Query { a(x: Int! @tag(name: "x")): Int b: B } type B @tag(name: "x") { c: Int }',
      { exclude: ['x'] },
    );
    expect(contract).toMatchObject({
      ok: false,
      problems: [
        { code: 'REFERENCED_INACCESSIBLE', places: [{ subgraph: 'a' }] },
        { code: 'REQUIRED_INACCESSIBLE', places: [{ subgraph: 'a' }] },
      ],
    });
  });

  it('says of a contract that shows nothing that it does', async () => {
    expect(
      await contractFor('type Query @tag(name: "x") { a: Int }', { exclude: ['x'] }),
    ).toMatchObject({ ok: false, problems: [{ code: 'QUERY_ROOT_TYPE_INACCESSIBLE' }] });
  });

  it('knows a mistyped tag', async () => {
    expect(
      await contractFor('type Query { a: Int @tag(name: "public") }', { include: ['pubic'] }),
    ).toMatchObject({
      ok: false,
      problems: [{ code: 'TAG_UNKNOWN', fix: 'Did you mean "public"?' }],
    });
  });

  it('knows @tag and @inaccessible by another name, and leaves hidden what is hidden already', async () => {
    const composition = composedOf(
      await composeSchemas({
        a: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [{ name: "@tag", as: "@mark" }, { name: "@inaccessible", as: "@hide" }])
          type Query { a: Int @mark(name: "x") b: Int c: Int @hide }`,
      }),
    );
    const contract = contractOf(
      composition.supergraphSdl,
      { include: [], exclude: ['x'] },
      composition.subgraphs,
    );
    expect(flat(shown(contract).apiSdl)).toBe('type Query { b: Int }');
    expect(shown(contract).supergraphSdl.match(/@hide\b(?!"| on)/g)).toHaveLength(2);
  });

  it('is a supergraph that the engine reads as what the contract shows', async () => {
    const { supergraphSdl, apiSdl } = shown(
      await contractFor('type Query { a: Int b: Int @tag(name: "x") }', { exclude: ['x'] }),
    );
    const { apiSchema } = readSupergraph(supergraphSdl);
    expect(Object.keys(apiSchema.getQueryType()?.getFields() ?? {})).toEqual(['a']);
    expect(() => parse(apiSdl)).not.toThrow();
  });
});

describe('npm run supergraph -- contract', () => {
  const files = {
    'supergraph.yaml': `subgraphs: { a: { routing_url: "http://127.0.0.1/a", schema: { file: a.graphql } } }
contracts:
  public: { include: [public], output: out/public.graphql }
  partner: { exclude: [internal], output: partner.graphql }
`,
    'a.graphql': `${link} type Query { a: Int @tag(name: "public") b: Int c: Int @tag(name: "internal") }`,
    'out/empty': '',
  };

  it('writes those that the list has, and says when one is out of date', async () => {
    await inFolderOf(files, async (folder) => {
      expect(await contract(folder, '--check')).toMatchObject({
        code: 1,
        err: expect.stringContaining('public.graphql is missing'),
      });
      expect((await contract(folder)).out).toMatch(
        /^Wrote .*partner\.graphql, .*public\.graphql\.$/,
      );
      expect(await contract(folder)).toMatchObject({ code: 0, out: 'Nothing changed.' });
      expect(await contract(folder, '--check')).toMatchObject({ code: 0 });
      const written = await readFile(join(folder, 'out/public.graphql'), 'utf8');
      expect(await contract(folder, '--include', 'public')).toMatchObject({
        code: 0,
        out: written.trimEnd(),
      });
    });
  });

  it('writes the one that is named, or prints what its clients see', async () => {
    await inFolderOf(files, async (folder) => {
      expect(await contract(folder, 'public', '--api', '--output', '-')).toEqual({
        code: 0,
        out: 'type Query {\n  a: Int\n}',
        err: '',
      });
      expect(
        await contract(folder, 'partner', '--output', join(folder, 'p.graphql')),
      ).toMatchObject({
        code: 0,
        out: expect.stringMatching(/^Wrote .*p\.graphql\.$/),
      });
    });
  });

  it('prints one without an output when it is named, and writes only those that have one', async () => {
    const yaml = files['supergraph.yaml'].replace(', output: partner.graphql', '');
    await inFolderOf({ ...files, 'supergraph.yaml': yaml }, async (folder) => {
      expect(await contract(folder, 'partner', '--api')).toMatchObject({
        code: 0,
        out: 'type Query {\n  a: Int\n  b: Int\n}',
      });
      expect((await contract(folder)).out).toMatch(/^Wrote \S*public\.graphql\.$/);
      expect(await contract(folder, 'partner', '--check')).toMatchObject({
        code: 3,
        err: expect.stringContaining('--check compares a file; the contract "partner" has none.'),
      });
      await writeFile(
        join(folder, 'supergraph.yaml'),
        yaml.replace(', output: out/public.graphql', ''),
      );
      expect(await contract(folder)).toMatchObject({
        code: 3,
        err: expect.stringContaining('No contract of the list has an output: partner, public.'),
      });
    });
  });

  it.each([
    [['publc'], 'no contract "publc"; did you mean public?'],
    [['public', '--include', 'public'], 'The contract "public" has its tags in the list'],
    [['--output', 'x.graphql'], '--output is one file; there are 2 contracts.'],
    [['--include', 'public', '--check'], '--check compares a file.'],
    [['--check', '--output', '-'], '--check compares a file; --output - writes none.'],
  ])('refuses %j: %s', async (args, message) => {
    await inFolderOf(files, async (folder) => {
      expect(await contract(folder, ...args)).toMatchObject({
        code: 3,
        err: expect.stringContaining(message),
      });
    });
  });

  it.each([
    ['{ include: ["a b"], output: x }', 'contracts.public.include.0: expected a tag of letters'],
    ['{ output: x }', 'contracts.public: expected tags to include or to exclude'],
    ['{ include: [a], output: "" }', 'contracts.public.output: '],
    ['{ include: [a], output: x, exlude: [b] }', 'contracts.public.exlude: Unrecognized key'],
  ])('refuses the contract %s in the list: %s', async (yaml, message) => {
    const config = `${files['supergraph.yaml'].split('contracts:')[0]}contracts:\n  public: ${yaml}\n`;
    await inFolderOf({ ...files, 'supergraph.yaml': config }, async (folder) => {
      expect(await contract(folder)).toMatchObject({
        code: 2,
        err: expect.stringContaining(message),
      });
    });
  });

  it('makes a contract of this project by its tags', async () => {
    const { code, out } = await runSupergraph('contract', '--exclude', 'internal', '--api');
    expect(code).toBe(0);
    expect(out).toContain('  order(');
    expect(out).not.toContain('  orders: ');
  });
});

function contract(folder: string, ...args: readonly string[]): Promise<Ran> {
  return runSupergraph('contract', '--config', join(folder, 'supergraph.yaml'), ...args);
}

async function contractFor(sdl: string, filter: Partial<TagFilter>): Promise<Contract> {
  const composition = composedOf(await composeSchemas({ a: `${link} ${sdl}` }));
  return contractOf(
    composition.supergraphSdl,
    { include: [], exclude: [], ...filter },
    composition.subgraphs,
  );
}

function shown(made: Contract): Extract<Contract, { ok: true }> {
  if (!made.ok) throw new Error(JSON.stringify(made.problems));
  return made;
}

async function apiOf(sdl: string, filter: Partial<TagFilter>): Promise<string> {
  return flat(shown(await contractFor(sdl, filter)).apiSdl);
}

function flat(sdl: string): string {
  return sdl.replaceAll(/\s+/g, ' ').trim();
}
