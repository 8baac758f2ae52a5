import { describe, expect, it } from '@jest/globals';
import { Federation, planners } from '../support/federation.ts';

type Entity = Readonly<Record<string, unknown>>;

const shop = new Federation({
  catalog: {
    schema: 'type Query { product: Product } type Product @key(fields: "id") { id: ID! }',
    resolvers: { Query: { product: () => ({ id: '1' }) } },
  },
  weights: {
    schema: 'type Product @key(fields: "id") { id: ID! weight: Int color: String }',
    resolvers: { Product: { weight: () => 5, color: () => 'red' } },
  },
  shipping: {
    schema: `type Product @key(fields: "id") {
      id: ID! weight: Int @external shipping: String @requires(fields: "weight")
    }`,
    resolvers: {
      Product: {
        __resolveReference: (reference: Entity) => reference,
        shipping: ({ weight }: { weight?: number }) =>
          weight === undefined ? null : `${weight} kg`,
      },
    },
  },
});

const both = [true, false];

describe.each(planners)('federation/@skip and @include (%s planner)', (planner) => {
  const ask = async (query: string, variables = {}): Promise<unknown> =>
    shop.ask(query, { planner, variables });

  it.each(both)(
    'excludes a required field without nulling the field that requires it (%s)',
    async (v) => {
      expect(
        await ask('query ($v: Boolean!) { product { weight @include(if: $v) shipping } }', { v }),
      ).toEqual({
        data: { product: { ...(v && { weight: 5 }), shipping: '5 kg' } },
      });
      expect(
        await ask('query ($v: Boolean!) { product { shipping weight @skip(if: $v) } }', { v }),
      ).toEqual({
        data: { product: { shipping: '5 kg', ...(!v && { weight: 5 }) } },
      });
    },
  );

  it.each(both)('excludes the same field only where requested (%s)', async (v) => {
    const query = `query ($v: Boolean!) {
      product @include(if: $v) { weight }
      product { ... @include(if: $v) { color } shipping }
    }`;
    const all = '{"weight":5,"color":"red","shipping":"5 kg"}';
    expect(JSON.stringify(await ask(query, { v }))).toBe(
      `{"data":{"product":${v ? all : '{"shipping":"5 kg"}'}}}`,
    );
  });

  it('answers an object without any selections left, and an operation without any', async () => {
    const query = 'query ($v: Boolean = false) { product { weight @include(if: $v) } }';
    expect(await ask(query)).toEqual({ data: { product: {} } });
    shop.calls.length = 0;
    expect(await ask('{ product @skip(if: true) { weight } }')).toEqual({ data: {} });
    expect(shop.calls).toEqual([]);
  });

  it.each([
    'product { id weight @skip(if: $v) }',
    'product { id weight @include(if: $v) }',
    'product { id } ... @skip(if: $v) { product { weight } }',
    'product { ...P } } fragment P on Product { id ...W @include(if: $v) } fragment W on Product { weight',
  ])('refuses null for a condition, without calling a subgraph: %s', async (selections) => {
    shop.calls.length = 0;
    const query = `query ($v: Boolean = true) { ${selections} }`;
    expect(await ask(query, { v: null })).toMatchObject({
      errors: [{ message: 'Argument "if" of non-null type "Boolean!" must not be null.' }],
    });
    expect(shop.calls).toEqual([]);
    expect(await ask(query)).toMatchObject({ data: { product: { id: '1' } } });
  });

  it('accepts null for a variable that no condition of the operation uses', async () => {
    const query =
      'query A($v: Boolean = true) { product { id } ...F @skip(if: false) } fragment F on Query { __typename @include(if: $v) }';
    const other =
      'query B($v: Boolean = true, $w: Boolean = true) { product { id @include(if: $w) } }';
    expect(await ask(query, { v: null })).toHaveProperty('errors');
    expect(await ask(other, { v: null })).toEqual({ data: { product: { id: '1' } } });
  });

  it('does not request excluded fields from a subgraph', async () => {
    shop.calls.length = 0;
    await ask('query ($v: Boolean!) { product { id color @include(if: $v) } }', { v: false });
    expect(shop.calls.map(({ subgraph }) => subgraph)).toEqual(['catalog']);
  });

  it('answers operations with more combinations of conditions than cached plans', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const query = `query (${names.map((name) => `$${name}: Boolean!`).join(' ')}) {
      product @include(if: $a) {
        w: weight @include(if: $b) c: color @skip(if: $c)
        shipping @include(if: $d) ... @skip(if: $e) { weight } color @include(if: $f)
      }
    }`;
    for (let bits = 0; bits < 2 ** names.length; bits += 1) {
      const variables = Object.fromEntries(
        names.map((name, at) => [name, (bits & (1 << at)) !== 0]),
      );
      const { a, b, c, d, e, f } = variables;
      const product = {
        ...(b === true && { w: 5 }),
        ...(c === false && { c: 'red' }),
        ...(d === true && { shipping: '5 kg' }),
        ...(e === false && { weight: 5 }),
        ...(f === true && { color: 'red' }),
      };
      expect(await ask(query, variables)).toEqual({ data: a === true ? { product } : {} });
    }
  });
});
