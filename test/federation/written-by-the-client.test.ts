import { describe, expect, it } from '@jest/globals';
import { GraphQLScalarType, Kind, parse, type ValueNode } from 'graphql';
import { Federation, type RecordedCall } from '../support/federation.ts';

type Entity = Readonly<Record<string, unknown>>;

const directives = `
  directive @inContext(country: String, note: String) on QUERY | MUTATION | FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT | FRAGMENT_DEFINITION | VARIABLE_DEFINITION
`;

/** The JSON text of a literal, members in the order they are written in. */
function jsonOf(value: ValueNode): string {
  switch (value.kind) {
    case Kind.OBJECT:
      return `{${value.fields.map((field) => `${field.name.value}:${jsonOf(field.value)}`).join()}}`;
    case Kind.LIST:
      return `[${value.values.map(jsonOf).join()}]`;
    case Kind.STRING:
      return JSON.stringify(value.value);
    case Kind.NULL:
      return 'null';
    case Kind.VARIABLE:
      return `$${value.name.value}`;
    default:
      return String(value.value);
  }
}

const written = new GraphQLScalarType({
  name: 'JSON',
  parseLiteral: jsonOf,
  parseValue: JSON.stringify,
});

const echo = new Federation({
  a: {
    schema: `
      ${directives}
      scalar JSON
      enum Size { SMALL LARGE }
      type Query {
        s(s: String = "by default"): String
        j(j: JSON): String
        n(f: Float, i: Int, id: ID, size: Size): String
        item: Item
      }
      type Mutation { set(s: String): Item }
      type Item @key(fields: "id") { id: ID! name: String }
    `,
    resolvers: {
      JSON: written,
      Query: {
        s: (_: unknown, { s }: Entity) => JSON.stringify(s),
        j: (_: unknown, { j }: Entity) => j,
        n: (_: unknown, args: Entity) => JSON.stringify(args),
        item: () => ({ id: '1', name: 'one' }),
      },
      Mutation: { set: () => ({ id: '1', name: 'one' }) },
    },
  },
  b: {
    schema: `${directives} type Item @key(fields: "id") { id: ID! price(in: String): Int }`,
    resolvers: { Item: { price: () => 5 } },
  },
});

async function answerTo(
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<unknown> {
  const { data, errors } = await echo.ask(query, { variables });
  expect(errors).toBeUndefined();
  return data;
}

/** The operations that subgraphs received, each on one line. */
async function sent(query: string, variables = {}): Promise<readonly string[]> {
  echo.calls.length = 0;
  await answerTo(query, variables);
  return echo.calls.map(({ query: text }: RecordedCall) => text);
}

describe('federation/what the client writes reaches a subgraph with the same meaning', () => {
  it.each([
    ['an escape', String.raw`"a\bc\f\n\"\\\/"`, 'a\bc\f\n"\\/'],
    ['an escaped code unit', String.raw`"\u0008\u00e9"`, '\bé'],
    ['a pair of surrogates', String.raw`"\ud83d\ude00 \u{1F600}"`, '😀 😀'],
    [
      'a block string with a blank that is no indentation',
      '"""\n\u3000a\n  b\n"""',
      '\u3000a\n  b',
    ],
    ['a block string of one blank that is no indentation', '"""\u00a0"""', '\u00a0'],
    ['a block string with quotes', '"""a \\""" "b\\c" """', 'a """ "b\\c" '],
    ['a block string that is indented', '"""\n    a\n\tb\n      c\n"""', '   a\nb\n     c'],
    ['a lone variable sign', '"$s { x }"', '$s { x }'],
  ])('%s', async (_, literal, value) => {
    expect(await answerTo(`{ s(s: ${literal}) }`)).toEqual({ s: JSON.stringify(value) });
    expect(await answerTo(`query ($s: String = ${literal}) { s(s: $s) }`)).toEqual({
      s: JSON.stringify(value),
    });
  });

  it.each([
    ['{b: 1, a: {d: [1, 2.50], c: E}}', '{b:1,a:{d:[1,2.50],c:E}}'],
    ['12345678901234567890.123456789', '12345678901234567890.123456789'],
    ['[null, true, "x", -0]', '[null,true,"x",-0]'],
  ])('a literal of a custom scalar: %s', async (literal, value) => {
    expect(await answerTo(`{ j(j: ${literal}) }`)).toEqual({ j: value });
  });

  it('numbers and values of enums', async () => {
    const query = '{ n(f: 1e3, i: -7, id: 12, size: LARGE) }';
    expect(await answerTo(query)).toEqual({
      n: JSON.stringify({ f: 1000, i: -7, id: '12', size: 'LARGE' }),
    });
  });

  it('null, absent values, and the default values of variables and arguments', async () => {
    const query =
      'query ($a: String, $b: String = "of $b", $c: String = null) { a: s(s: $a) b: s(s: $b) c: s(s: $c) d: s(s: null) }';
    expect(await answerTo(query)).toEqual({
      a: '"by default"',
      b: '"of $b"',
      c: 'null',
      d: 'null',
    });
    expect(await answerTo(query, { a: null, b: null, c: 'x' })).toEqual({
      a: 'null',
      b: 'null',
      c: '"x"',
      d: 'null',
    });
  });

  it('directives on an operation, also next to entity fetches, with their variables', async () => {
    const query =
      'query Q($c: String! @inContext(country: "US"), $u: Int) @inContext(country: $c) { item { name price } s @skip(if: true) n(i: $u) @skip(if: true) }';
    expect(await sent(query, { c: 'DE' })).toEqual([
      'query Q__a__0($c: String! @inContext(country: "US")) @inContext(country: $c) { item { name _id: id } }',
      'query Q__b__1($representations: [_Any!]!, $c: String! @inContext(country: "US")) @inContext(country: $c) { _entities(representations: $representations) { ... on Item { price } } }',
    ]);
    expect(echo.calls.map(({ variables }) => variables.c)).toEqual(['DE', 'DE']);
  });

  it('directives on fields, wherever they are resolved', async () => {
    const query =
      '{ item @inContext { name @inContext(country: "DE") name price(in: "x") @inContext(note: "p") } }';
    expect(await sent(query)).toEqual([
      '{ item @inContext { name @inContext(country: "DE") name _id: id } }',
      'query($representations: [_Any!]!) { _entities(representations: $representations) { ... on Item { price(in: "x") @inContext(note: "p") } } }',
    ]);
  });

  it('directives on fragments, of each kind', async () => {
    const query = `
      query ($n: String) { item { ... @inContext { name } ...F @inContext(note: $n) } }
      fragment F on Item @inContext(note: "definition") { id price }
    `;
    const texts = await sent(query, { n: 'spread' });
    expect(texts).toEqual([
      'query($n: String) { item { ... @inContext { name } ..._fragment_0 @inContext(note: $n) _id: id } } fragment _fragment_0 on Item @inContext(note: "definition") { id }',
      'query($representations: [_Any!]!, $n: String) { _entities(representations: $representations) { ... on Item { ..._fragment_0 @inContext(note: $n) } } } fragment _fragment_0 on Item @inContext(note: "definition") { price }',
    ]);
    for (const text of texts) expect(() => parse(text)).not.toThrow();
  });

  it('directives on a mutation', async () => {
    expect(await sent('mutation @inContext(country: "DE") { set(s: "x") { name } }')).toEqual([
      'mutation @inContext(country: "DE") { set(s: "x") { name } }',
    ]);
  });
});
