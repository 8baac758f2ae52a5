import { describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { nativeRisk } from './native-risk.ts';

const under = (aquatic: string, reptile: string): string =>
  `{ best { ... on Aquatics { photo { ${aquatic} } } ... on Reptiles { photo { ${reptile} } } } }`;

/** A chain of fragments, each inside the last one. */
const chained = (fragments: number): string =>
  Array.from(
    { length: fragments },
    (_, index) =>
      `fragment F${index} on A { a { ${index + 1 < fragments ? `...F${index + 1}` : 'id'} } }`,
  ).join(' ');

describe('planning/native-risk', () => {
  it.each([
    ['one field with different arguments', under('size(of: 1)', 'size(of: 2)')],
    ['one field with and without arguments', under('size', 'size(of: 2)')],
    ['a field and an alias of another', under('size', 'size: weight')],
    ['an alias of two fields', under('a: size', 'a: weight')],
    ['a field and the same under an alias that is its name', under('size', 'size: size')],
    ['a variable and a value', under('size(of: $a)', 'size(of: 1)')],
    ['a conflict further down', under('owner { a: name }', 'owner { a: title }')],
    [
      'a conflict in fragments',
      `{ best { ...A ...B } }
        fragment A on Aquatics { photo { ...S } } fragment S on Photo { size(of: 1) }
        fragment B on Reptiles { photo { ... on Photo { size(of: 2) } } }`,
    ],
  ])('sees %s under one key at one place', (_name, operation) => {
    expect(nativeRisk(parse(operation))).toMatch(/^under different types, "\w+" stands for both /);
  });

  it.each([
    ['the same arguments in another order', under('size(a: 1, b: 2)', 'size(b: 2, a: 1)')],
    ['different arguments under different keys', under('a: size(of: 1)', 'b: size(of: 2)')],
    ['different arguments at different places', '{ a { size(of: 1) } b { size(of: 2) } }'],
    ['one place for several fragments', '{ ...F ...F } fragment F on Query { a { b } }'],
  ])('sees no risk in %s', (_name, operation) => {
    expect(nativeRisk(parse(operation))).toBeUndefined();
  });

  it('sees a risk in fragments that nest deeper than the native planner can walk', () => {
    expect(nativeRisk(parse(`{ ...F0 } ${chained(45)}`))).toBeUndefined();
    expect(nativeRisk(parse(`{ ...F0 } ${chained(120)}`))).toMatch(/more than 100 levels/);
  });

  it('sees a risk in fragments that go in a circle', () => {
    const circle = '{ a { ...A } } fragment A on A { b { ...B } } fragment B on A { a { ...A } }';
    expect(nativeRisk(parse(circle))).toMatch(/more than 100 levels/);
  });

  it('does not look at a fragment bomb selection by selection', () => {
    const bomb = (last: string): string =>
      `{ a { ...F0 } } ${Array.from(
        { length: 24 },
        (_, index) =>
          `fragment F${index} on A { ${index < 23 ? `a { ...F${index + 1} } b { ...F${index + 1} }` : last} }`,
      ).join(' ')}`;
    expect(nativeRisk(parse(bomb('id')))).toBeUndefined();
    expect(nativeRisk(parse(bomb('c: d e { c: f }')))).toMatch(/more than 20000 selections/);
  });
});
