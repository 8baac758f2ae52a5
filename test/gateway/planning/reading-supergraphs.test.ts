import { Supergraph as ApolloSupergraph } from '@apollo/federation-internals';
import { describe, expect, it } from '@jest/globals';
import { type GraphQLSchema, lexicographicSortSchema, print, printSchema } from 'graphql';
import { readSupergraph } from '../../../engine/supergraph/supergraph.ts';
import { federation1Sdl } from '../../oracles/supergraphs/federation-1.ts';
import { bigSupergraph } from '../../support/big-supergraph.ts';
import { compose } from '../../support/federation.ts';

const plain = compose({
  a: `
    type Query { a(after: ID, of: Float, in: Filter, data: Json): Thing }
    union Thing = A | B
    type A @key(fields: "id") { id: ID! kind: Kind }
    type B @shareable { kind: Kind }
    enum Kind { ONE TWO }
    input Filter { all: [Filter] }
    scalar Json
  `,
  b: `
    type Query { things: [Thing] own: Own }
    union Thing = A
    union Own = B
    type A @key(fields: "id") { id: ID! price: Int }
    type B @shareable { kind: Kind }
    enum Kind { ONE TWO }
  `,
});
/** A value in deeply nested lists. */
const deep = `${'{all: ['.repeat(60)}${']}'.repeat(60)}`;

describe('planning/supergraph of Federation 1', () => {
  it('has the same API schema as in Apollo', () => {
    expect(textOf(readSupergraph(federation1Sdl).apiSchema)).toBe(apollosApiSchema(federation1Sdl));
  });

  it('has the same location of everything as in Apollo', () => {
    const { document, subgraphs } = readSupergraph(federation1Sdl);
    expect(subgraphs.map(({ name }) => name)).toEqual([
      'accounts',
      'inventory',
      'products',
      'reviews',
    ]);
    expect(apollosSubgraphs(print(document))).toEqual(apollosSubgraphs(federation1Sdl));
  });
});

describe('planning/supergraph of join v0.2', () => {
  it('has the same subgraphs of members and values as in Apollo', () => {
    const old = plain
      .replace('join/v0.5', 'join/v0.2')
      .replaceAll(
        /^directive @join__.*$/gm,
        (line) => olderDirectives.get(line.split('(')[0] ?? '') ?? '',
      )
      .replaceAll(/@join__(unionMember|enumValue)\([^)]*\)/g, '')
      .replaceAll(/^(scalar|input) join__(?!FieldSet)\w+(\s*\{[^}]*\})?$/gm, '');
    const { document, apiSchema } = readSupergraph(old);
    expect(textOf(apiSchema)).toBe(apollosApiSchema(old));
    expect(apollosSubgraphs(print(document))).toEqual(apollosSubgraphs(old));
  });
});

