import { expect, it } from '@jest/globals';
import { describeOnEachDatabase } from '../support/database.ts';
import { useProducts } from './products-subgraph.ts';

describeOnEachDatabase('products/reading products', (open) => {
  const { ask, database } = useProducts(open);

  it('answers a product with all that is known of it', async () => {
    const { data, errors } = await ask(
      'nobody',
      `{ product(id: "1") {
        id sku name description price unitPrice { amount currencyCode } stock inStock weightGrams handling
        shippingCost { amount } createdAt archivedAt reviewCount averageRating
        reviews { id rating comment createdAt user { __typename id } product { name } }
      } }`,
    );
    expect(errors).toBeUndefined();
    expect(data.product).toEqual({
      id: '1',
      sku: 'LAP-001',
      name: 'Laptop',
      description: expect.stringContaining('notebook'),
      price: 999.99,
      unitPrice: { amount: '999.99', currencyCode: 'USD' },
      stock: 50,
      inStock: true,
      weightGrams: 2_400,
      handling: 'FRAGILE',
      shippingCost: { amount: '5.00' },
      createdAt: '2026-01-12T09:00:00.000Z',
      archivedAt: null,
      reviewCount: 1,
      averageRating: 5,
      reviews: [
        {
          id: '1',
          rating: 5,
          comment: 'Great laptop!',
          createdAt: '2026-02-20T19:12:00.000Z',
          user: { __typename: 'User', id: '1' },
          product: { name: 'Laptop' },
        },
      ],
    });
  });

  it('answers a product without reviews with no reviews and no mean', async () => {
    const { data } = await ask(
      'nobody',
      '{ product(id: "3") { reviews { id } reviewCount averageRating } }',
    );
    expect(data.product).toEqual({ reviews: [], reviewCount: 0, averageRating: null });
  });

  it('finds a product by its stock keeping unit', async () => {
    const { data } = await ask('nobody', '{ productBySku(sku: "MOU-001") { id inStock } }');
    expect(data.productBySku).toEqual({ id: '2', inStock: true });
  });

  it.each(['999', '0', '-1', '01', 'abc', '1; drop table products', '9223372036854775808', ''])(
    'finds nothing for the id %j',
    async (id) => {
      expect(await ask('admin', 'query ($id: ID!) { product(id: $id) { id } }', { id })).toEqual({
        status: 200,
        data: { product: null },
        errors: undefined,
      });
    },
  );

  it.each(['LAP-002', 'lap-001', '', '%', '\0', 'X'.repeat(41)])(
    'finds nothing for the stock keeping unit %j',
    async (sku) => {
      const query = 'query ($sku: String!) { productBySku(sku: $sku) { id } }';
      expect(await ask('admin', query, { sku })).toEqual({
        status: 200,
        data: { productBySku: null },
        errors: undefined,
      });
    },
  );

  it('lists products in the order of their ids, laptop and mouse first', async () => {
    const { data } = await ask('nobody', '{ products { id name price stock } }');
    expect(data.products.slice(0, 2)).toEqual([
      { id: '1', name: 'Laptop', price: 999.99, stock: 50 },
      { id: '2', name: 'Mouse', price: 29.99, stock: 200 },
    ]);
    const ids = data.products.map(({ id }: { id: string }) => Number(id));
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
  });

  it('finds by a part of the name in any case', async () => {
    const query = 'query ($name: String!) { searchProducts(name: $name) { id name } }';
    for (const name of ['lap', 'LAP', 'apto']) {
      const { data } = await ask('nobody', query, { name });
      expect(data.searchProducts).toEqual([{ id: '1', name: 'Laptop' }]);
    }
  });

  it.each(['%', '_', '\\', "'", 'l%p', 'L_ptop'])('takes %j in a search as it is', async (name) => {
    const query = 'query ($name: String!) { searchProducts(name: $name) { name } }';
    const { data, errors } = await ask('nobody', query, { name });
    expect(errors).toBeUndefined();
    expect(data.searchProducts).toEqual([]);
  });

  it('finds the product that has a wildcard in its name', async () => {
    await addProducts('100% wool_cap', 'C:\\ drive');
    const query = 'query ($name: String!) { searchProducts(name: $name) { name } }';
    expect((await ask('nobody', query, { name: '0% WOOL_' })).data.searchProducts).toEqual([
      { name: '100% wool_cap' },
    ]);
    expect((await ask('nobody', query, { name: ':\\' })).data.searchProducts).toEqual([
      { name: 'C:\\ drive' },
    ]);
  });

  it.each(['', 'x'.repeat(101)])('refuses to search for %j', async (name) => {
    const query = 'query ($name: String!) { searchProducts(name: $name) { name } }';
    const { data, errors } = await ask('nobody', query, { name });
    expect(data).toEqual({ searchProducts: null });
    expect(errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
    expect(errors?.[0]?.message).toBe(`"name" takes 1 to 100 characters; got ${name.length}.`);
  });

  it('refuses to search for text that a database cannot hold', async () => {
    const query = 'query ($name: String!) { searchProducts(name: $name) { name } }';
    const { errors } = await ask('nobody', query, { name: 'a\0b' });
    expect(errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
  });

  it('ends plain lists after 100 products', async () => {
    await addProducts(...Array.from({ length: 120 }, (_, index) => `Crate ${index}`));
    const { data } = await ask(
      'nobody',
      '{ products { id } searchProducts(name: "crate") { id } }',
    );
    expect(data.products).toHaveLength(100);
    expect(data.searchProducts).toHaveLength(100);
  });

  async function addProducts(...names: string[]): Promise<void> {
    const rows = names.map((name, index) => ({
      sku: `T-${Date.now()}-${index}`,
      name,
      description: null,
      price_minor: '100',
      stock: 1,
      weight_grams: 1,
      archived_at: null,
    }));
    await database().insertInto('products').values(rows).execute();
  }
});
