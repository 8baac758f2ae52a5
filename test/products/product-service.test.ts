import { Metadata, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeOnEachDatabase } from '../support/database.ts';
import { type GenericClient, openGenericClient } from '../support/grpc.ts';
import { describeStreams } from './product-streams.ts';
import { useProducts } from './products-subgraph.ts';

const service = 'ecommerce.ProductService';

interface Product {
  readonly id: number;
  readonly name: string;
  readonly price: number;
  readonly stock: number;
}

describeOnEachDatabase('products/product service', (open) => {
  const { grpcAddress, database, statements, ask } = useProducts(open);
  let client: GenericClient;

  beforeAll(() => {
    client = openGenericClient(grpcAddress());
  });
  afterAll(() => {
    client.close();
  });

  it.each(['v1', 'v1alpha'] as const)('is found by reflection (%s)', async (version) => {
    const other = openGenericClient(grpcAddress(), version);
    expect(await other.list()).toEqual(
      expect.arrayContaining([service, 'shop.inventory.v1.Inventory', 'grpc.health.v1.Health']),
    );
    expect(await other.call(`${service}/GetProduct`, { product_id: 1 })).toEqual({
      id: 1,
      name: 'Laptop',
      price: 999.99,
      stock: 50,
    });
    other.close();
  });

  it.each(['', service, 'shop.inventory.v1.Inventory'])(
    'says of %j that it serves',
    async (name) => {
      expect(await client.call('grpc.health.v1.Health/Check', { service: name })).toEqual({
        status: 'SERVING',
      });
    },
  );

  it.each([0, -1, 999, 24])('has no product %i, as one that is archived', async (id) => {
    await expect(client.call(`${service}/GetProduct`, { product_id: id })).rejects.toMatchObject({
      code: status.NOT_FOUND,
      details: `There is no product with the id ${id}.`,
    });
  });

  it('adds a product, which is then in the graph', async () => {
    const created = (await client.call(`${service}/CreateProduct`, {
      name: 'Desk lamp',
      price: 79.99,
      stock: 12,
    })) as Product;
    expect(created).toEqual({ id: created.id, name: 'Desk lamp', price: 79.99, stock: 12 });
    const { data } = await ask(
      'nobody',
      'query ($id: ID!) { product(id: $id) { name price stock } }',
      {
        id: String(created.id),
      },
    );
    expect(data.product).toEqual({ name: 'Desk lamp', price: 79.99, stock: 12 });
  });

  it.each([
    [{ name: '' }, '"name" takes 1 to 200 characters; got 0.'],
    [{ stock: -1 }, '"stock" takes a non-negative number; got -1.'],
    [{ price: 9.999 }, '"price" takes a non-negative amount with at most two decimals; got 9.999.'],
    [
      { price: Number.NaN },
      '"price" takes a non-negative amount with at most two decimals; got NaN.',
    ],
    [{ name: 'a\0b' }, 'A value cannot be stored.'],
  ])('adds nothing from %j', async (change, details) => {
    await expect(
      client.call(`${service}/CreateProduct`, { name: 'Lamp', price: 1, stock: 1, ...change }),
    ).rejects.toMatchObject({ code: status.INVALID_ARGUMENT, details });
  });

  describe('with 5,000 products more', () => {
    describeStreams({ client: () => client, database, statements, count: 5_000 });
  });

  it('accepts unknown metadata', async () => {
    const metadata = new Metadata();
    metadata.set('x-correlation-id', 'not acceptable; at all');
    metadata.add('x-service-identity', 'one');
    metadata.add('x-service-identity', 'another');
    expect(await client.call(`${service}/GetProduct`, { product_id: 2 }, metadata)).toMatchObject({
      name: 'Mouse',
    });
  });
});
