import { expect, it } from '@jest/globals';
import { describeOnEachDatabase } from '../support/database.ts';
import { useProducts } from './products-subgraph.ts';

/** The DVD drive of the demonstration data, taken out of the catalogue. */
const archived = { id: '24', sku: 'PLA-DVD-1' } as const;
const strangers = ['nobody', 'customer', 'owner'] as const;

const everyWay = /* GraphQL */ `
  query ($id: ID!, $sku: String!, $name: String!) {
    product(id: $id) {
      id
    }
    productBySku(sku: $sku) {
      id
    }
    searchProducts(name: $name) {
      id
    }
    catalog(filter: { search: $name }) {
      nodes {
        id
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        endCursor
      }
    }
  }
`;

const references = /* GraphQL */ `
  query ($of: [_Any!]!) {
    _entities(representations: $of) {
      ... on Product {
        id
        name
        archivedAt
      }
    }
  }
`;

describeOnEachDatabase('products/archived products', (open) => {
  const { ask } = useProducts(open);

  it.each(strangers)('looks to %s like a product that does not exist', async (viewer) => {
    const hidden = await ask(viewer, everyWay, { ...archived, name: 'DVD drive' });
    const missing = await ask(viewer, everyWay, { id: '999', sku: 'NONE-1', name: 'no such' });
    expect(hidden).toEqual(missing);
    expect(hidden.data).toMatchObject({ product: null, productBySku: null, searchProducts: [] });
  });

  it.each(strangers)('is in no list for %s', async (viewer) => {
    const { data } = await ask(viewer, '{ products { id } catalog(first: 100) { nodes { id } } }');
    expect(data.products).not.toContainEqual({ id: '24' });
    expect(data.catalog.nodes).not.toContainEqual({ id: '24' });
    expect(data.catalog.nodes).toHaveLength(23);
  });

  it('is found by admins in every way', async () => {
    const { data } = await ask('admin', everyWay, { ...archived, name: 'dvd' });
    const found = { id: '24' };
    expect(data).toMatchObject({
      product: found,
      productBySku: found,
      searchProducts: [found],
      catalog: { nodes: [found] },
    });
    const { data: list } = await ask('admin', '{ products { id } }');
    expect(list.products).toContainEqual(found);
  });

  it('stays readable by reference, by id and by stock keeping unit', async () => {
    const { data, errors } = await ask('nobody', references, {
      of: [
        { __typename: 'Product', id: archived.id },
        { __typename: 'Product', sku: archived.sku },
      ],
    });
    expect(errors).toBeUndefined();
    const product = { id: '24', name: 'DVD drive', archivedAt: '2026-09-30T18:00:00.000Z' };
    expect(data._entities).toEqual([product, product]);
  });

  it('stays readable from the reviews of it', async () => {
    const { data } = await ask(
      'nobody',
      '{ _entities(representations: [{ __typename: "Review", id: "6" }]) { ... on Review { product { name } } } }',
    );
    expect(data._entities).toEqual([{ product: { name: 'DVD drive' } }]);
  });
});
