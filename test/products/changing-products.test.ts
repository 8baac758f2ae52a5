import { expect, it } from '@jest/globals';
import { describeOnEachDatabase } from '../support/database.ts';
import { useProducts } from './products-subgraph.ts';

const create = /* GraphQL */ `
  mutation (
    $name: String!
    $price: Float!
    $stock: Int!
    $sku: String
    $description: String
    $weightGrams: Int
  ) {
    createProduct(
      name: $name
      price: $price
      stock: $stock
      sku: $sku
      description: $description
      weightGrams: $weightGrams
    ) {
      id
      sku
      name
      price
      stock
      description
      weightGrams
      handling
    }
  }
`;

const update = /* GraphQL */ `
  mutation (
    $id: ID!
    $name: String
    $price: Float
    $stock: Int
    $description: String
    $weightGrams: Int
  ) {
    updateProduct(
      id: $id
      name: $name
      price: $price
      stock: $stock
      description: $description
      weightGrams: $weightGrams
    ) {
      id
      name
      price
      stock
      description
      weightGrams
    }
  }
`;

const archive = /* GraphQL */ `
  mutation ($id: ID!) {
    archiveProduct(input: { id: $id }) {
      product {
        id
        archivedAt
      }
      userErrors {
        code
        path
      }
    }
  }
`;

const lamp = { name: 'Lamp', price: 79.99, stock: 100 };

