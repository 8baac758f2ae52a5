import { describe, expect, it } from '@jest/globals';
import { parse, print } from 'graphql';
import { blankLiterals } from './blank-literals.ts';

describe('a document without literals', () => {
  it.each([
    ['{ user(email: "anna@example.com") { id } }', '{ user(email: "") { id } }'],
    ['{ a(text: """long""") }', '{ a(text: "") }'],
    ['{ a(n: 17, f: -1.5e3) }', '{ a(n: 0, f: 0.0) }'],
    [
      'query ($n: Int = 5) { a(in: {n: $n, list: ["x", 3]}) }',
      'query ($n: Int = 0) { a(in: {n: $n, list: ["", 0]}) }',
    ],
    // What a schema says something of stays.
    [
      '{ a(e: RED, b: true, n: null) @include(if: false) }',
      '{ a(e: RED, b: true, n: null) @include(if: false) }',
    ],
    [
      '{ ... @defer(label: "a") { x } ... @defer(label: "b") { y(s: "s") } }',
      '{ ... @defer(label: "a") { x } ... @defer(label: "b") { y(s: "") } }',
    ],
  ])('of %s is %s', (given, expected) => {
    expect(print(blankLiterals(parse(given)))).toBe(print(parse(expected)));
  });
});
