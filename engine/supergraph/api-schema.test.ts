import { Supergraph as ApolloSupergraph } from '@apollo/federation-internals';
import { describe, expect, it } from '@jest/globals';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { compose } from '../../test/support/federation.ts';
import { readSupergraph } from './supergraph.ts';

const supergraphSdl = compose({
  a: `
    directive @shown(level: Int = 1) on FIELD
    type Query { node(id: ID! = "1" @inaccessible, kind: Kind = A): Node secret: Secret @inaccessible all: [Any] old: Int @deprecated(reason: "No.") }
    interface Node { id: ID! }
    interface Hidden @inaccessible { id: ID! }
    "A thing."
    type Thing implements Node & Hidden @key(fields: "id") @tag(name: "t") { id: ID! "Its size." size(in: Unit = { name: "cm" }): Int mine: Int @inaccessible @authenticated }
    type Secret @inaccessible { word: String }
    union Any = Thing | Secret
    enum Kind { A B @inaccessible C @deprecated }
    input Unit { name: String = "m" factor: Float @inaccessible }
    scalar Url @specifiedBy(url: "https://url.spec.whatwg.org")
    type Link @shareable { url: Url }
  `,
  b: `
    directive @shown(level: Int = 1) on FIELD
    type Mutation { go: Thing }
    type Thing @key(fields: "id") { id: ID! cost: Int @cost(weight: 5) links: [Link!] @listSize(assumedSize: 3) }
    type Link @shareable { url: Url }
    scalar Url @specifiedBy(url: "https://url.spec.whatwg.org")
  `,
});

describe('planning/api schema', () => {
  it('equals the one that Apollo builds from the same supergraph', () => {
    const apollo = ApolloSupergraph.build(supergraphSdl, { supportedFeatures: null });
    const api = apollo.apiSchema().toGraphQLJSSchema({ includeDefer: true });
    const expected = printSchema(lexicographicSortSchema(api));
    expect(printSchema(lexicographicSortSchema(readSupergraph(supergraphSdl).apiSchema))).toBe(
      expected,
    );
  });

  it('hides elements when @inaccessible is imported under another name', () => {
    const renamed = supergraphSdl
      .replaceAll('@inaccessible', '@concealed')
      .replace('inaccessible/v0.2"', 'inaccessible/v0.2", as: "concealed"');
    const { apiSchema } = readSupergraph(renamed);
    expect(apiSchema.getType('Secret')).toBeUndefined();
    expect(Object.keys(apiSchema.getQueryType()?.getFields() ?? {})).toEqual([
      'node',
      'all',
      'old',
    ]);
  });
});

describe('planning/supergraph', () => {
  it('reads subgraphs and labels', () => {
    const { subgraphs, overrideLabels } = readSupergraph(supergraphSdl);
    expect(subgraphs).toEqual([
      { name: 'a', url: 'http://a.test/graphql' },
      { name: 'b', url: 'http://b.test/graphql' },
    ]);
    expect(overrideLabels).toEqual([]);
  });

  it.each([
    ['text that is not a schema', 'type {', /Syntax Error/],
    [
      'a schema that is not a supergraph',
      'type Query { a: Int }',
      /does not link https:\/\/specs.apollo.dev\/join/,
    ],
    [
      'a supergraph that lost a type',
      supergraphSdl.replace('type Link', 'type Lost'),
      /cannot be loaded/,
    ],
  ])('rejects %s', (_name, sdl, expected) => {
    expect(() => readSupergraph(sdl)).toThrow(expected);
  });
});
