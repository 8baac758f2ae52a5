import { describe, expect, it } from '@jest/globals';
import { Federation, type PlainAnswer } from '../support/federation.ts';

type Entity = Readonly<Record<string, unknown>>;

/** Everything in which ApolloGateway 2.14 is known to violate the specification. */
const shop = new Federation({
  catalog: {
    schema: `
      type Query { product: Product found: [Found] media: [Media!]! }
      type Product @key(fields: "id") { id: ID! name: String author: User }
      type User @key(fields: "id") { id: ID! }
      union Found = Product | Secret
      type Secret @inaccessible { word: String }
      interface Media @key(fields: "id") { id: ID! }
      type Book implements Media @key(fields: "id") { id: ID! pages: Int }
      type Film implements Media @key(fields: "id") { id: ID! minutes: Int }
      union Thing = Book | Film
    `,
    resolvers: {
      Query: {
        product: () => ({ id: '1', name: 'Laptop', author: { id: '7' } }),
        found: () => [{ __typename: 'Secret', word: 'x' }],
        media: () => [medium('b1'), medium('f1')],
      },
      Media: {
        __resolveReference: ({ id }: { id: string }) => medium(id),
        __resolveType: ({ __typename }: Entity) => __typename,
      },
    },
  },
  people: {
    schema: `
      type User @key(fields: "id") { id: ID! name: String friend: User }
      type Robot { name: String }
      union Being = User | Robot
      type Query { being: Being }
    `,
    resolvers: {
      User: {
        name: ({ id }: Entity) => `User ${String(id)}`,
        friend: ({ id }: Entity) => ({ id: `${String(id)}0` }),
      },
    },
  },
  pricing: {
    schema:
      'type Product @key(fields: "id") { id: ID! price(currency: String = "CHF"): Int weight: Int }',
    resolvers: {
      Product: {
        price: (_: Entity, { currency }: Entity) =>
          ({ USD: 100, EUR: 90, CHF: 80 })[String(currency)] ?? 0,
        weight: () => 5,
      },
    },
  },
  shipping: {
    schema: `type Product @key(fields: "id") {
      id: ID!
      price(currency: String = "CHF"): Int @external
      weight: Int @external
      inDollars: String @requires(fields: "price(currency: \\"USD\\")")
      inEuros: String @requires(fields: "price(currency: \\"EUR\\")")
      postage: String @requires(fields: "weight")
    }`,
    resolvers: {
      Product: {
        __resolveReference: (reference: Entity) => reference,
        inDollars: ({ price }: Entity) => `$${String(price)}`,
        inEuros: ({ price }: Entity) => `${String(price)} €`,
        postage: ({ weight }: Entity) => `for ${String(weight)} kg`,
      },
    },
  },
  ratings: {
    schema: `
      type Query { best: Media }
      type Media @interfaceObject @key(fields: "id") { id: ID! stars(of: Int = 5): Int }
    `,
    resolvers: {
      Query: { best: () => ({ id: 'b1' }) },
      Media: { stars: (_: Entity, { of }: Entity) => of },
    },
  },
});

function medium(id: string): Entity {
  return id.startsWith('b')
    ? { __typename: 'Book', id, pages: 300 }
    : { __typename: 'Film', id, minutes: 90 };
}

describe('federation/where ApolloGateway is mistaken', () => {
  const both = async (
    query: string,
    variables: Record<string, unknown> = {},
  ): Promise<{ readonly ours: PlainAnswer; readonly theirs: unknown }> => {
    const theirs: unknown = await shop
      .askApolloGateway(query, variables)
      .catch((error: unknown) => ({ thrown: error instanceof Error ? error.message : error }));
    return { ours: await shop.ask(query, { variables }), theirs };
  };

  it('answers fields in the order of the operation, __typename too (GraphQL §6.3.2)', async () => {
    const { ours, theirs } = await both(
      '{ product { author { ... { name } __typename ... { a: __typename } } } }',
    );
    expect(JSON.stringify(ours.data)).toBe(
      '{"product":{"author":{"name":"User 7","__typename":"User","a":"User"}}}',
    );
    expect(theirs).toEqual(ours);
    expect(JSON.stringify(theirs)).not.toBe(JSON.stringify(ours));
  });

  it('has an error for each null that is not a value, with its position (GraphQL §6.4.4, §7.1.2)', async () => {
    const { ours, theirs } = await both('{ found { __typename } }');
    expect(ours.data).toEqual({ found: [null] });
    expect(ours.errors?.map(({ path }) => path)).toEqual([['found', 0]]);
    expect(theirs).toMatchObject({ data: { found: [null] } });
    expect(theirs).not.toHaveProperty('errors');
  });

  it('accepts any argument, alias and variable of the client, whatever the names of @requires and representations (§6.3.2)', async () => {
    for (const [query, variables, product] of [
      ['{ product { price(currency: "EUR") inDollars } }', {}, { price: 90, inDollars: '$100' }],
      ['{ product { id: name inDollars } }', {}, { id: 'Laptop', inDollars: '$100' }],
      [
        'query ($representations: String) { product { price(currency: $representations) } }',
        { representations: 'EUR' },
        { price: 90 },
      ],
    ] as const) {
      const { ours, theirs } = await both(query, variables);
      expect(ours).toEqual({ data: { product } });
      expect(theirs).not.toEqual(ours);
    }
  });

  it('applies a fragment on a union to an object whose type the client did not request (§6.3.2)', async () => {
    const { ours, theirs } = await both(
      '{ product { author { friend { ... on Being { ... on Robot { name } ... on User { name } } } } } }',
    );
    expect(ours).toEqual({ data: { product: { author: { friend: { name: 'User 70' } } } } });
    expect(theirs).not.toEqual(ours);
  });

  it('excludes a field without nulling another whose requirements are fetched with it (§3.13.2)', async () => {
    const { ours, theirs } = await both(
      'query ($v: Boolean!) { product { inDollars postage @include(if: $v) } }',
      { v: false },
    );
    expect(ours).toEqual({ data: { product: { inDollars: '$100' } } });
    expect(theirs).not.toEqual(ours);
  });

  it('passes each of two fields its own argument for a required third field (Federation, @requires)', async () => {
    const { ours, theirs } = await both('{ product { inDollars inEuros } }');
    expect(ours).toEqual({ data: { product: { inDollars: '$100', inEuros: '90 €' } } });
    expect(theirs).not.toEqual(ours);
  });

  it('distinguishes the arguments of one response key on objects of different types (§5.3.2)', async () => {
    const { ours, theirs } = await both(
      '{ media { ... on Book { stars } ... on Film { stars(of: 10) } } }',
    );
    expect(ours).toEqual({ data: { media: [{ stars: 5 }, { stars: 10 }] } });
    expect(theirs).not.toEqual(ours);
  });

  it('narrows an interface object by a union (§6.3.2)', async () => {
    const { ours, theirs } = await both('{ best { ... on Thing { __typename } } }');
    expect(ours).toEqual({ data: { best: { __typename: 'Book' } } });
    expect(theirs).toEqual({ thrown: expect.stringContaining('We should have an edge') });
  });
});
