import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { findFiles } from '../../composition/operations/find-files.ts';
import { inFolderOf } from './folder-of.ts';
import { type Ran, runSupergraph } from './run-supergraph.ts';

const schema = `
  type Query { a(x: Int, y: Int): Int b: B node: Node find(by: By, order: Order = UP): [B!]! }
  interface Node { id: ID! }
  type B implements Node { id: ID! colour: Colour other: Int }
  enum Colour { RED GREEN }
  enum Order { UP DOWN }
  input By { name: String deep: By2 order: Order }
  input By2 { z: Int w: Int }
`;

describe('npm run supergraph -- coverage', () => {
  it('lists what no operation uses, by the kind of element', async () => {
    const { code, out } = await coverageOf({ 'a.graphql': '{ a(x: 1) }' }, '**/*.graphql');
    expect(code).toBe(0);
    expect(out.split('\n')).toEqual(
      expect.arrayContaining([
        'Fields that no operation uses:',
        '  Query.b',
        '  B.colour',
        'Arguments that no operation uses:',
        '  Query.a(y:)',
        '  Query.find(order:)',
        '1 operation.',
        'Fields: 1 of 8 used (12 %).',
        'Arguments: 1 of 4 used (25 %).',
      ]),
    );
    expect(out).not.toContain('  Query.a\n');
  });

  it.each([
    ['{ node { id } }', ['Query.a', 'Query.b', 'Query.find', 'B.colour', 'B.other']],
    [
      '{ b { ...F } } fragment F on B { other }',
      ['Query.a', 'Query.node', 'Query.find', 'Node.id', 'B.id', 'B.colour'],
    ],
  ])('knows the fields of %j', async (text, unused) => {
    expect((await jsonOf(text)).fields).toEqual({ total: 8, unused });
  });

  it('takes each value of an enum for used that comes back, and with a variable what it may have', async () => {
    expect((await jsonOf('{ b { colour } find(order: DOWN) { id } }')).enumValues.unused).toEqual([
      'Order.UP',
    ]);
    const byVariable = await jsonOf('query ($by: By) { find(by: $by) { id } }');
    expect(byVariable.inputFields.unused).toEqual([]);
    expect(byVariable.enumValues.unused).toEqual(['Colour.RED', 'Colour.GREEN']);
    const byLiteral = await jsonOf('{ find(by: { deep: { z: 1 } }) { id } }');
    expect(byLiteral.inputFields.unused).toEqual(['By.name', 'By.order', 'By2.w']);
  });

  it('finds fragments in other files, and operations in manifests of both formats', async () => {
    const files = {
      'web/q.graphql': 'query Q { b { ...F } }',
      'web/deep/f.graphql': 'fragment F on B { other }',
      'manifest.json': JSON.stringify({
        format: 'apollo-persisted-query-manifest',
        version: 1,
        operations: [{ id: '1', name: 'N', type: 'query', body: 'query N { node { id } }' }],
      }),
      'hashes.json': JSON.stringify({ abc: '{ a }' }),
    };
    const { out } = await coverageOf(files, 'web/**/*.graphql', '*.json', '--format=json');
    expect(JSON.parse(out)).toMatchObject({
      version: 1,
      operations: 3,
      fields: { unused: ['Query.find', 'B.colour'] },
    });
  });

  it('says where an operation does not fit the schema', async () => {
    expect(await coverageOf({ 'a.graphql': '{\n  c\n}' }, 'a.graphql')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/a\.graphql:2:3: OPERATION_INVALID\n.*Cannot query field "c"/),
    });
  });

  it.each([
    [[], 'There are no operations to look at.'],
    [['*.gql'], 'No file has operations as'],
    [['none/*.gql'], 'No file has operations as'],
    [['bad.graphql'], 'bad.graphql:1:3: the operation cannot be read'],
    [['bad.json'], 'this is no manifest of persisted operations'],
  ])('refuses %j: %s', async (patterns, message) => {
    const files = { 'bad.graphql': '{ ', 'bad.json': '[]' };
    expect(await coverageOf(files, ...patterns)).toMatchObject({
      code: 3,
      err: expect.stringContaining(message),
    });
  });

  it('looks at the operations of this project', async () => {
    const { code, out } = await runSupergraph(
      'coverage',
      '--operations',
      'test/contract/*.graphql',
    );
    expect(code).toBe(0);
    expect(out).toContain('5 operations.');
  });
});

describe('findFiles', () => {
  it.each([
    ['*.graphql', ['a.graphql']],
    ['**/*.graphql', ['a.graphql', 'b/c.graphql', 'b/d/e.graphql']],
    ['b/**', ['b/c.graphql', 'b/d/e.graphql', 'b/d/f.gql']],
    ['b/{d,x}/?.{graphql,gql}', ['b/d/e.graphql', 'b/d/f.gql']],
    ['**/node_modules/*.graphql', ['node_modules/x.graphql']],
    ['.hidden/*', ['.hidden/y.graphql']],
    ['b/(c).graphql', ['b/(c).graphql']],
  ])('finds by %j: %j', async (pattern, expected) => {
    const names = ['a.graphql', 'b/c.graphql', 'b/d/e.graphql', 'b/d/f.gql'];
    const hidden = ['node_modules/x.graphql', '.hidden/y.graphql'];
    const files = Object.fromEntries([...names, ...hidden].map((name) => [name, '']));
    await inFolderOf(files, async (folder) => {
      const found = await findFiles(join(folder, pattern));
      expect(found.map((path) => path.slice(folder.length + 1))).toEqual(expected);
    });
  });
});

function coverageOf(
  files: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<Ran> {
  const config = 'subgraphs: { a: { routing_url: "http://127.0.0.1/a", schema: { file: a.sdl } } }';
  return inFolderOf({ ...files, 'supergraph.yaml': config, 'a.sdl': schema }, (folder) =>
    runSupergraph(
      'coverage',
      '--config',
      join(folder, 'supergraph.yaml'),
      ...args.map((arg) => (arg.startsWith('--') ? arg : join(folder, arg))),
    ),
  );
}

interface Part {
  readonly total: number;
  readonly unused: readonly string[];
}

async function jsonOf(
  operation: string,
): Promise<Readonly<Record<'fields' | 'arguments' | 'inputFields' | 'enumValues', Part>>> {
  const { out, err } = await coverageOf({ 'a.graphql': operation }, 'a.graphql', '--format=json');
  expect(err).toBe('');
  return JSON.parse(out) as Awaited<ReturnType<typeof jsonOf>>;
}
