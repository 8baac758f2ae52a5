import { describe, expect, it } from '@jest/globals';
import { Kind, parse } from 'graphql';
import {
  conditionVariables,
  type NormalizedOperation,
  normalizeOperation,
  type OperationSource,
} from './normalize.ts';

const ownFields = new Map([
  ['id', false],
  ['price', true],
]);

describe('planning/normalize', () => {
  it.each([
    ['leaves an ordinary operation alone', '{ a { b: c(x: $v) id } }', '{ a { b: c(x: $v) id } }'],
    [
      'takes introspection out',
      '{ __schema { types { name } } t: __type(name: "A") { name } a }',
      '{ a }',
    ],
    [
      'takes __typename out at the root only',
      '{ __typename t: __typename a { __typename } }',
      '{ a { __typename } }',
    ],
    ['takes delivery directives out', '{ a { ... @defer { b @stream } } }', '{ a { ... { b } } }'],
    ['renames an alias that is a key', '{ a { id: name } }', '{ a { client_id: name } }'],
    ['renames a key with arguments', '{ a { id(x: 1) } }', '{ a { client_id: id(x: 1) } }'],
    ['renames a field required with arguments', '{ a { price } }', '{ a { client_price: price } }'],
    [
      'renames members of Object.prototype',
      '{ constructor a { toString: b } }',
      '{ client_constructor: constructor a { client_toString: b } }',
    ],
    [
      "renames what looks like the planner's own",
      '{ _e0: a __proto__: b }',
      '{ client__e0: a client___proto__: b }',
    ],
    [
      'renames around names that are taken',
      '{ client_id: a id: b }',
      '{ client_id: a client_client_id: b }',
    ],
    [
      'keeps fragments that are used',
      '{ ...F } fragment F on Q { a ...G } fragment G on Q { b } fragment H on Q { c }',
      '{ ...F } fragment F on Q { a ...G } fragment G on Q { b }',
    ],
  ])('%s', (_name, query, expected) => {
    expect(oneLine(normalize(query).text)).toBe(expected);
  });

  it('decides conditions by their values, and leaves nothing unused behind', () => {
    const query = `query ($a: Boolean!, $b: Boolean!, $x: Int) {
      one @include(if: $a) { f(x: $x) ...F }
      two @skip(if: $b) { g @include(if: $a) }
    }
    fragment F on T { h }`;
    const conditions = new Map([
      ['a', false],
      ['b', false],
    ]);
    expect(oneLine(normalize(query, conditions).text)).toBe('{ two { __typename } }');
  });

  it('decides only literal conditions when it is given no values', () => {
    const query =
      'query ($a: Boolean!) { a @include(if: false) b @skip(if: false) c @include(if: $a) }';
    expect(oneLine(normalize(query).text)).toBe('query ($a: Boolean!) { b c @include(if: $a) }');
  });

  it('renames variables that a planner might add', () => {
    const { text, clientVariables } = normalize(
      'query ($representations: ID!, $id: ID!) { a(x: $representations, y: $id) }',
    );
    expect(oneLine(text)).toBe(
      'query ($client_representations: ID!, $id: ID!) { a(x: $client_representations, y: $id) }',
    );
    expect(clientVariables).toEqual(new Map([['client_representations', 'representations']]));
  });

  it('has no document when nothing is left for a subgraph', () => {
    expect(
      normalize('{ __typename ... { __schema { types { name } } } }').document,
    ).toBeUndefined();
  });

  it('finds the variables of conditions, in fragments too', () => {
    const query = `query ($b: Boolean!, $a: Boolean!, $x: Int) { f(x: $x) @skip(if: $b) ...F }
      fragment F on Q { g @include(if: $a) @include(if: true) }`;
    expect(conditionVariables(sourceOf(query))).toEqual(['a', 'b']);
  });
});

function normalize(query: string, conditions?: ReadonlyMap<string, boolean>): NormalizedOperation {
  return normalizeOperation(
    sourceOf(query),
    { ownFields, usesInterfaceObjects: query.includes('Interface') },
    conditions,
  );
}

function sourceOf(query: string): OperationSource {
  const { definitions } = parse(query);
  const operation = definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error('Expected an operation.');
  const fragments = definitions.flatMap((definition) =>
    definition.kind === Kind.FRAGMENT_DEFINITION
      ? [[definition.name.value, definition] as const]
      : [],
  );
  return { operation, fragments: new Map(fragments) };
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
