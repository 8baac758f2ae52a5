import { describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { featuresOf } from '../supergraph/features.ts';
import { printClause } from './clause.ts';
import { createRequirementIndex, type RequirementIndex } from './requirement-index.ts';

describe('access/requirement-index', () => {
  it('reads fields and types, without duplicate clauses', () => {
    const index = read(`
      type Query { book: Book @authenticated @policy(policies: [["b", "a"], ["a"]]) }
      type Book @requiresScopes(scopes: [["x"], ["x", "y"]]) { id: ID }
    `);
    expect(ofField(index, 'Query', 'book')).toEqual([
      '@authenticated',
      '@policy(policies: [["a"]])',
    ]);
    expect(index.ofType('Book').map(printClause)).toEqual(['@requiresScopes(scopes: [["x"]])']);
    expect(ofField(index, 'Book', 'id')).toEqual([]);
  });

  it('threat 35: combines repeated directives with AND', () => {
    const index = read(`
      type Query { book: ID @requiresScopes(scopes: [["a"]]) @requiresScopes(scopes: [["b"]]) }
    `);
    expect(ofField(index, 'Query', 'book')).toEqual([
      '@requiresScopes(scopes: [["a"]])',
      '@requiresScopes(scopes: [["b"]])',
    ]);
  });

  it('threat 35: knows the directives by the names they have in the supergraph, and by no other', () => {
    const index = read(
      'type Query { a: ID @auth, b: ID @authenticated, c: ID @access__policy(policies: ["p"]) }',
      `extend schema
        @link(url: "https://specs.apollo.dev/authenticated/v0.1", as: "auth")
        @link(url: "https://specs.apollo.dev/policy/v0.1", as: "access__policy")`,
    );
    expect(ofField(index, 'Query', 'a')).toEqual(['@authenticated']);
    expect(ofField(index, 'Query', 'b')).toEqual([]);
    expect(ofField(index, 'Query', 'c')).toEqual(['@policy(policies: [["p"]])']);
  });

  it('threat 35: reads a directive that composition has kept wrapped', () => {
    const index = read(`
      type Query {
        a: ID @join__directive(graphs: [A], name: "federation__authenticated")
        b: ID @join__directive(graphs: [A], name: "requiresScopes", args: { scopes: [["s"]] })
        c: ID @join__directive(graphs: [A], name: "connect", args: { scopes: [["s"]] })
      }
    `);
    expect(ofField(index, 'Query', 'a')).toEqual(['@authenticated']);
    expect(ofField(index, 'Query', 'b')).toEqual(['@requiresScopes(scopes: [["s"]])']);
    expect(ofField(index, 'Query', 'c')).toEqual([]);
  });

  it('requires nothing for a directive without alternatives', () => {
    const index = read('type Query { a: ID @requiresScopes(scopes: []) }');
    expect(index.isEmpty).toBe(true);
  });

  it('threat 33: applies to object types what only their interface states (GHSA-mx7m-j9xf-62hw)', () => {
    const index = read(`
      type Query { item: Item }
      interface Item @policy(policies: [["p"]]) { id: ID @authenticated }
      type Novel implements Item { id: ID }
      type Diary implements Item { id: ID @requiresScopes(scopes: [["s"]]) }
    `);
    expect(ofField(index, 'Novel', 'id')).toEqual(['@authenticated']);
    expect(ofField(index, 'Diary', 'id')).toEqual([
      '@requiresScopes(scopes: [["s"]])',
      '@authenticated',
    ]);
    expect(index.ofType('Novel').map(printClause)).toEqual(['@policy(policies: [["p"]])']);
  });

  it('threat 33: adds nothing to object types when composition wrote their requirements on the interface', () => {
    const index = read(`
      type Query { item: Item }
      interface Item @authenticated { id: ID @requiresScopes(scopes: [["a", "b"], ["a", "c"]]) }
      type Novel implements Item { id: ID @requiresScopes(scopes: [["a"]]) }
      type Diary implements Item @authenticated { id: ID @requiresScopes(scopes: [["b"], ["c"]]) }
    `);
    expect(index.ofType('Novel')).toEqual([]);
    expect(ofField(index, 'Novel', 'id')).toEqual(['@requiresScopes(scopes: [["a"]])']);
    expect(ofField(index, 'Diary', 'id')).toEqual(['@requiresScopes(scopes: [["b"], ["c"]])']);
  });

  it('threat 34: adds the requirements of @requires inputs to a field, transitively (GHSA-m8jr-fxqx-8xx6)', () => {
    const index = read(`
      type Query { book: Book }
      type Book {
        id: ID
        price: Int @authenticated
        maker: Maker
        tax: Int @join__field(graph: A, requires: "price maker { name ... on Maker { code } }")
        total: Int @join__field(graph: A, requires: "tax")
        size: Int @join__field(graph: A, requires: "id")
      }
      type Maker { name: String @requiresScopes(scopes: [["s"]]) code: Code }
      scalar Code @policy(policies: [["p"]])
    `);
    const all = [
      '@authenticated',
      '@requiresScopes(scopes: [["s"]])',
      '@policy(policies: [["p"]])',
    ];
    expect(ofField(index, 'Book', 'tax')).toEqual(all);
    expect(ofField(index, 'Book', 'total')).toEqual(all);
    expect(ofField(index, 'Book', 'size')).toEqual([]);
  });

  it('threat 34: treats an input on an interface as one on each object type', () => {
    const index = read(`
      type Query { book: Book }
      type Book { item: Item, label: String @join__field(graph: A, requires: "item { name }") }
      interface Item { name: String }
      type Novel implements Item { name: String }
      type Diary implements Item @authenticated { name: String @policy(policies: [["p"]]) }
    `);
    expect(ofField(index, 'Book', 'label')).toEqual([
      '@authenticated',
      '@policy(policies: [["p"]])',
    ]);
  });

  it('threat 34: adds the requirements of @fromContext inputs to a field', () => {
    const index = read(`
      type Query { shop: Shop }
      type Shop @context(name: "a__shop") { currency: String @authenticated, item: Item }
      type Item {
        price: String @join__field(graph: A, contextArguments: [
          { context: "a__shop", name: "currency", type: "String", selection: " { currency }" }
        ])
      }
    `);
    expect(ofField(index, 'Item', 'price')).toEqual(['@authenticated']);
  });
});

const links = `extend schema
  @link(url: "https://specs.apollo.dev/authenticated/v0.1")
  @link(url: "https://specs.apollo.dev/requiresScopes/v0.1")
  @link(url: "https://specs.apollo.dev/policy/v0.1")
`;

function read(sdl: string, head = links): RequirementIndex {
  const document = parse(head + sdl);
  return createRequirementIndex({ document, features: featuresOf(document) });
}

function ofField(index: RequirementIndex, type: string, field: string): readonly string[] {
  return index.ofField(type, field).map(printClause);
}
