import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { link } from './composed-folder.ts';
import { listOf, type Repository, withRepository } from './git-repository.ts';
import { type Ran, runSupergraphIn } from './run-supergraph.ts';

const now = new Date('2026-11-28T12:00:00Z');
const before = `${link}
type Query { b: Int bar(x: Int, y: Int): Int item: Item }
interface Item { id: ID! }
type Book implements Item { id: ID! title: String old: String }
input Filter { a: Int b: Int }
type Mutation { find(filter: Filter): Int }
`;

describe('supergraph check, with operations', () => {
  it('names the operation that breaks, with its line, and what breaks it', async () => {
    await withChange(without('title: String'), async (repository) => {
      await repository.write({
        'web/book.graphql': 'query Book {\n  item {\n    ...Title\n  }\n}\n',
        'web/title.graphql': 'fragment Title on Book {\n  title\n}\n',
      });
      const { code, out } = await check(repository, ...operations(repository, 'web/**/*.graphql'));
      expect(code).toBe(1);
      expect(out).toMatch(
        /web\/title\.graphql:2:3: error OPERATION_BROKEN\n {2}The operation Book was valid/,
      );
      expect(out).toMatch(
        /FIELD_REMOVED[\s\S]*affects 1 operation:\n {4}Book \(\S*book\.graphql:1:1\)/,
      );
    });
  });

  it.each([
    [
      'Apollo',
      JSON.stringify(
        {
          format: 'apollo-persisted-query-manifest',
          version: 1,
          operations: [{ id: 'abc', name: 'Book', type: 'query', body: 'query Book { b }' }],
        },
        null,
        2,
      ),
      6,
    ],
    ['Relay', JSON.stringify({ abc: 'query Book { b }' }, null, 2), 2],
  ])("reads %s's manifest of persisted operations", async (_whose, manifest, line) => {
    await withChange(without('b: Int '), async (repository) => {
      await repository.write({ 'manifest.json': manifest });
      const { out } = await check(repository, ...operations(repository, 'manifest.json'));
      expect(out).toMatch(new RegExp(`manifest\\.json:${line}:\\d+: error OPERATION_BROKEN`));
    });
  });

  it('only warns of an operation that was invalid before', async () => {
    await withChange(before, async (repository) => {
      await repository.write({ 'a.graphql': '{ nothing }' });
      const { code, out } = await check(repository, ...operations(repository, 'a.graphql'));
      expect(code).toBe(0);
      expect(out).toContain('OPERATION_NEVER_VALID');
    });
  });

  it.each([
    ['x.graphql', 'query {', /^\S*x\.graphql:1:8: the operation cannot be read: Syntax Error/],
    ['x.json', '{"a": 1}', /x\.json: this is no manifest of persisted operations\./],
    ['x.json', '{', /x\.json: the manifest is not JSON/],
    ['y.graphql', '{ b }', /^No file has operations as \S*nowhere\/\*\.graphql names them\./],
  ])('refuses %s with %j: it could not be checked', async (name, text, message) => {
    await withChange(before, async (repository) => {
      await repository.write({ [name]: text });
      const pattern = name.startsWith('x') ? name : 'nowhere/*.graphql';
      const { code, err } = await check(repository, ...operations(repository, pattern));
      expect(code).toBe(3);
      expect(err).toMatch(message);
    });
  });
});

