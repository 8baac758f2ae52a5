import { describe, expect, it } from '@jest/globals';
import { buildSchema, getVariableValues, Kind, parse, print, visit } from 'graphql';
import { compactDocument, documentBytes } from './compact-document.ts';

const text = `query ($id: ID!,
  $first: Int = 3) { user(id: $id) { name orders(first: $first) { ...F } } }
fragment F on Order { id }`;

describe('planning/compact document', () => {
  it('is the same document without locations', () => {
    const compact = compactDocument(parse(text));
    expect(print(compact)).toBe(print(parse(text)));
    const located: string[] = [];
    visit(compact, {
      enter: (node) => {
        if (node.loc) located.push(node.kind);
      },
    });
    expect(new Set(located)).toEqual(new Set([Kind.VARIABLE_DEFINITION]));
  });

  it('keeps the locations of variable definitions', () => {
    const schema = buildSchema('type Query { user(id: ID!, first: Int): ID }');
    const [definition] = compactDocument(parse(text)).definitions;
    const definitions =
      definition?.kind === Kind.OPERATION_DEFINITION ? definition.variableDefinitions : undefined;
    const { errors } = getVariableValues(schema, definitions ?? [], { id: '1', first: 'x' });
    expect(errors?.map(({ locations }) => locations)).toEqual([[{ line: 2, column: 3 }]]);
  });

  it('returns the same copy each time, and a document without locations unchanged', () => {
    const document = parse(text);
    const compact = compactDocument(document);
    expect(compactDocument(document)).toBe(compact);
    expect(compactDocument(compact)).toBe(compact);
  });

  it('does not change its input', () => {
    const document = parse(text);
    compactDocument(document);
    expect(document).toEqual(parse(text));
  });

  it('counts conditional selections, too', () => {
    const fields = Array.from({ length: 100 }, (_, index) => `f${index}`).join(' ');
    const small = compactDocument(parse('query ($if: Boolean!) { a @include(if: $if) { b } }'));
    const large = compactDocument(
      parse(`query ($if: Boolean!) { a @include(if: $if) { ${fields} } }`),
    );
    expect(documentBytes(large) - documentBytes(small)).toBe(99 * 2 * 130);
  });
});
