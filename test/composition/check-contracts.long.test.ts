import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Finding } from '../../composition/check/finding.ts';
import { findingsInContracts, type SchemasWithContracts } from './check-composed.ts';
import { link } from './composed-folder.ts';
import { listOf, type Repository, withRepository } from './git-repository.ts';
import { type Ran, runSupergraphIn } from './run-supergraph.ts';

const p = '@tag(name: "public")';
const x = '@tag(name: "internal")';
const shown = { public: { include: ['public'], exclude: ['internal'] } };

/** What is done, the schema before and after, and what is found: severity, code, coordinate and where. */
type Edit = readonly [what: string, before: string, after: string, expected: readonly string[]];

const edits: readonly Edit[] = [
  ['nothing', `type Query { a: Int ${p} b: Int }`, `type Query { a: Int ${p} b: Int }`, []],
  [
    'a field loses its tag',
    `type Query { a: Int ${p} b: Int ${p} }`,
    `type Query { a: Int ${p} b: Int }`,
    ['note APPLIED_DIRECTIVE_CHANGED Query.b', 'error FIELD_REMOVED Query.b only public'],
  ],
  [
    'a field gets an excluded tag',
    `type Query { a: Int ${p} b: Int ${p} }`,
    `type Query { a: Int ${p} b: Int ${p} ${x} }`,
    ['note APPLIED_DIRECTIVE_CHANGED Query.b', 'error FIELD_REMOVED Query.b only public'],
  ],
  [
    'a field gets the tag',
    `type Query { a: Int ${p} b: Int }`,
    `type Query { a: Int ${p} b: Int ${p} }`,
    ['note APPLIED_DIRECTIVE_CHANGED Query.b', 'note FIELD_ADDED Query.b only public'],
  ],
  [
    'a field of the contract is removed',
    `type Query { a: Int ${p} b: Int ${p} }`,
    `type Query { a: Int ${p} }`,
    ['error FIELD_REMOVED Query.b also public'],
  ],
  [
    'a field that is not in the contract is removed',
    `type Query { a: Int ${p} b: Int }`,
    `type Query { a: Int ${p} }`,
    ['error FIELD_REMOVED Query.b'],
  ],
  [
    'an argument of a shown field is removed, and one of a hidden field',
    `type Query { a(y: Int): Int ${p} b(y: Int): Int }`,
    `type Query { a: Int ${p} b: Int }`,
    ['error ARGUMENT_REMOVED Query.a(y:) also public', 'error ARGUMENT_REMOVED Query.b(y:)'],
  ],
  [
    'an argument of a shown field is excluded',
    `type Query { a(y: Int): Int ${p} }`,
    `type Query { a(y: Int ${x}): Int ${p} }`,
    [
      'note APPLIED_DIRECTIVE_CHANGED Query.a(y:)',
      'error ARGUMENT_REMOVED Query.a(y:) only public',
    ],
  ],
  [
    'a type that only a hidden field leads to any longer',
    `type Query { a: Int ${p} b: B ${p} } type B ${p} { c: Int }`,
    `type Query { a: Int ${p} b: B } type B ${p} { c: Int }`,
    [
      'note APPLIED_DIRECTIVE_CHANGED Query.b',
      'error FIELD_REMOVED Query.b only public',
      'error TYPE_REMOVED B only public',
    ],
  ],
  [
    'a value of an enum is excluded',
    `type Query { a(e: E): Int ${p} } enum E { X Y }`,
    `type Query { a(e: E): Int ${p} } enum E { X Y ${x} }`,
    ['note APPLIED_DIRECTIVE_CHANGED E.Y', 'error ENUM_VALUE_REMOVED E.Y only public'],
  ],
  [
    'a value of an enum in answers is removed, which is given outside of the contract',
    `type Query { a: E ${p} b(e: E): Int } enum E { X Y }`,
    `type Query { a: E ${p} b(e: E): Int } enum E { X }`,
    ['error ENUM_VALUE_REMOVED E.Y also public'],
  ],
  [
    'the tag is gone everywhere',
    `type Query { a: Int ${p} }`,
    'type Query { a: Int }',
    ['note APPLIED_DIRECTIVE_CHANGED Query.a', 'error TAG_UNKNOWN - only public'],
  ],
  [
    'nothing is left to ask for',
    `type Query { a: Int ${p} } type B { c: Int }`,
    `type Query { a: Int } type B { c: Int ${p} }`,
    [
      'note APPLIED_DIRECTIVE_CHANGED B.c',
      'note APPLIED_DIRECTIVE_CHANGED Query.a',
      'error QUERY_ROOT_TYPE_INACCESSIBLE - only public',
    ],
  ],
  [
    'a shown field returns what is hidden',
    `type Query { a: B ${p} } type B ${p} { c: Int }`,
    `type Query { a: B ${p} } type B { c: Int }`,
    ['note APPLIED_DIRECTIVE_CHANGED B', 'error REFERENCED_INACCESSIBLE - only public'],
  ],
  [
    'the contract did not compose in the base',
    'type Query { a: Int }',
    `type Query { a: Int ${p} }`,
    ['note APPLIED_DIRECTIVE_CHANGED Query.a', 'warning CONTRACT_NOT_COMPARED - only public'],
  ],
];

