import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { composeServices } from '@apollo/composition';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { accessTable, printAccessTable } from '../../tools/access/access-table.ts';
import { compose } from '../support/federation.ts';

const run = promisify(execFile);

describe('tools/access-table', () => {
  it('threat 35: names directives by their own names, however the subgraphs import them', () => {
    const rows = accessTable(library());
    expect(rows.map(({ coordinate, requirement }) => [coordinate, ...requirement])).toEqual([
      ['Book.price', '@requiresScopes(scopes: [["a", "b"]])'],
      ['Mood', '@policy(policies: [["owner"]])'],
      ['Query.book', '@authenticated'],
    ]);
  });

  it('threat 34: asks for a field what its inputs ask, as the gateway does', () => {
    const composed = compose({
      catalog: `
        type Query { book: Book }
        type Book @key(fields: "id") { id: ID! weight: Int @authenticated }`,
      stock: `
        type Book @key(fields: "id") {
          id: ID! weight: Int @external postage: Int @requires(fields: "weight") @authenticated
        }`,
    });
    // As compositions before 2.12.1 left it.
    const before = composed.replace(/(postage: Int .*) @authenticated/, '$1');
    expect(before).not.toBe(composed);
    expect(accessTable(before)).toContainEqual({
      coordinate: 'Book.postage',
      requirement: ['@authenticated'],
      subgraphs: ['stock'],
    });
  });

  it('says which subgraphs answer a field', () => {
    const owners = new Map(
      accessTable(library()).map(({ coordinate, subgraphs }) => [coordinate, subgraphs]),
    );
    expect(owners.get('Query.book')).toEqual(['catalog']);
    expect(owners.get('Book.price')).toEqual(['catalog', 'stock']);
  });

  it('has a line for each row, and none that changes with the order of the schema', () => {
    expect(printAccessTable(accessTable(library()))).toBe(
      [
        'coordinate  requirement                            subgraphs',
        '----------  -------------------------------------  --------------',
        'Book.price  @requiresScopes(scopes: [["a", "b"]])  catalog, stock',
        'Mood        @policy(policies: [["owner"]])         catalog',
        'Query.book  @authenticated                         catalog',
        '',
      ].join('\n'),
    );
  });
});

describe('npm run access', () => {
  let folder: string;
  let file: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'access-'));
    file = join(folder, 'supergraph.graphql');
    await writeFile(file, library());
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('prints the table of a file as JSON', async () => {
    const { stdout } = await access('--json', file);
    expect(JSON.parse(stdout)).toContainEqual({
      coordinate: 'Query.book',
      requirement: ['@authenticated'],
      subgraphs: ['catalog'],
    });
  });

  it('fails the check when a requirement is not in the committed table', async () => {
    await expect(access('--check', file)).rejects.toMatchObject({
      code: 1,
      stderr: 'access.txt is out of date: run npm run access -- --write\n',
    });
  });

  it('passes the check for the supergraph that is committed', async () => {
    await expect(access('--check')).resolves.toMatchObject({ stdout: '' });
  });

  it.each([
    [['--loud'], 2],
    [['one', 'two'], 2],
    [['missing.graphql'], 1],
  ])('with %j exits with %i', async (args, code) => {
    await expect(access(...args)).rejects.toMatchObject({ code });
  });
});

function access(...args: readonly string[]): Promise<{ stdout: string; stderr: string }> {
  return run(process.execPath, ['--import', 'tsx', 'tools/access.ts', ...args], {
    timeout: 30_000,
  });
}

function library(): string {
  const federation = 'https://specs.apollo.dev/federation/v2.9';
  const { supergraphSdl } = composeServices([
    {
      name: 'catalog',
      typeDefs: parse(`
        extend schema @link(url: "${federation}", import: ["@key", "@shareable", { name: "@authenticated", as: "@known" }, { name: "@requiresScopes", as: "@scoped" }])
        type Query { book: Book @known }
        type Book @key(fields: "id") {
          id: ID!
          price: Int @shareable @scoped(scopes: [["a"]])
          mood: Mood
        }
        enum Mood @federation__policy(policies: [["owner"]]) { GOOD }
      `),
    },
    {
      name: 'stock',
      typeDefs: parse(`
        extend schema @link(url: "${federation}", import: ["@key", "@shareable", { name: "@requiresScopes", as: "@scoped" }])
        type Book @key(fields: "id") { id: ID! price: Int @shareable @scoped(scopes: [["b"]]) }
      `),
    },
  ]);
  if (supergraphSdl === undefined) throw new Error('Expected subgraphs that compose.');
  return supergraphSdl;
}
