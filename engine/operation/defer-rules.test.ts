import { describe, expect, it } from '@jest/globals';
import { buildSchema, parse, validate } from 'graphql';
import { deferRules } from './defer-rules.ts';

const schema = buildSchema(`
  directive @defer(label: String, if: Boolean! = true) on FRAGMENT_SPREAD | INLINE_FRAGMENT
  type Query { thing: Thing }
  type Mutation { change: Thing }
  type Subscription { changed: Thing }
  type Thing { id: ID thing: Thing }
`);

function problemsOf(text: string): readonly string[] {
  return validate(schema, parse(text), deferRules).map(({ message }) => message);
}

describe('operation/defer rules', () => {
  it.each([
    '{ ... @defer { thing { id } } }',
    '{ thing { ... @defer(label: "a") { id } ... @defer(label: "b") { id } ... @defer { id } ... @defer { id } } }',
    '{ thing { ... @defer(label: null) { id } } }',
    'mutation { change { ... @defer { id } } }',
    'subscription { changed { ... @defer(if: false) { id } } }',
    // Other rules refuse these, so that each is reported once.
    'mutation { change @defer { id } }',
    'subscription @defer { changed @defer { id } }',
    '{ thing @defer(label: "a") { id @defer(label: "a") } }',
  ])('accept %s', (text) => {
    expect(problemsOf(text)).toEqual([]);
  });

  it.each([
    [
      '{ thing { ... @defer(label: "a") { id } thing { ... @defer(label: "a") { id } } } }',
      /unique/,
    ],
    ['query ($l: String) { thing { ... @defer(label: $l) { id } } }', /static string/],
    ['mutation { ... @defer { change { id } } }', /root mutation type "Mutation"/],
    ['mutation { ...F @defer } fragment F on Mutation { change { id } }', /root mutation type/],
    ['subscription { ... @defer { changed { id } } }', /root subscription type "Subscription"/],
    ['subscription { changed { ... @defer { id } } }', /not supported on subscription/],
    ['subscription ($d: Boolean!) { changed { ... @defer(if: $d) { id } } }', /not supported on/],
    [
      'subscription { changed { ...F } } fragment F on Thing { ... @defer { id } }',
      /not supported/,
    ],
  ])('refuse %s', (text, message) => {
    expect(problemsOf(text)).toContainEqual(expect.stringMatching(message));
  });
});