describe('supergraph check, with a usage log', () => {
  it('calls a removal harmless only when no client used it lately, by exact coordinate', async () => {
    await withChange(without('b: Int '), async (repository) => {
      // Once as a name that begins alike, and once long ago.
      const lines = [
        record('{ bar }', {
          client: 'web',
          version: '2',
          count: 7,
          lastSeen: '2026-11-27T00:00:00Z',
        }),
        record('{ b }', { client: 'web', lastSeen: '2026-09-01' }),
      ];
      await repository.write({ 'usage.jsonl': lines.join('\n') });
      const { code, out } = await check(repository, ...usage(repository, 'usage.jsonl'));
      expect(code).toBe(0);
      expect(out).toMatch(/note FIELD_REMOVED.*\n.* No known operation of the last 30 days/);
      const bar = without('bar(x: Int, y: Int): Int ');
      await repository.write({ 'schemas/a.graphql': bar });
      const used = await check(repository, ...usage(repository, 'usage.jsonl'));
      expect(used.code).toBe(1);
      expect(used.out).toMatch(/ {4}[0-9a-f]{12}: web 2 \(7\)/);
    });
  });

  it.each<[string, number, readonly string[], RegExp | undefined]>([
    ['since more days', 30, ['2026-10-28', '2026-11-28'], undefined],
    ['but for a few hours', 30, ['2026-10-30T00:00:00Z', '2026-11-28'], undefined],
    ['until it was copied yesterday', 30, ['2026-10-29', '2026-11-27'], undefined],
    ['for two days', 30, ['2026-11-26T12:00:00Z', '2026-11-28'], /covers 2 of the last 30 days/],
    ['until it was copied a week ago', 30, ['2026-10-20', '2026-11-21T11:00:00Z'], /covers 23 of/],
    ['on one day', 30, ['2026-11-28T11:00:00Z'], /covers 0 of the last 30 days/],
    ['long enough for fewer days', 2, ['2026-11-26T12:00:00Z', '2026-11-28'], undefined],
    ['without a time', 30, [''], /does not say since when it counts/],
    ['that says since when', 30, ['since 2026-10-01', ''], undefined],
    ['that says that it is young', 30, ['since 2026-11-20', ''], /covers 8 of the last 30 days/],
  ])('calls nothing unused by a log %s, or says why not', async (_what, days, times, gap) => {
    await withChange(without('b: Int '), async (repository) => {
      const lines = times.map((time) =>
        time.startsWith('since ')
          ? JSON.stringify({ since: time.slice(6) })
          : record('{ bar }', time === '' ? {} : { lastSeen: time }),
      );
      await repository.write({
        'usage.jsonl': lines.join('\n'),
        'schema-check.yaml': `usage: { unusedAfterDays: ${days} }`,
      });
      const { code, out, err } = await check(repository, ...usage(repository, 'usage.jsonl'));
      if (gap) {
        expect(out).toMatch(/error FIELD_REMOVED \[a\] Query\.b/);
        expect(out).toMatch(
          /No known operation uses it, which does not show that no client does\. The usage log /,
        );
        expect(out).toMatch(gap);
        expect(err).toMatch(gap);
        expect(err).toMatch(/No removal passes as unused\.$/);
      } else
        expect({ out, err }).toMatchObject({
          out: expect.stringMatching(/note FIELD_REMOVED/),
          err: '',
        });
      expect(code).toBe(gap ? 1 : 0);
    });
  });

  it('calls nothing unused by a log that leaves requests out', async () => {
    await withChange(without('b: Int '), async (repository) => {
      const lines = [
        record('{ bar }', { lastSeen: '2026-10-01' }),
        record('{ bar }', { lastSeen: '2026-11-28' }),
        JSON.stringify({ unrecorded: 12, lastSeen: '2026-11-27' }),
      ];
      await repository.write({ 'usage.jsonl': lines.join('\n') });
      const { code, err } = await check(repository, ...usage(repository, 'usage.jsonl'));
      expect(code).toBe(1);
      expect(err).toMatch(/^The usage log leaves out 12 of the requests that it counts/);
    });
  });

  it('reads all files that a pattern names, and leaves out a line that is still being written', async () => {
    await withChange(without('b: Int '), async (repository) => {
      await repository.write({
        'usage/one.jsonl.1': record('{ b }', { client: 'web', count: 3 }),
        'usage/one.jsonl': `${record('{ b }', { client: 'web', count: 4 })}\n{"operation": "{ ba`,
      });
      const found = await check(repository, ...usage(repository, 'usage/*.jsonl*'));
      expect(found.code).toBe(1);
      expect(found.out).toContain('web (7)');
      const absent = await check(repository, ...usage(repository, 'usage/*.json'));
      expect(absent).toMatchObject({
        code: 3,
        err: expect.stringMatching(/^No file is a usage log as \S*usage\/\*\.json names them/),
      });
    });
  });

  it('finds the clients of a committed operation in a log that has no values', async () => {
    await withChange(without('bar(x: Int, y: Int): Int '), async (repository) => {
      await repository.write({
        'a.graphql': 'query Bar { bar(x: 17) }',
        'usage.jsonl': record('query Bar{bar(x:0)}', { client: 'web' }),
      });
      const committed = operations(repository, 'a.graphql');
      const { out } = await check(repository, ...committed, ...usage(repository, 'usage.jsonl'));
      expect(out).toMatch(/affects 1 operation:\n {4}Bar \(\S*a\.graphql:1:1\): web \(1\)/);
    });
  });

  it.each([
    ['an argument that no client gives', '{ bar(x: 1) }', ', y: Int', 0],
    ['an argument that a client gives', '{ bar(y: 1) }', ', y: Int', 1],
    [
      'an input field that a variable may have',
      'mutation($f: Filter) { find(filter: $f) }',
      ' b: Int }',
      1,
    ],
    [
      'an input field that a literal does not have',
      'mutation { find(filter: { a: 1 }) }',
      ' b: Int }',
      0,
    ],
    [
      'a field that is selected by a fragment',
      '{ item { ... on Book { old } } }',
      ' old: String',
      1,
    ],
    [
      'a field beside those that are selected',
      '{ item { id ... on Book { title } } }',
      ' old: String',
      0,
    ],
  ])('knows whether %s is used', async (_what, text, removed, code) => {
    await withChange(without(removed), async (repository) => {
      const since = JSON.stringify({ since: '2026-10-01' });
      await repository.write({ 'usage.jsonl': `${since}\n${record(text, { client: 'web' })}` });
      expect(await check(repository, ...usage(repository, 'usage.jsonl'))).toMatchObject({ code });
    });
  });

  it("reads Hive's usage reports", async () => {
    const report = {
      size: 1,
      map: { k: { operation: 'query B { b }', operationName: 'B', fields: ['Query', 'Query.b'] } },
      operations: [
        {
          operationMapKey: 'k',
          timestamp: now.getTime(),
          execution: { ok: true, duration: 1, errorsTotal: 0 },
          metadata: { client: { name: 'app', version: '1.0' } },
        },
      ],
    };
    await withChange(without('b: Int '), async (repository) => {
      await repository.write({ 'report.json': JSON.stringify(report, null, 2) });
      const { code, out } = await check(repository, ...usage(repository, 'report.json'));
      expect(code).toBe(1);
      expect(out).toContain('B: app 1.0 (1)');
    });
  });

  it.each([
    ['', /has no operation of the last 30 days: whether something is used cannot be told/],
    [record('{ b }', { lastSeen: '2026-01-01' }), /has no operation of the last 30 days/],
    ['{"operation": 1}', /usage\.jsonl: the usage log cannot be read: operation: /],
    [`${record('{ b }', {})}\nnot json`, /usage\.jsonl:2: the usage log cannot be read/],
    [record('{ b', {}), /has an operation that cannot be read: Syntax Error/],
  ])('refuses a log that says nothing: %j', async (text, message) => {
    await withChange(without('b: Int '), async (repository) => {
      await repository.write({ 'usage.jsonl': text });
      const { code, err } = await check(repository, ...usage(repository, 'usage.jsonl'));
      expect(code).toBe(3);
      expect(err).toMatch(message);
    });
  });
});