describeOnEachDatabase('products/changing products', (open) => {
  const { ask } = useProducts(open);

  it('creates a product that can then be found', async () => {
    const given = {
      ...lamp,
      name: '  Floor lamp ',
      sku: 'LAM-001',
      description: 'Warm light.',
      weightGrams: 3_200,
    };
    const { data, errors } = await ask('admin', create, given);
    expect(errors).toBeUndefined();
    expect(data.createProduct).toEqual({
      ...given,
      id: expect.stringMatching(/^1\d{3}$/),
      name: 'Floor lamp',
      handling: 'STANDARD',
    });
    const { data: found } = await ask('nobody', '{ productBySku(sku: "LAM-001") { name price } }');
    expect(found.productBySku).toEqual({ name: 'Floor lamp', price: 79.99 });
  });

  it('makes the stock keeping unit from the id, and takes the weight of a small parcel', async () => {
    const { data } = await ask('admin', create, lamp);
    const { id } = data.createProduct;
    expect(data.createProduct).toMatchObject({
      sku: `P-${id}`,
      description: null,
      weightGrams: 500,
    });
  });

  it.each([0, 0.1, 0.29, 1.15, 4.35, 19.99, 1_000_000.01])(
    'keeps the price %d exactly',
    async (price) => {
      const { data } = await ask('admin', create, { ...lamp, price });
      expect(data.createProduct.price).toBe(price);
    },
  );

  it('refuses a stock keeping unit that another product has', async () => {
    const { data, errors } = await ask('admin', create, { ...lamp, sku: 'LAP-001' });
    expect(data).toEqual({ createProduct: null });
    expect(errors).toMatchObject([
      {
        message: '"sku" must be unique; another product has LAP-001.',
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
  });

  it('gives a stock keeping unit to one product of ten at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => ask('admin', create, { ...lamp, sku: 'RACE-1' })),
    );
    expect(answers.filter(({ data }) => data.createProduct !== null)).toHaveLength(1);
    expect(new Set(answers.flatMap(({ errors = [] }) => errors.map(codeOf)))).toEqual(
      new Set(['BAD_USER_INPUT']),
    );
  });

  it.each([
    [{ name: '' }, '"name" takes 1 to 200 characters; got 0.'],
    [{ name: '   ' }, '"name" takes 1 to 200 characters; got 0.'],
    [{ name: 'x'.repeat(201) }, '"name" takes 1 to 200 characters; got 201.'],
    [{ price: -0.01 }, '"price" takes a non-negative amount with at most two decimals; got -0.01.'],
    [{ price: 9.999 }, '"price" takes a non-negative amount with at most two decimals; got 9.999.'],
    [
      { price: 1e300 },
      '"price" takes a non-negative amount with at most two decimals; got 1e+300.',
    ],
    [{ stock: -1 }, '"stock" takes a non-negative number; got -1.'],
    [{ weightGrams: 0 }, '"weightGrams" takes 1 to 1000000; got 0.'],
    [{ weightGrams: 1_000_001 }, '"weightGrams" takes 1 to 1000000; got 1000001.'],
    [{ description: 'x'.repeat(5_001) }, '"description" takes up to 5000 characters; got 5001.'],
    [{ sku: 'ab' }, '"sku" takes 3 to 40 of A–Z, 0–9 and -; got "ab".'],
    [
      { sku: 'P-77' },
      '"sku" takes anything except P- and a number, which is generated from an id; got P-77.',
    ],
  ])('creates nothing from %j', async (change, message) => {
    const { data, errors } = await ask('admin', create, { ...lamp, ...change });
    expect(data).toEqual({ createProduct: null });
    expect(errors).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  it('counts characters, not the code units that make them', async () => {
    const { errors } = await ask('admin', create, { ...lamp, name: '💡'.repeat(200) });
    expect(errors).toBeUndefined();
  });

  it('refuses a text that a database cannot hold', async () => {
    const { errors } = await ask('admin', create, { ...lamp, name: 'a\0b' });
    expect(errors?.map(codeOf)).toEqual(['BAD_USER_INPUT']);
  });

  it('changes what is given and leaves the rest', async () => {
    const { data: before } = await ask('admin', create, { ...lamp, description: 'Old.' });
    const { id } = before.createProduct;
    const { data } = await ask('admin', update, { id, price: 89.5, stock: 7 });
    expect(data.updateProduct).toEqual({
      id,
      name: 'Lamp',
      price: 89.5,
      stock: 7,
      description: 'Old.',
      weightGrams: 500,
    });
    const { data: cleared } = await ask('admin', update, {
      id,
      name: 'Reading lamp',
      description: null,
      weightGrams: 900,
    });
    expect(cleared.updateProduct).toMatchObject({
      name: 'Reading lamp',
      description: null,
      weightGrams: 900,
      stock: 7,
    });
  });

  it('answers the product as it is when nothing is to change', async () => {
    const { data } = await ask('admin', update, { id: '16' });
    expect(data.updateProduct).toMatchObject({ id: '16', name: 'Laser printer', stock: 9 });
  });

  it.each(['999999', 'abc', '0'])('changes nothing of the product %j', async (id) => {
    expect(await ask('admin', update, { id, stock: 1 })).toEqual({
      status: 200,
      data: { updateProduct: null },
      errors: undefined,
    });
  });

  it.each([{ name: null }, { price: null }, { stock: null }, { weightGrams: null }, { stock: -5 }])(
    'refuses to change a product to %j',
    async (change) => {
      const { data, errors } = await ask('admin', update, { id: '16', ...change });
      expect(data).toEqual({ updateProduct: null });
      expect(errors?.map(codeOf)).toEqual(['BAD_USER_INPUT']);
    },
  );

  it('takes a product out of the catalogue, twice with one result', async () => {
    const { data } = await ask('admin', create, lamp);
    const { id } = data.createProduct;
    const { data: once } = await ask('admin', archive, { id });
    expect(once.archiveProduct).toEqual({
      product: { id, archivedAt: expect.stringMatching(/Z$/) },
      userErrors: [],
    });
    expect((await ask('admin', archive, { id })).data).toEqual(once);
    const { data: found } = await ask('nobody', 'query ($id: ID!) { product(id: $id) { id } }', {
      id,
    });
    expect(found.product).toBeNull();
  });

  it.each(['999999', 'abc'])('says that there is no product %j to archive', async (id) => {
    const { data, errors } = await ask('admin', archive, { id });
    expect(errors).toBeUndefined();
    expect(data.archiveProduct).toEqual({
      product: null,
      userErrors: [{ code: 'PRODUCT_NOT_FOUND', path: ['input', 'id'] }],
    });
  });

  it('answers each change of one request with the state after it', async () => {
    const { data } = await ask(
      'admin',
      `mutation {
        review: addReview(input: { productId: "21", rating: 4 }) {
          review { product { stock reviewCount reviews { rating } } }
        }
        first: updateProduct(id: "21", stock: 5) { reviews { product { stock } } }
        second: updateProduct(id: "21", stock: 6) { reviews { product { stock reviewCount } } }
      }`,
    );
    expect(data).toEqual({
      review: { review: { product: { stock: 120, reviewCount: 1, reviews: [{ rating: 4 }] } } },
      first: { reviews: [{ product: { stock: 5 } }] },
      second: { reviews: [{ product: { stock: 6, reviewCount: 1 } }] },
    });
  });

  it.each([
    'createProduct(name: "Lamp", price: 1, stock: 1, id: "5")',
    'createProduct(name: "Lamp", price: 1, stock: 1, createdAt: "2020-01-01")',
    'updateProduct(id: "1", sku: "NEW-1")',
    'updateProduct(id: "1", archivedAt: null)',
  ])('knows no such argument: %s', async (field) => {
    const { status, data, errors } = await ask('admin', `mutation { ${field} { id } }`);
    expect(status).toBe(400);
    expect(data).toBeUndefined();
    expect(errors?.map(codeOf)).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  });
});

function codeOf({
  extensions,
}: {
  readonly extensions?: { readonly code?: string };
}): string | undefined {
  return extensions?.code;
}
