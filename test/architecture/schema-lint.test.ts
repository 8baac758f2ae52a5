import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createEmptyHouse, type EmptyHouse } from './empty-house.ts';

const described = '"""\nWhat it is.\n"""\n';

/** Each schema breaks one rule, which must report it. */
const violations = [
  ['a type without description', `type A { ${described} id: ID! }`, 'require-description'],
  ['a field without description', `${described} type A { id: ID! }`, 'require-description'],
  [
    'an argument without description',
    `${described} type A { ${described} a(b: Int): Int }`,
    'require-description',
  ],
  ['an enum value without description', `${described} enum A { B }`, 'require-description'],
  ['an input field without description', `${described} input A { b: Int }`, 'require-description'],
  [
    'a comment in place of a description',
    `# What it is.\n type A { ${described} id: ID! }`,
    'no-hashtag-description',
  ],
  ['a type in lower case', `${described} type a { ${described} id: ID! }`, 'naming-convention'],
  ['a field in snake case', `${described} type A { ${described} an_id: ID! }`, 'naming-convention'],
  ['an enum value in lower case', `${described} enum A { ${described} b }`, 'naming-convention'],
  [
    'an enum value twice',
    `${described} enum A { ${described} B ${described} b }`,
    'unique-enum-value-names',
  ],
  [
    'a deprecation without reason',
    `${described} type A { ${described} a: Int @deprecated }`,
    'require-deprecation-reason',
  ],
  [
    'a deprecation without dates',
    `${described} type A { ${described} a: Int @deprecated(reason: "use b") }`,
    'no-restricted-syntax',
  ],
] as const;

const sound = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires"])
${described} type A @key(fields: "id") {
  ${described} id: ID!
  ${described} b: Int @external
  ${described} c: Int @requires(fields: "b")
  ${described} d: Int @deprecated(reason: "2026-11-23: use \`c\`. Will not be removed before 2027-11-23.")
}`;

describe('schema rules', () => {
  let house: EmptyHouse;
  let found: ReadonlyMap<string, readonly string[]>;

  beforeAll(async () => {
    house = await createEmptyHouse();
    await house.plant('subgraphs/sound/schema.graphql', sound);
    for (const [index, [, sdl]] of violations.entries()) {
      await house.plant(`subgraphs/unsound-${index}/schema.graphql`, sdl);
    }
    found = await violationsIn(house);
  });

  afterAll(() => house.remove());

  it.each(violations.map(([what, , rule], index) => [what, rule, index] as const))(
    'refuse %s: %s',
    (_, rule, index) => {
      expect(found.get(`unsound-${index}`)).toContainEqual(expect.stringContaining(rule));
    },
  );

  it('take a described schema with the directives of federation', () => {
    expect(found.get('sound')).toEqual([]);
  });
});

/** By the name of the subgraph's folder, the rules that its schema violates. */
async function violationsIn(house: EmptyHouse): Promise<ReadonlyMap<string, readonly string[]>> {
  const output = await house.run('eslint/bin/eslint.js', '--format', 'json', 'subgraphs');
  const files = JSON.parse(output) as readonly {
    readonly filePath: string;
    readonly messages: readonly { readonly ruleId: string | null; readonly message: string }[];
  }[];
  return new Map(
    files.map(({ filePath, messages }) => [
      filePath.split('/').at(-2) ?? '',
      messages.map(({ ruleId, message }) => ruleId ?? message),
    ]),
  );
}