describe('supergraph check, with settings and approvals', () => {
  it('gives codes the weight that schema-check.yaml says', async () => {
    await withChange(without('b: Int '), async (repository) => {
      await repository.write({ 'schema-check.yaml': 'severities:\n  FIELD_REMOVED: warning\n' });
      expect(await check(repository)).toMatchObject({
        code: 0,
        out: expect.stringMatching(/: warning FIELD_REMOVED/),
      });
      await repository.write({ 'schema-check.yaml': 'severities: { FIELD_REMOVED: off }' });
      expect(await check(repository)).toMatchObject({
        code: 0,
        out: expect.not.stringContaining(' FIELD_REMOVED'),
      });
    });
  });

  it('reads operations and usage that schema-check.yaml names, relative to it', async () => {
    await withChange(without('b: Int '), async (repository) => {
      await repository.write({
        'schema-check.yaml':
          'operations: ["web/*.graphql"]\nusage: { files: [usage.jsonl], unusedAfterDays: 90 }\n',
        'web/a.graphql': 'query A { item { id } }',
        'usage.jsonl': record('{ b }', { client: 'web', lastSeen: '2026-09-10' }),
      });
      const { code, out } = await check(repository);
      expect(code).toBe(1);
      expect(out).toContain('operations: 2');
    });
  });

  it.each([
    [
      'severites: {}',
      /schema-check\.yaml:1:\d+: "severites" is not a known key; did you mean severities\?/,
    ],
    [
      'severities: { FIELD_REMOVD: note }',
      /"FIELD_REMOVD" is not a known code; did you mean FIELD_REMOVED\?/,
    ],
    ['severities: { FIELD_REMOVED: bad }', /expected error, warning, note or off/],
    ['usage: { unusedAfterDay: 1 }', /did you mean unusedAfterDays\?/],
    ['usage: { unusedAfterDays: 0 }', /usage\.unusedAfterDays: /],
    ['a: [', /schema-check\.yaml:1:\d+: Not a YAML document/],
  ])('refuses schema-check.yaml with %j', async (text, message) => {
    await withChange(before, async (repository) => {
      await repository.write({ 'schema-check.yaml': text });
      const { code, err } = await check(repository);
      expect(code).toBe(3);
      expect(err).toMatch(message);
    });
  });

  it('lets an approved finding pass until its last day, and then says that the approval has expired', async () => {
    await withChange(without('b: Int '), async (repository) => {
      await repository.write({ 'schema-approvals.yaml': approval('2026-11-28') });
      const { code, out } = await check(repository);
      expect(code).toBe(0);
      expect(out).toMatch(/Waived:\n {2}FIELD_REMOVED Query\.b until 2026-11-28, shop: unused/);
      await repository.write({ 'schema-approvals.yaml': approval('2026-11-27') });
      const late = await check(repository);
      expect(late.code).toBe(1);
      expect(late.out).toMatch(/schema-approvals\.yaml:2:5: error APPROVAL_EXPIRED/);
      expect(late.out).toMatch(/: error FIELD_REMOVED/);
    });
  });

  it.each([
    [approval('2026-02-30'), /approvals\.0\.until: expected a day as YYYY-MM-DD/],
    [
      approval('2026-12-01').replace('FIELD_REMOVED', 'FIELD_REMOVE'),
      /did you mean FIELD_REMOVED\?/,
    ],
    [approval('2026-12-01').replace('owner', 'ownr'), /approvals\.0\.owner|did you mean owner\?/],
  ])('refuses approvals such as %j', async (text, message) => {
    await withChange(before, async (repository) => {
      await repository.write({ 'schema-approvals.yaml': text });
      const { code, err } = await check(repository);
      expect(code).toBe(3);
      expect(err).toMatch(message);
    });
  });

  it('says that an approval meets nothing', async () => {
    await withChange(before, async (repository) => {
      await repository.write({ 'schema-approvals.yaml': approval('2026-12-01') });
      expect(await check(repository)).toMatchObject({
        code: 0,
        out: expect.stringMatching(/note APPROVAL_UNUSED/),
      });
    });
  });
});

function approval(until: string): string {
  return `approvals:\n  - code: FIELD_REMOVED\n    coordinate: Query.b\n    owner: shop\n    until: ${until}\n    why: unused\n`;
}

function record(operation: string, rest: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ operation, ...rest });
}

function without(part: string): string {
  if (!before.includes(part)) throw new Error(`The schema does not have ${part}`);
  return before.replace(part, part.endsWith('}') ? '}' : '');
}

function operations({ folder }: Repository, pattern: string): readonly string[] {
  return ['--operations', join(folder, pattern)];
}

function usage({ folder }: Repository, name: string): readonly string[] {
  return ['--usage', join(folder, name)];
}

async function withChange(
  after: string,
  use: (repository: Repository) => Promise<void>,
): Promise<void> {
  await withRepository(async (repository) => {
    await repository.commit({ 'supergraph.yaml': listOf('a'), 'schemas/a.graphql': before });
    await repository.write({ 'schemas/a.graphql': after });
    await use(repository);
  });
}

function check({ folder }: Repository, ...args: readonly string[]): Promise<Ran> {
  const config = join(folder, 'supergraph.yaml');
  return runSupergraphIn({ now: () => now }, 'check', '--config', config, ...args);
}
