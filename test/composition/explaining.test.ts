import { describe, expect, it } from '@jest/globals';
import { composeSchemas, link, problemsIn, type Schemas, shortPlace } from './composed-folder.ts';

/** What a person is told: the cause, once, where it is, by the shortest example. */
describe('composition: explaining', () => {
  it('tells of an unknown version of Federation alone, not of all that it would import', async () => {
    const [problem, ...others] = problemsIn(
      await composeSchemas({
        a: `${link.replace('v2.9', 'v2.99')}
          type Query { a: A } type A @key(fields: "id") { id: ID! @tag(name: "x") x: Int @shareable }`,
        b: `${link} type B { b: Nothing }`,
      }),
    );
    expect(problem).toMatchObject({ code: 'UNKNOWN_FEDERATION_LINK_VERSION' });
    expect(problem?.message).toContain('v2.99');
    expect(problem?.places.map(shortPlace)).toEqual(['a.graphql:1:15']);
    expect(others.map(({ message }) => message)).toEqual(['[b] Unknown type Nothing']);
  });

  it.each([
    ['type A { x: Int }\ntype A { y: Int }', ['3:6', '4:6']],
    ['enum A { X }\nscalar A', ['3:6', '4:8']],
    ['input A { x: Int\n x: Int }', ['3:11', '4:2']],
    ['type A { x: Int }\nextend type A { x: Int }', ['3:10', '4:17']],
    ['type A { x(a: Int,\n a: Int): Int }', ['3:12', '4:2']],
    ['enum A { X\n X }', ['3:10', '4:2']],
    ['directive @a on FIELD\ndirective @a on FIELD', ['3:12', '4:12']],
    ['schema { query: Query }\nschema { mutation: Query }', ['4:1']],
  ])('places what is defined twice in %j at both definitions', async (sdl, places) => {
    const [problem, ...others] = problemsIn(
      await composeSchemas({ a: `${link}\ntype Query { a: Int }\n${sdl}` }),
    );
    expect(problem?.code).toBe('INVALID_GRAPHQL');
    expect(problem?.places.map(shortPlace)).toEqual(places.map((place) => `a.graphql:${place}`));
    expect(others).toEqual([]);
  });

  it('shows a field out of reach by the shortest query, though a mutation finds it first', async () => {
    const steps = ['A', 'B', 'C', 'D', 'E', 'F'];
    const chain = steps.map((type, at) => `type ${type} { next: ${steps[at + 1] ?? 'Product'} }`);
    const problems = problemsIn(
      await composeSchemas({
        a: `${link} type Query { far: A near: Near } type Near { product: Product } type Mutation { change: A }
          ${chain.join(' ')} type Product @key(fields: "id") { id: ID! }`,
        b: `${link} type Product @key(fields: "sku") { sku: ID! @inaccessible stock: Int }`,
      }),
    );
    expect(problems.map(({ code, places }) => [code, ...places.map(shortPlace)])).toEqual([
      ['SATISFIABILITY_ERROR', expect.stringMatching(/^b\.graphql:1:/)],
    ]);
    expect(problems[0]?.message).toContain(
      '{\n  near {\n    product {\n      stock\n    }\n  }\n}',
    );
    expect(problems[0]?.message).toContain('cannot find field "Product.stock"');
  });

  it('shows a field that only a mutation leads to by that mutation', async () => {
    const problems = problemsIn(
      await composeSchemas({
        a: `${link} type Query { a: Int } type Mutation { make: Product } type Product @key(fields: "id") { id: ID! }`,
        b: `${link} type Product @key(fields: "sku") { sku: ID! @inaccessible stock: Int }`,
      }),
    );
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('mutation {\n  make {\n    stock\n  }\n}'),
    ]);
  });

  it('tells each field out of reach once, however many ways lead to it', async () => {
    const roots = Array.from({ length: 30 }, (_, n) => `type T${n} { p: Product }`);
    const fields = roots.map((_, n) => `t${n}: T${n}`);
    const problems = problemsIn(
      await composeSchemas({
        a: `${link} type Query { ${fields.join(' ')} } ${roots.join(' ')} type Product @key(fields: "id") { id: ID! }`,
        b: `${link} type Product @key(fields: "sku") { sku: ID! @inaccessible stock: Int }`,
      }),
    );
    expect(problems).toHaveLength(1);
  });

  const withKey = `${link} type Query { p: P } type P @key(fields: "id") { id: ID! name: String }`;
  it.each<[string, Schemas]>([
    ['a type', { a: withKey, b: `${link}\ntype P { id: ID! stock: Int }` }],
    ['an extension', { a: withKey, b: `${link}\nextend type P { id: ID! stock: Int }` }],
    [
      'a type in two subgraphs, at both',
      { a: withKey, b: `${link}\ntype P { id: ID! stock: Int }`, c: `${link} type P { id: ID! }` },
    ],
  ])('says that a @key is missing of %s, and where', async (_what, schemas) => {
    const problems = problemsIn(await composeSchemas(schemas));
    expect(problems).toHaveLength(1);
    const [problem] = problems;
    expect(problem).toMatchObject({
      code: 'KEY_MISSING',
      fix: expect.stringMatching(/^Add @key\(fields: "id"\) to "P" in "b"/),
    });
    expect(problem?.message).toContain('INVALID_FIELD_SHARING');
    expect(problem?.places[0] && shortPlace(problem.places[0])).toBe('b.graphql:2:1');
  });

  it('does not take every shared field for a missing @key', async () => {
    const problems = problemsIn(
      await composeSchemas({
        a: withKey,
        b: `${link} type P @key(fields: "id") { id: ID! name: String }`,
      }),
    );
    expect(problems.map(({ code }) => code)).toEqual(['INVALID_FIELD_SHARING']);
  });

  it.each([
    'input X @oneOf { a: Int b: String }',
    'directive @oneOf on INPUT_OBJECT\ninput X @oneOf { a: Int b: String }',
    'input X { a: Int b: String }\nextend input X @oneOf',
  ])('says that @oneOf is not kept, rather than to lose it: %j', async (sdl) => {
    const problems = problemsIn(
      await composeSchemas({ a: `${link} type Query { a(x: X): Int }\n${sdl}` }),
    );
    expect(problems.map(({ code }) => code)).toEqual(['ONE_OF_NOT_KEPT']);
    const line = sdl
      .split('\n')
      .findIndex((text) => text.includes('@oneOf {') || text.endsWith('X @oneOf'));
    expect(problems[0]?.places.map(shortPlace)).toEqual([
      expect.stringMatching(new RegExp(`^a\\.graphql:${line + 2}:`)),
    ]);
  });

  it.each([
    'extend schema @link(url: "https://example.com/secret/v1.0", for: SECURITY)',
    'extend schema @link(for: EXECUTION, as: "secret", url: "https://example.com/federation/v2.9")',
    'extend schema @link(url: "https://specs.apollo.dev/secret/v0.1", for: SECURITY)',
  ])(
    'says that a specification that must be understood is not, rather than to lose it: %j',
    async (sdl) => {
      const problems = problemsIn(
        await composeSchemas({ a: `${link}\n${sdl}\ntype Query { a: Int }` }),
      );
      expect(problems.map(({ code }) => code)).toEqual(['REQUIRED_FEATURE_UNKNOWN']);
      expect(problems[0]?.places.map(shortPlace)).toEqual(['a.graphql:2:15']);
      expect(problems[0]?.message).toMatch(/https:\/\/\S+ must be understood \(for: [A-Z]+\)/);
    },
  );

  it('has nothing against a specification that need not be understood, or that is', async () => {
    const links = [
      'url: "https://example.com/note/v1.0"',
      'url: "https://specs.apollo.dev/authenticated/v0.1", for: SECURITY',
    ].map((text) => `extend schema @link(${text})`);
    const composition = await composeSchemas({
      a: `${link}\n${links.join('\n')}\ntype Query { a: Int }`,
    });
    expect(composition).toMatchObject({ ok: true });
  });
});
