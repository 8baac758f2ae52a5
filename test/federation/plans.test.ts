import { describe, expect, it } from '@jest/globals';
import { parse, validate } from 'graphql';
import { Federation, type TestSubgraphs } from '../support/federation.ts';

type Entity = Readonly<Record<string, unknown>>;

const itself = { __resolveReference: (reference: Entity) => reference };

function federation(subgraphs: TestSubgraphs): Federation {
  return new Federation(subgraphs);
}

/** Returns the response, after checking that each subgraph received valid requests. */
async function answerOf(
  from: Federation,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<unknown> {
  from.calls.length = 0;
  const answer = await from.ask(query, { variables });
  for (const { subgraph, query: text } of from.calls) {
    const schema = from.schemas.get(subgraph);
    expect(schema && validate(schema, parse(text))).toEqual([]);
  }
  return answer;
}

describe('federation/plans', () => {
  it('reaches a subgraph with several keys by the known one, with the requirements of its field', async () => {
    const shop = federation({
      products: {
        schema:
          'type Query { product(id: ID!): Product } type Product @key(fields: "id") { id: ID! weight: Int }',
        resolvers: {
          Query: { product: (_: unknown, { id }: Entity) => ({ id, weight: 5 }) },
        },
      },
      shipping: {
        schema: `type Product @key(fields: "id") @key(fields: "sku") {
          id: ID! sku: String! weight: Int @external shippingEstimate: Int @requires(fields: "weight")
        }`,
        resolvers: {
          Product: {
            ...itself,
            sku: () => 's',
            shippingEstimate: ({ weight }: Entity) => Number(weight) * 2,
          },
        },
      },
    });
    expect(await answerOf(shop, '{ product(id: "1") { shippingEstimate sku } }')).toEqual({
      data: { product: { shippingEstimate: 10, sku: 's' } },
    });
    expect(shop.calls.map(({ subgraph }) => subgraph)).toEqual(['products', 'shipping']);
  });

  it('uses @provides only for the objects directly below the field', async () => {
    const nested = federation({
      a: {
        schema: `
          type Query { q: E @provides(fields: "f { g }") }
          type E @key(fields: "id") { id: ID! f: E @external g: Int @external }
        `,
        resolvers: {
          Query: { q: () => ({ id: '1', f: { id: '2', g: 2 } }) },
          E: { f: ({ f }: Entity) => f },
        },
      },
      b: {
        schema: 'type E @key(fields: "id") { id: ID! f: E @shareable g: Int @shareable }',
        resolvers: {
          E: {
            ...itself,
            f: ({ id }: Entity) => ({ id: String(Number(id) + 1) }),
            g: ({ id }: Entity) => Number(id),
          },
        },
      },
    });
    expect(await answerOf(nested, '{ q { f { g f { g } } } }')).toEqual({
      data: { q: { f: { g: 2, f: { g: 3 } } } },
    });
  });

  it('selects something of each object that it asks for', async () => {
    const shared = federation({
      s1: {
        schema:
          'type E @key(fields: "id") { id: ID! f: [E!] @shareable r: Int @requires(fields: "a") a: Int @external }',
        resolvers: {
          E: { ...itself, f: () => [{ id: '2' }], r: ({ a }: Entity) => Number(a) * 10 },
        },
      },
      s2: {
        schema:
          'type Query { q: E } type E @key(fields: "id") { id: ID! a: Int f: [E!] @shareable g: Int }',
        resolvers: {
          Query: { q: () => ({ id: '1' }) },
          E: { ...itself, a: ({ id }: Entity) => Number(id), f: () => [{ id: '2' }], g: () => 7 },
        },
      },
    });
    expect(await answerOf(shared, '{ q { f { r g } r } }')).toEqual({
      data: { q: { f: [{ r: 20, g: 7 }], r: 10 } },
    });
  });

  it('declares the variables that a fetch uses, and no others', async () => {
    const unions = federation({
      a: {
        schema:
          'interface I @key(fields: "id") { id: ID! c: Int } type A implements I @key(fields: "id") { id: ID! c: Int @shareable }',
        resolvers: { A: { ...itself, c: () => 1 }, I: { __resolveType: () => 'A' } },
      },
      b: {
        schema: 'type I @interfaceObject @key(fields: "id") { id: ID! x: Int }',
        resolvers: { I: { ...itself, x: () => 3 } },
      },
      c: {
        schema: `
          type Query { i: I }
          interface I { id: ID! c: Int }
          type A implements I @key(fields: "id") { id: ID! c: Int @shareable }
          type B { id: ID! f(s: String): Int }
          union U = A | B
        `,
        resolvers: { Query: { i: () => ({ __typename: 'A', id: '1', c: 1 }) } },
      },
    });
    const query = 'query ($s: String) { i { ... on U { ... on B { f(s: $s) } ... on A { c } } } }';
    expect(await answerOf(unions, query, { s: 'x' })).toEqual({ data: { i: { c: 1 } } });
    expect(await answerOf(unions, '{ i { x } }')).toEqual({ data: { i: { x: 3 } } });
  });

  it('answers type-independent fields of an interface object whose interface no type implements', async () => {
    const empty = federation({
      a: {
        schema: 'interface I @key(fields: "id") { id: ID! } type Query { a: Int }',
        resolvers: {},
      },
      b: {
        schema: 'type Query { b: I } type I @interfaceObject @key(fields: "id") { id: ID! n: Int }',
        resolvers: { Query: { b: () => ({ id: '1', n: 2 }) }, I: itself },
      },
    });
    expect(await answerOf(empty, '{ b { id n } }')).toEqual({ data: { b: { id: '1', n: 2 } } });
  });

  it('reports the error of a required field, next to a field of the same name of another type', async () => {
    const catalogue = federation({
      cat: {
        schema: `
          type Query { items: [I] }
          interface I { id: ID! }
          type A implements I @key(fields: "id") { id: ID! price: Int }
          type B implements I @key(fields: "id") { id: ID! price: Int }
        `,
        resolvers: {
          Query: {
            items: () => [
              { __typename: 'A', id: '1' },
              { __typename: 'B', id: '2' },
            ],
          },
          A: {
            ...itself,
            price: () => {
              throw new Error('No price.');
            },
          },
          B: { ...itself, price: () => 7 },
        },
      },
      tax: {
        schema:
          'type A @key(fields: "id") { id: ID! price: Int @external tax: Int @requires(fields: "price") }',
        resolvers: { A: { ...itself, tax: ({ price }: Entity) => price } },
      },
    });
    const answer = await catalogue.ask('{ items { ... on A { tax } ... on B { price } } }');
    expect(answer.data).toEqual({ items: [{ tax: null }, { price: 7 }] });
    expect(answer.errors?.map(({ message, path }) => ({ message, path }))).toEqual([
      { message: 'No price.', path: ['items', 0] },
    ]);
  });

  it('fetches the fields of an interface object for all types, whatever a field of one of them requires', async () => {
    const library = federation({
      media: {
        schema: `
          type Query { media: [Media] }
          interface Media @key(fields: "id") { id: ID! size: Int }
          type Book implements Media @key(fields: "id") { id: ID! size: Int }
          type Film implements Media @key(fields: "id") { id: ID! size: Int }
        `,
        resolvers: {
          Query: {
            media: () => [
              { __typename: 'Book', id: '1', size: 3 },
              { __typename: 'Film', id: '2', size: 4 },
            ],
          },
        },
      },
      shop: {
        schema: `type Media @interfaceObject @key(fields: "id") {
          id: ID! size: Int @external price: Int @requires(fields: "size") stock: Int
        }`,
        resolvers: {
          Media: { ...itself, price: ({ size }: { size: number }) => size * 2, stock: () => 5 },
        },
      },
    });
    expect(await answerOf(library, '{ media { stock ... on Book { price } } }')).toEqual({
      data: { media: [{ stock: 5, price: 6 }, { stock: 5 }] },
    });
  });
});

describe('federation/plans of mutations', () => {
  const log: string[] = [];
  let state = 0;
  const writes = federation({
    a: {
      schema: `
        type Query { a: Int }
        type Mutation { touch: E first: Int second: Int }
        type E @key(fields: "id") { id: ID! }
      `,
      resolvers: {
        Mutation: {
          touch: () => ({ id: '1' }),
          first: () => log.push('first'),
          second: () => log.push('second'),
        },
      },
    },
    b: {
      schema: 'type Mutation { bump: Int } type E @key(fields: "id") { id: ID! state: Int }',
      resolvers: { Mutation: { bump: () => (state += 1) }, E: { ...itself, state: () => state } },
    },
  });

  it('completes a field, including the parts from other subgraphs, before the next one starts', async () => {
    state = 0;
    expect(
      await answerOf(writes, 'mutation { touch { state } bump again: touch { state } }'),
    ).toEqual({
      data: { touch: { state: 0 }, bump: 1, again: { state: 1 } },
    });
  });

  it('does so when one subgraph has both fields', async () => {
    state = 0;
    const query = 'mutation { one: touch { state } first two: touch { id } second }';
    expect(await answerOf(writes, query)).toEqual({
      data: { one: { state: 0 }, first: 1, two: { id: '1' }, second: 2 },
    });
    expect(writes.calls.map(({ subgraph }) => subgraph)).toEqual(['a', 'b', 'a']);
  });
});