describe('check: an edit and what is found in a contract', () => {
  // The tag that is excluded has to be somewhere.
  const somewhere = (sdl: string): string => `${sdl} type Mutation { other: Int ${x} }`;

  it.each(edits)('%s', async (_what, before, after, expected) => {
    const findings = await findingsInContracts(
      [somewhere(before), shown],
      [somewhere(after), shown],
    );
    expect([...summariesOf(findings)].sort()).toEqual([...expected].sort());
    for (const { fix } of findings) expect(fix).not.toBe('');
  });

  it('says of what left the contract that it is in the graph still, and where', async () => {
    const [finding] = await findingsInContracts(
      [`type Query { a: Int ${p} b: Int ${p} }`, { public: { include: ['public'] } }],
      [`type Query { a: Int ${p}\n b: Int }`, { public: { include: ['public'] } }],
    );
    expect(finding).toMatchObject({
      code: 'FIELD_REMOVED',
      onlyIn: ['public'],
      place: { line: 3, subgraph: 'a' },
      details: ['It is in the graph still; its tags no longer show it in the contract.'],
    });
  });

  it('says that a contract is new or removed', async () => {
    const schema = `type Query { a: Int ${p} }`;
    const of = async (...names: readonly [readonly string[], readonly string[]]) => {
      const [before, after] = names.map((all): SchemasWithContracts => [
        schema,
        Object.fromEntries(all.map((name) => [name, { include: ['public'] }])),
      ]);
      if (!before || !after) throw new Error('Two sides are compared.');
      return summariesOf(await findingsInContracts(before, after));
    };
    expect(await of([], ['one'])).toEqual(['note CONTRACT_ADDED - only one']);
    expect(await of(['one'], [])).toEqual(['error CONTRACT_REMOVED - only one']);
    expect(await of(['one'], ['other'])).toEqual([
      'error CONTRACT_REMOVED - only one',
      'note CONTRACT_ADDED - only other',
    ]);
  });

  it('says once what several contracts have in common', async () => {
    const contracts = { one: { include: ['public'] }, other: { include: ['public'] } };
    const findings = await findingsInContracts(
      [`type Query { a: Int ${p} b: Int ${p} c: Int ${p} }`, contracts],
      [`type Query { a: Int ${p} b: Int }`, contracts],
    );
    expect(summariesOf(findings)).toEqual([
      'error FIELD_REMOVED Query.b only one,other',
      'error FIELD_REMOVED Query.c also one,other',
      'note APPLIED_DIRECTIVE_CHANGED Query.b',
    ]);
  });

  it('names the operations of the contract that break, and takes no other operation for one of them', async () => {
    const before = `type Query { a: Int ${p} b: Int ${p} }`;
    const after = `type Query { a: Int ${p} b: Int }`;
    const contracts = { public: { include: ['public'] } };
    const findings = await findingsInContracts(
      [before, contracts],
      [after, contracts],
      ['query OfPublic { b }'],
    );
    expect(summariesOf(findings)).toEqual([
      'error OPERATION_BROKEN - only public',
      'error FIELD_REMOVED Query.b only public',
      'note APPLIED_DIRECTIVE_CHANGED Query.b',
    ]);
    expect(findings[1]?.operations.map(({ name }) => name)).toEqual(['OfPublic']);
  });

  it('does not call unused what any client of a usage log asks for', async () => {
    const before = `type Query { a: Int ${p} b: Int ${p} c: Int ${p} }`;
    const after = `type Query { a: Int ${p} b: Int c: Int }`;
    const contracts = { public: { include: ['public'] } };
    const findings = await findingsInContracts([before, contracts], [after, contracts], ['{ b }'], {
      usage: { gap: undefined },
    });
    expect(summariesOf(findings).filter((each) => each.includes('FIELD_REMOVED'))).toEqual([
      'error FIELD_REMOVED Query.b only public',
      'note FIELD_REMOVED Query.c only public',
    ]);
  });
});

