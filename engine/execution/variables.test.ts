import { describe, expect, it } from '@jest/globals';
import {
  buildSchema,
  executeSync,
  getVariableValues,
  Kind,
  parse,
  type VariableDefinitionNode,
} from 'graphql';
import { ClientVariables, compileVariableCheck, conditionValues } from './variables.ts';

const schema = buildSchema(`
  type Query { a(i: In, id: ID, f: Float): Int }
  input In { n: Int! list: [In!] kind: Kind }
  enum Kind { A B }
`);

describe('execution/variables', () => {
  it.each([
    ['$a: Int', { a: 1 }],
    ['$a: Int', {}],
    ['$a: Int', { a: null }],
    ['$a: Int! = 3', {}],
    ['$a: ID!', { a: 7 }],
    ['$a: Float', { a: 1.5 }],
    ['$a: In', { a: { n: 1, list: { n: 2 } } }],
    ['$a: [Kind!]', { a: 'A' }],
  ])('accepts %s with %j', (definitions, raw) => {
    expect(check(definitions, raw)).toBeUndefined();
  });

  it.each([
    ['$a: Int!', {}],
    ['$a: Int!', { a: null }],
    ['$a: Int', { a: '1' }],
    ['$a: Int', { a: 2 ** 31 }],
    ['$a: String', { a: 1 }],
    ['$a: Boolean', { a: 'true' }],
    ['$a: Float', { a: Number.POSITIVE_INFINITY }],
    ['$a: In', { a: {} }],
    ['$a: Kind', { a: 'C' }],
    ['$constructor: Int!', {}],
  ])('rejects %s with %j as BAD_USER_INPUT', (definitions, raw) => {
    const errors = check(definitions, raw);
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it.each([
    ['$a: Int!', {}],
    ['$a: Int!', { a: null }],
    ['$a: Int', { a: '1' }],
    ['$a: In', { a: { m: 1, n: { o: [1, { p: { q: 1 } }, [[[[]]]]] } } }],
    ['$a: [In!]', { a: [{ n: 1 }, null, { n: 'x', kind: 'C' }] }],
    ['$a: [Int]', { a: [Array.from({ length: 12 }, (_, n) => n)] }],
  ])('reports %s with %j in the words of graphql-js', (definitions, raw) => {
    const expected = getVariableValues(schema, definitionsOf(definitions), raw).errors;
    const errors = check(definitions, raw);
    expect(errors?.map(({ message }) => message)).toEqual(expected?.map(({ message }) => message));
    expect(errors?.map(({ nodes }) => nodes?.length)).toEqual(expected?.map(() => 1));
  });

  it('reads an object with many invalid members only a few times, and prints little of it', () => {
    const members = Array.from({ length: 50_000 }, (_, n) => [`m${n}`, n] as const);
    let reads = 0;
    const counted = new Proxy<Record<string, unknown>>(Object.fromEntries(members), {
      get: (target, name) => {
        reads += 1;
        return target[String(name)];
      },
    });
    const errors = check('$a: In', { a: counted });
    expect(reads).toBeLessThan(4 * members.length);
    expect(errors).toHaveLength(10);
    expect(errors?.[1]?.message).toMatch(/m9: 9, \.\.\. 49990 more members }; Field "m0"/);
  });

  it('reports only a few of many invalid items', () => {
    const list = Array.from({ length: 100_000 }, () => ({}));
    const errors = check('$a: [In!]', { a: list });
    expect(errors).toHaveLength(10);
    expect(errors?.at(-1)?.message).toMatch(/^Too many errors/);
  });

  it('serializes a value once, and no value for a missing one', () => {
    const variables = new ClientVariables(
      JSON.parse('{"a":{"b":1},"__proto__":2}') as object as never,
    );
    expect([variables.textOf('a'), variables.textOf('b'), variables.textOf('toString')]).toEqual([
      '{"b":1}',
      undefined,
      undefined,
    ]);
    expect(variables.textOf('__proto__')).toBe('2');
  });

  it.each(['skip', 'include'])('rejects null for @%s in the words of graphql-js', (directive) => {
    const definitions = '$a: Boolean = true, $b: Boolean = false, $c: Boolean = true';
    const document = parse(`query (${definitions}) { a @${directive}(if: $a) }`);
    const expected = executeSync({ schema, document, variableValues: { a: null } });
    const refuse = compileVariableCheck(schema, definitionsOf(definitions), ['a', 'b']);
    for (const raw of [{ a: null }, { a: null, b: true, c: null }]) {
      const errors = refuse(raw);
      expect(errors?.map(({ message }) => message)).toEqual(
        expected.errors?.map(({ message }) => message),
      );
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
    expect(refuse({ a: null, b: null })).toHaveLength(2);
    expect([refuse({}), refuse({ a: true, b: false }), refuse({ c: null })]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('applies the defaults of conditions', () => {
    const definitions = definitionsOf('$a: Boolean = true, $b: Boolean!, $c: Boolean = false');
    expect(conditionValues(definitions, ['a', 'b', 'c'], { b: true })).toEqual(
      new Map([
        ['a', true],
        ['b', true],
        ['c', false],
      ]),
    );
  });
});

function check(
  definitions: string,
  raw: object,
): ReturnType<ReturnType<typeof compileVariableCheck>> {
  return compileVariableCheck(schema, definitionsOf(definitions))(raw as never);
}

function definitionsOf(definitions: string): readonly VariableDefinitionNode[] {
  const [operation] = parse(`query (${definitions}) { a }`).definitions;
  return operation?.kind === Kind.OPERATION_DEFINITION ? (operation.variableDefinitions ?? []) : [];
}
