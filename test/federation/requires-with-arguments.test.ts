import { describe, expect, it } from '@jest/globals';
import { Federation, planners } from '../support/federation.ts';

type Entity = Readonly<Record<string, unknown>>;

/** Prices are in one subgraph, and another one needs them in currencies of its choice. */
const prices = new Federation({
  catalog: {
    schema: `
      type Query { product: Product products: [Product!]! }
      type Product @key(fields: "id") { id: ID! name: String }
    `,
    resolvers: {
      Query: {
        product: () => ({ id: '1', name: 'Laptop' }),
        products: () => [{ id: '1' }, { id: '2' }],
      },
    },
  },
  pricing: {
    schema: `
      type Product @key(fields: "id") { id: ID! price(currency: String = "CHF"): Int size(unit: String!): Size }
      type Size @shareable { width: Int height: Int }
    `,
    resolvers: {
      Product: {
        __resolveReference: ({ id }: Entity) => ({ id }),
        price: ({ id }: Entity, { currency }: Entity) =>
          ({ USD: 100, EUR: 90, CHF: 80 })[String(currency)] ?? 0 + Number(id),
        size: (_: Entity, { unit }: Entity) =>
          unit === 'cm' ? { width: 30, height: 20 } : { width: 12, height: 8 },
      },
    },
  },
  shipping: {
    schema: `
      type Product @key(fields: "id") {
        id: ID!
        price(currency: String = "CHF"): Int @external
        size(unit: String!): Size @external
        inDollars: String @requires(fields: "price(currency: \\"USD\\")")
        inEuros: String @requires(fields: "price(currency: \\"EUR\\")")
        parcel: String @requires(fields: "size(unit: \\"cm\\") { width height } price(currency: \\"EUR\\")")
        isFragile: Boolean
      }
      type Size @shareable { width: Int height: Int }
    `,
    resolvers: {
      Product: {
        __resolveReference: (reference: Entity) => reference,
        inDollars: ({ price }: Entity) => `$${String(price)}`,
        inEuros: ({ price }: Entity) => `${String(price)} €`,
        parcel: ({ size, price }: { size?: Entity; price?: number }) =>
          `${String(size?.width)}x${String(size?.height)} for ${String(price)} €`,
        isFragile: () => true,
      },
    },
  },
});

describe.each(planners)('federation/@requires with arguments (%s planner)', (planner) => {
  const ask = async (query: string, variables = {}): Promise<unknown> =>
    prices.ask(query, { planner, variables });

  it("distinguishes the client's arguments from those of @requires", async () => {
    expect(await ask('{ product { price(currency: "EUR") inDollars } }')).toEqual({
      data: { product: { price: 90, inDollars: '$100' } },
    });
    expect(await ask('{ product { inDollars price(currency: "EUR") } }')).toEqual({
      data: { product: { inDollars: '$100', price: 90 } },
    });
    expect(await ask('{ product { inDollars price } }')).toEqual({
      data: { product: { inDollars: '$100', price: 80 } },
    });
  });

  it("distinguishes the client's variables from the arguments of @requires", async () => {
    const query = 'query ($c: String) { product { price(currency: $c) inDollars } }';
    expect(await ask(query, { c: 'EUR' })).toEqual({
      data: { product: { price: 90, inDollars: '$100' } },
    });
  });

  it("distinguishes a client's alias from the required field of that name", async () => {
    expect(await ask('{ product { price: id inDollars } }')).toEqual({
      data: { product: { price: '1', inDollars: '$100' } },
    });
    expect(await ask('{ product { id: name inDollars price: id } }')).toEqual({
      data: { product: { id: 'Laptop', inDollars: '$100', price: '1' } },
    });
  });

  it('answers two fields that require one field with different arguments', async () => {
    expect(await ask('{ product { inDollars inEuros isFragile } }')).toEqual({
      data: { product: { inDollars: '$100', inEuros: '90 €', isFragile: true } },
    });
  });

  it("answers them for lists, in nested selections, and next to the client's own arguments", async () => {
    const query = `{
      products { inEuros inDollars parcel size(unit: "in") { width } price(currency: "CHF") }
    }`;
    const product = {
      inEuros: '90 €',
      inDollars: '$100',
      parcel: '30x20 for 90 €',
      size: { width: 12 },
      price: 80,
    };
    expect(await ask(query)).toEqual({ data: { products: [product, product] } });
  });

  it('answers them under aliases and in fragments', async () => {
    const query = `
      { product { ...Money other: inEuros } }
      fragment Money on Product { inDollars again: inDollars ... on Product { inEuros } }
    `;
    expect(await ask(query)).toEqual({
      data: { product: { inDollars: '$100', again: '$100', inEuros: '90 €', other: '90 €' } },
    });
  });
});
