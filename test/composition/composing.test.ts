import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { type Composition, composeSupergraph } from '../../composition/compose.ts';
import {
  composedOf,
  composeFiles,
  composeSchemas,
  problemsIn,
  type Schemas,
  shortPlace,
} from './composed-folder.ts';

const link = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires"])`;

describe('composition', () => {
  it('gives the same bytes whatever the order of the subgraphs', async () => {
    const a = `${link} type Query { a: A } type A @key(fields: "id") { id: ID! x: Int }`;
    const b = `${link} type Query { b: Int } type A @key(fields: "id") { id: ID! y: Node } interface Node { id: ID! } type B implements Node { id: ID! }`;
    const c = `${link} union U = C | D type C { c: Int } type D { d: Int } type Query { c: U }`;
    const forth = await composeSchemas({ a, b, c });
    const back = await composeSchemas({ c, b, a });
    expect(composedTexts(back)).toEqual(composedTexts(forth));
  });

  it('lists the possible types of interfaces and unions in order', async () => {
    const composition = composedOf(
      await composeSchemas({
        a: `${link} union Z = D | C type D { d: Int } type C implements I { c: Int } interface I { c: Int } type Query { z: Z }`,
      }),
    );
    expect(JSON.parse(composition.possibleTypes)).toEqual({ I: ['C'], Z: ['C', 'D'] });
    expect(composition.possibleTypes.indexOf('"I"')).toBeLessThan(
      composition.possibleTypes.indexOf('"Z"'),
    );
  });

  it('keeps federation and what is inaccessible out of the API schema', async () => {
    const composition = composedOf(
      await composeSchemas({
        a: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@inaccessible"])
          type Query { open: Int hidden: Int @inaccessible }`,
      }),
    );
    expect(composition.supergraphSdl).toContain('hidden');
    expect(composition.apiSdl).toBe('type Query {\n  open: Int\n}\n');
  });

  it('says when another version of Federation was asked for', async () => {
    const composition = composedOf(
      await composeSchemas({ a: 'type Query { a: Int }' }, 'federation_version: =2.1.0\n'),
    );
    expect(composition.hints.map(({ code }) => code)).toContain('FEDERATION_VERSION_DIFFERS');
  });

  it.each<{ what: string; schemas: Schemas; code: string; places: string[]; fix: RegExp }>([
    {
      what: 'different types of a field, at both places',
      schemas: {
        a: `${link}\ntype Query { a: A }\ntype A @key(fields: "id") { id: ID!\n  x: Int }`,
        b: `${link}\ntype A @key(fields: "id") { id: ID!\n  x: String }`,
      },
      code: 'FIELD_TYPE_MISMATCH',
      places: ['a.graphql:4:3', 'b.graphql:3:3'],
      fix: /same type in all subgraphs/,
    },
    {
      what: 'a field that two subgraphs resolve',
      schemas: {
        a: `${link}\ntype Query { a: A }\ntype A @key(fields: "id") { id: ID! x: Int }`,
        b: `${link}\ntype A @key(fields: "id") { id: ID! x: Int }`,
      },
      code: 'INVALID_FIELD_SHARING',
      places: ['a.graphql:3:37', 'b.graphql:2:37'],
      fix: /@shareable/,
    },
    {
      what: 'a field out of reach, at its definition',
      schemas: {
        a: `${link}\ntype Query { a: A }\ntype A @key(fields: "id") { id: ID! }`,
        b: `${link}\ntype A @key(fields: "sku") {\n  sku: ID!\n}`,
      },
      code: 'SATISFIABILITY_ERROR',
      places: ['b.graphql:3:3'],
      fix: /@key/,
    },
    {
      what: 'an @external field without use',
      schemas: {
        a: `${link}\ntype Query { a: A }\ntype A @key(fields: "id") { id: ID!\n x: Int @external }`,
      },
      code: 'EXTERNAL_UNUSED',
      places: ['a.graphql:4:2'],
      fix: /@requires/,
    },
    {
      what: 'a federation directive that is not imported',
      schemas: { a: `${link}\ntype Query { a: Int\n  @inaccessible }` },
      code: 'INVALID_GRAPHQL',
      places: ['a.graphql:3:3'],
      fix: /import/,
    },
    {
      what: 'an unknown type',
      schemas: { a: `${link}\ntype Query { a: Foo }` },
      code: 'INVALID_GRAPHQL',
      places: ['a.graphql:2:17'],
      fix: /Define the type/,
    },
    {
      what: 'a @key of fields that do not exist',
      schemas: { a: `${link}\ntype Query { a: A }\ntype A @key(fields: "nope") { id: ID }` },
      code: 'KEY_INVALID_FIELDS',
      places: ['a.graphql:3:8', 'a.graphql:3:1'],
      fix: /@key/,
    },
    {
      what: 'a field that stands twice',
      schemas: { a: `${link}\ntype Query {\n  a: Int\n  a: Int\n}` },
      code: 'INVALID_GRAPHQL',
      places: ['a.graphql:3:3', 'a.graphql:4:3'],
      fix: /one definition of the two/,
    },
    {
      what: 'a syntax error',
      schemas: { a: 'type Query {\n  a Int\n}' },
      code: 'INVALID_GRAPHQL',
      places: ['a.graphql:2:5'],
      fix: /Correct the GraphQL/,
    },
    {
      what: 'a supergraph without a query, at the list of subgraphs',
      schemas: { a: `${link}\ntype A @key(fields: "id") { id: ID }` },
      code: 'NO_QUERIES',
      places: ['supergraph.yaml'],
      fix: /type Query/,
    },
  ])('reports $what', async ({ schemas, code, places, fix }) => {
    const [problem] = problemsIn(await composeSchemas(schemas));
    expect(problem).toMatchObject({ code, fix: expect.stringMatching(fix) });
    expect(problem?.places.map(shortPlace)).toEqual(places);
  });

  it('reports the syntax errors of all files at once', async () => {
    const problems = problemsIn(
      await composeSchemas({ a: 'type', b: 'type Query { b: Int }', c: 'enum' }),
    );
    expect(problems.map(({ places }) => places.map(shortPlace))).toEqual([
      ['a.graphql:1:5'],
      ['c.graphql:1:5'],
    ]);
  });

  it.each([
    { what: 'a malformed document', yaml: 'subgraphs: [', code: 'CONFIG_MALFORMED', line: 1 },
    {
      what: 'an invalid version',
      yaml: 'federation_version: 2.14\nsubgraphs:\n  a: { routing_url: "http://x/", schema: { file: a.graphql } }',
      code: 'CONFIG_INVALID',
      line: 1,
    },
    { what: 'no subgraph', yaml: 'subgraphs: {}', code: 'CONFIG_INVALID', line: 1 },
    {
      what: 'an unknown key, with its line',
      yaml: 'subgraphs:\n  a:\n    routing_url: http://x/\n    schema:\n      file: a.graphql\n      fil: b',
      code: 'CONFIG_UNKNOWN_KEY',
      line: 6,
    },
    {
      what: 'a malformed URL, with its line',
      yaml: 'subgraphs:\n  a:\n    routing_url: nowhere\n    schema:\n      file: a.graphql',
      code: 'CONFIG_INVALID',
      line: 3,
    },
    {
      what: 'an invalid name',
      yaml: 'subgraphs:\n  a b:\n    routing_url: http://x/\n    schema:\n      file: a.graphql',
      code: 'CONFIG_INVALID',
      line: 3,
    },
    {
      what: 'a missing key',
      yaml: 'subgraphs:\n  a:\n    schema:\n      file: a.graphql',
      code: 'CONFIG_INVALID',
      line: 3,
    },
  ])('reports in supergraph.yaml: $what', async ({ yaml, code, line }) => {
    const [problem] = problemsIn(await composeFiles({ 'supergraph.yaml': yaml }));
    expect(problem).toMatchObject({ code, places: [{ line }] });
  });

  it('reports a missing list and a missing schema', async () => {
    expect(problemsIn(await composeFiles({}))[0]?.code).toBe('CONFIG_UNREADABLE');
    const yaml = 'subgraphs: { a: { routing_url: "http://x/", schema: { file: ./none.graphql } } }';
    const [problem] = problemsIn(await composeFiles({ 'supergraph.yaml': yaml }));
    expect(problem?.code).toBe('SCHEMA_UNREADABLE');
    expect(problem?.places.map(shortPlace)).toEqual(['none.graphql']);
  });

  it('composes the subgraphs of this project into the committed supergraph', async () => {
    const composition = await composeSupergraph({ configPath: 'supergraph.yaml' });
    if (!composition.ok) throw new Error(JSON.stringify(composition.problems));
    expect(composition.supergraphSdl).toBe(await readFile('supergraph.graphql', 'utf8'));
  });
});

function composedTexts(composition: Composition): readonly string[] {
  const { supergraphSdl, apiSdl, possibleTypes } = composedOf(composition);
  return [supergraphSdl, apiSdl, possibleTypes];
}
