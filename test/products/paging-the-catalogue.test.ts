import { expect, it } from '@jest/globals';
import { describeOnEachDatabase } from '../support/database.ts';
import { useProducts } from './products-subgraph.ts';

const catalog = /* GraphQL */ `
  query ($first: Int, $after: String, $filter: CatalogFilter, $sort: CatalogSort) {
    catalog(first: $first, after: $after, filter: $filter, sort: $sort) {
      edges {
        cursor
        node {
          id
        }
      }
      nodes {
        id
        name
        price
        stock
        createdAt
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`;

const sorts = ['NAME_ASC', 'PRICE_ASC', 'PRICE_DESC', 'NEWEST'] as const;
const visibleProducts = 23;

interface Node {
  readonly id: string;
  readonly name: string;
  readonly price: number;
  readonly stock: number;
  readonly createdAt: string;
}

describeOnEachDatabase('products/paging the catalogue', (open) => {
  const { ask } = useProducts(open);

  it.each(sorts)('reads the whole catalogue by %s without a gap or a double', async (sort) => {
    for (const first of [1, 5, 22, 23]) {
      const seen = await readAll({ first, sort });
      expect(new Set(seen.map(({ id }) => id)).size).toBe(visibleProducts);
      expect(seen).toHaveLength(visibleProducts);
      expect(seen).toEqual([...seen].sort(orderOf(sort)));
    }
  });

  it('puts equals in the order of their ids, whatever the direction', async () => {
    const priced = { minPrice: 12.5, maxPrice: 12.5 };
    for (const sort of ['PRICE_ASC', 'PRICE_DESC'] as const) {
      const seen = await readAll({ first: 1, sort, filter: priced });
      expect(seen.map(({ id }) => id)).toEqual(['12', '13', '20']);
    }
  });

  it('sorts by name, 20 a page, unless told otherwise', async () => {
    const { data } = await ask('nobody', '{ catalog { nodes { name } } }');
    const names = data.catalog.nodes.map(({ name }: Node) => name);
    expect(names).toHaveLength(20);
    expect(names.slice(0, 3)).toEqual(['Coffee mug', 'Desk light', 'Drawing tablet']);
  });

  it('says where a page stands in the whole', async () => {
    const { data: start } = await ask('nobody', catalog, { first: 20 });
    expect(start.catalog.pageInfo).toEqual({
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: start.catalog.edges[0].cursor,
      endCursor: start.catalog.edges[19].cursor,
    });
    const after = start.catalog.pageInfo.endCursor;
    const { data: end } = await ask('nobody', catalog, { first: 20, after });
    expect(end.catalog.nodes).toHaveLength(3);
    expect(end.catalog.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  });

  it('answers an empty page when nothing fits', async () => {
    const { data } = await ask('nobody', catalog, { filter: { search: 'no such thing' } });
    expect(data.catalog).toEqual({
      edges: [],
      nodes: [],
      pageInfo: {
        hasNextPage: false,
        hasPreviousPage: false,
        startCursor: null,
        endCursor: null,
      },
    });
  });

  it.each([
    [{ search: 'usb-c' }, ['10', '11', '12']],
    [{ search: '%' }, []],
    [{ maxPrice: 29.99 }, ['2', '6', '12', '13', '20']],
    [{ minPrice: 329, maxPrice: 489 }, ['3', '17', '18']],
    [{ minPrice: 500, maxPrice: 100 }, []],
    [{ inStock: false }, ['8']],
    [{ search: 'WEB', inStock: true }, []],
    [{ search: null, minPrice: 900, maxPrice: null, inStock: null }, ['1']],
  ])('filters by %j', async (filter, ids) => {
    const { data, errors } = await ask('nobody', catalog, { first: 100, filter });
    expect(errors).toBeUndefined();
    const found = data.catalog.nodes.map(({ id }: Node) => id);
    expect(new Set(found)).toEqual(new Set(ids));
  });

  it.each([
    [{ first: 0 }, '"first" takes 1 to 100; got 0.'],
    [{ first: 101 }, '"first" takes 1 to 100; got 101.'],
    [{ first: -1 }, '"first" takes 1 to 100; got -1.'],
    [{ filter: { search: '' } }, '"search" takes 1 to 100 characters; got 0.'],
    [
      { filter: { minPrice: -1 } },
      '"minPrice" takes a non-negative amount with at most two decimals; got -1.',
    ],
    [
      { filter: { maxPrice: 0.001 } },
      '"maxPrice" takes a non-negative amount with at most two decimals; got 0.001.',
    ],
    [{ after: 'nonsense' }, '"after" is not a cursor of this list in this order.'],
    [{ after: '' }, '"after" is not a cursor of this list in this order.'],
  ])('refuses %j', async (variables, message) => {
    const { data, errors } = await ask('nobody', catalog, variables);
    expect(data).toEqual({ catalog: null });
    expect(errors).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  it.each(sorts)('refuses a cursor of another order than %s', async (sort) => {
    for (const other of sorts.filter((name) => name !== sort)) {
      const { data: page } = await ask('nobody', catalog, { first: 2, sort: other });
      const after = page.catalog.pageInfo.endCursor;
      const { errors } = await ask('nobody', catalog, { first: 2, sort, after });
      expect(errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
    }
  });

  it.each([
    ['PRICE_ASC', 'abc', '1'],
    ['PRICE_ASC', '99999999999999999999', '1'],
    ['PRICE_DESC', '1', 'abc'],
    ['NEWEST', 'yesterday-ish', '1'],
    ['NEWEST', '9999999-01-01T00:00:00Z', '1'],
    ['NEWEST', '+275760-09-13T00:00:00.000Z', '1'],
    ['NEWEST', '-271821-04-20T00:00:00.000Z', '1'],
    ['NAME_ASC', 'Laptop', '1e400'],
  ])('refuses a forged cursor of %s at %j, %j', async (sort, key, id) => {
    const after = Buffer.from(JSON.stringify([sort, key, id])).toString('base64url');
    const { data, errors } = await ask('nobody', catalog, { sort, after });
    expect(data).toEqual({ catalog: null });
    expect(errors?.[0]?.extensions?.code).toBe('BAD_USER_INPUT');
  });

  async function readAll(variables: object): Promise<readonly Node[]> {
    const seen: Node[] = [];
    let after: string | null = null;
    for (let pages = 0; pages <= visibleProducts; pages += 1) {
      const { data, errors } = await ask('nobody', catalog, { ...variables, after });
      expect(errors).toBeUndefined();
      seen.push(...data.catalog.nodes);
      if (!data.catalog.pageInfo.hasNextPage) return seen;
      after = data.catalog.pageInfo.endCursor;
    }
    throw new Error(`The catalogue did not end after ${visibleProducts} pages.`);
  }
});

function orderOf(sort: (typeof sorts)[number]): (a: Node, b: Node) => number {
  const keyOf = (node: Node): string | number => {
    switch (sort) {
      case 'NAME_ASC':
        return node.name.toLowerCase();
      case 'PRICE_ASC':
        return node.price;
      case 'PRICE_DESC':
        return -node.price;
      case 'NEWEST':
        return -Date.parse(node.createdAt);
    }
  };
  return (a, b) => {
    const [left, right] = [keyOf(a), keyOf(b)];
    if (left === right) return Number(a.id) - Number(b.id);
    return left < right ? -1 : 1;
  };
}