describe('planning/supergraph', () => {
  it('reads hundreds of types of many subgraphs like Apollo', () => {
    const sdl = compose(bigSupergraph({ subgraphs: 9, entitiesEach: 10 }));
    expect(textOf(readSupergraph(sdl).apiSchema)).toBe(apollosApiSchema(sdl));
  });

  it.each([
    ['a description on the schema', plain.replace('schema\n', '"""\nAll of it.\n"""\nschema\n')],
    ['a number of twenty digits', plain.replace('of: Float', 'of: Float = 12345678901234567890')],
    [
      'a fraction of twenty digits',
      plain.replace('of: Float', 'of: Float = 0.12345678901234567890'),
    ],
    ['a default sixty levels deep', plain.replace('in: Filter', `in: Filter = ${deep}`)],
    [
      'a blank that is no indentation',
      plain.replace('scalar Json', '"""\n - one\n\u00a0- two\n"""\nscalar Json'),
    ],
  ])('with %s has the same API schema as in Apollo', (_name, sdl) => {
    expect(sdl).not.toBe(plain);
    expect(textOf(readSupergraph(sdl).apiSchema)).toBe(apollosApiSchema(sdl));
  });

  it('keeps all digits of an ID, unlike Apollo', () => {
    const sdl = plain.replace('after: ID', 'after: ID = 12345678901234567890');
    expect(textOf(readSupergraph(sdl).apiSchema)).toContain('after: ID = 12345678901234567890');
    expect(apollosApiSchema(sdl)).toContain('after: ID = 12345678901234567000');
  });

  it('reads a default of a custom scalar that is sixty levels deep', () => {
    const sdl = plain.replace('data: Json', `data: Json = ${deep}`);
    const { args } = readSupergraph(sdl).apiSchema.getQueryType()?.getFields().a ?? {};
    const value = args?.find(({ name }) => name === 'data')?.defaultValue;
    expect(JSON.stringify(value).match(/all/g)).toHaveLength(60);
  });

  const strange: readonly (readonly [link: string, message: RegExp])[] = [
    [
      'https://specs.apollo.dev/hidden/v0.1", for: SECURITY',
      /uses hidden v0.1, needed for SECURITY, which/,
    ],
    [
      'https://specs.apollo.dev/connect/v0.2", for: EXECUTION',
      /uses connect v0.2, needed for EXECUTION/,
    ],
    [
      'https://specs.apollo.dev/policy/v0.7", for: SECURITY',
      /uses policy v0.7, needed for SECURITY/,
    ],
    ['https://example.com/policy/v0.1", for: SECURITY', /uses https:\/\/example.com\/policy v0.1/],
    [
      'https://example.com/secret", for: EXECUTION',
      /uses https:\/\/example.com\/secret, needed for/,
    ],
    ['https://specs.apollo.dev/cost/v0.9', /uses cost v0.9, which this gateway does not support/],
  ];

  it.each(strange)('refuses a link to %s, as Apollo does', (link, message) => {
    const sdl = plain.replace(
      'schema\n',
      `schema\n  @link(url: "${link.replace(/^([^"]*)$/, '$1"')})\n`,
    );
    expect(() => readSupergraph(sdl)).toThrow(message);
    expect(() => ApolloSupergraph.build(sdl).subgraphs()).toThrow();
  });

  it('refuses a version of join that it does not know, as Apollo does', () => {
    const sdl = plain.replace('join/v0.5', 'join/v0.9');
    expect(() => readSupergraph(sdl)).toThrow(/uses join v0.9, needed for EXECUTION, which/);
    expect(() => ApolloSupergraph.build(sdl)).toThrow();
  });

  it('loads a supergraph with an optional unknown specification', () => {
    const sdl = plain.replace(
      'schema\n',
      'schema\n  @link(url: "https://example.com/notes/v3.0")\n',
    );
    expect(textOf(readSupergraph(sdl).apiSchema)).toBe(textOf(readSupergraph(plain).apiSchema));
  });

  it('does not hide elements because of another specification of the same name', () => {
    const sdl = plain
      .replace('schema\n', 'schema\n  @link(url: "https://example.com/inaccessible/v0.2")\n')
      .replace('type A\n', 'type A @inaccessible\n');
    expect(readSupergraph(sdl).apiSchema.getType('A')).toBeDefined();
  });
});

/** The directives of join that v0.2 defines differently. */
const olderDirectives: ReadonlyMap<string, string> = new Map([
  ['directive @join__graph', 'directive @join__graph(name: String!, url: String!) on ENUM_VALUE'],
  [
    'directive @join__type',
    'directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR',
  ],
  [
    'directive @join__field',
    'directive @join__field(graph: join__Graph!, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, usedOverridden: Boolean) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION',
  ],
  [
    'directive @join__implements',
    'directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE',
  ],
]);

/** The API schema according to Apollo. */
function apollosApiSchema(sdl: string): string {
  const supergraph = ApolloSupergraph.build(sdl, { supportedFeatures: null });
  return textOf(supergraph.apiSchema().toGraphQLJSSchema({ includeDefer: true }));
}

/** The content of each subgraph according to Apollo. */
function apollosSubgraphs(sdl: string): Readonly<Record<string, string>> {
  const subgraphs = ApolloSupergraph.build(sdl, { supportedFeatures: null }).subgraphs();
  return Object.fromEntries(
    [...subgraphs.values()].map(({ name, schema }) => [
      name,
      textOf(schema.toGraphQLJSSchema({ includeDefer: false })),
    ]),
  );
}

function textOf(schema: GraphQLSchema): string {
  return printSchema(lexicographicSortSchema(schema));
}