const list = `${listOf('a')}contracts:\n  public: { include: [public] }\n`;
const before = `${link}\ntype Query {\n  a: Int ${p}\n  b: Int ${p}\n  c: Int\n}\n`;
const hiding = before.replace(`b: Int ${p}`, 'b: Int');

describe('supergraph check, with contracts', () => {
  it('fails for what leaves a contract of the list, and says where it is', async () => {
    await withChange({ 'schemas/a.graphql': hiding }, async (repository) => {
      const { code, out } = await check(repository);
      expect(code).toBe(1);
      expect(out).toMatch(
        /schemas\/a\.graphql:4:3: error FIELD_REMOVED \[a\] Query\.b\n.*\n {2}only in the contract public\n/,
      );
      expect(out).toContain('contracts: 1');
    });
  });

  it('finds nothing where nothing changed, and compares with a file, too', async () => {
    await withChange({}, async (repository) => {
      expect(await check(repository)).toMatchObject({ code: 0 });
      const composed = join(repository.folder, 'supergraph.graphql');
      await runSupergraphIn(
        {},
        ...['compose', '--config', join(repository.folder, 'supergraph.yaml')],
      );
      await repository.write({ 'schemas/a.graphql': hiding });
      const { code, out } = await check(repository, '--base-file', composed);
      expect(code).toBe(1);
      expect(out).toContain('only in the contract public');
    });
  });

  it('ends with 2 where a contract no longer composes, and says everything else besides', async () => {
    const without = before.replaceAll(` ${p}`, '').replace('  c: Int\n', '');
    await withChange({ 'schemas/a.graphql': without }, async (repository) => {
      const { code, out, err } = await check(repository);
      expect(code).toBe(2);
      expect(out).toMatch(/error TAG_UNKNOWN\n.*"public"\)\.\n {2}only in the contract public/);
      expect(out).toContain('error FIELD_REMOVED [a] Query.c');
      expect(err).toBe('The contract public does not compose.');
    });
  });

  it('validates operations against the contract that they are of', async () => {
    const files = {
      'schema-check.yaml': 'contracts: { public: { operations: ["partners/*.graphql"] } }\n',
      'partners/b.graphql': 'query B { b }',
      'schemas/a.graphql': hiding,
    };
    await withChange(files, async (repository) => {
      const { code, out } = await check(repository);
      expect(code).toBe(1);
      expect(out).toMatch(
        /partners\/b\.graphql:1:11: error OPERATION_BROKEN\n.*\n {2}only in the contract public\n/,
      );
      await repository.write({ 'schemas/a.graphql': before });
      expect(await check(repository)).toMatchObject({ code: 0 });
      await repository.write({ 'partners/b.graphql': 'query B { c }' });
      expect((await check(repository)).out).toMatch(
        /warning OPERATION_NEVER_VALID\n.*\n {2}only in the contract public\n/,
      );
    });
  });

  it('lets an approval pass what is found in the contract that it names, and only there', async () => {
    const approved = (contract: string): Readonly<Record<string, string>> => ({
      'schemas/a.graphql': hiding,
      'schema-approvals.yaml': `approvals:\n  - { code: FIELD_REMOVED, coordinate: Query.b, ${contract}owner: shop, until: 2026-12-01, why: agreed }\n`,
    });
    await withChange(approved('contract: public, '), async (repository) => {
      const { code, out } = await check(repository);
      expect(code).toBe(0);
      expect(out).toContain('FIELD_REMOVED Query.b (the contract public) until 2026-12-01');
      await repository.write(approved(''));
      expect(await check(repository)).toMatchObject({
        code: 1,
        out: expect.stringContaining('note APPROVAL_UNUSED'),
      });
      await repository.write({
        ...approved('contract: public, '),
        'schemas/a.graphql': before.replace(`  b: Int ${p}\n`, ''),
      });
      expect(await check(repository)).toMatchObject({ code: 1 });
    });
  });

  it('lets a contract go that an approval names', async () => {
    const files = {
      'supergraph.yaml': listOf('a'),
      'schema-approvals.yaml':
        'approvals: [{ code: CONTRACT_REMOVED, contract: public, owner: shop, until: 2026-12-01, why: over }]\n',
    };
    await withChange(files, async (repository) => {
      expect(await check(repository)).toMatchObject({
        code: 0,
        out: expect.stringContaining('CONTRACT_REMOVED the contract public until'),
      });
    });
  });

  it.each([
    [
      { 'schema-check.yaml': 'contracts: { publc: { operations: [] } }' },
      /have a contract "publc", which the list of subgraphs does not have; did you mean public\?/,
    ],
    [
      { 'schema-check.yaml': 'contracts: { public: { operation: [] } }' },
      /"operation" is not a known key; did you mean operations\?/,
    ],
    [
      {
        'schema-approvals.yaml':
          'approvals: [{ code: FIELD_REMOVED, owner: o, until: 2026-12-01, why: w }]',
      },
      /approvals\.0\.coordinate: expected the coordinate of the finding, or its contract/,
    ],
  ])('refuses %j', async (files, message) => {
    await withChange(files, async (repository) => {
      expect(await check(repository)).toMatchObject({
        code: 3,
        err: expect.stringMatching(message),
      });
    });
  });
});

function summariesOf(findings: readonly Finding[]): readonly string[] {
  return findings
    .filter(({ code }) => !code.startsWith('LINT_'))
    .map(({ severity, code, coordinate = '-', alsoIn, onlyIn }) => {
      const where = [
        ...(alsoIn ? ['also', alsoIn.join()] : []),
        ...(onlyIn ? ['only', onlyIn.join()] : []),
      ];
      return [severity, code, coordinate, ...where].join(' ');
    });
}

async function withChange(
  changed: Readonly<Record<string, string>>,
  use: (repository: Repository) => Promise<void>,
): Promise<void> {
  await withRepository(async (repository) => {
    await repository.commit({ 'supergraph.yaml': list, 'schemas/a.graphql': before });
    await repository.write(changed);
    await use(repository);
  });
}

function check({ folder }: Repository, ...args: readonly string[]): Promise<Ran> {
  const config = join(folder, 'supergraph.yaml');
  const now = (): Date => new Date('2026-11-28T12:00:00Z');
  return runSupergraphIn({ now }, 'check', '--config', config, ...args);
}
