import { beforeAll, expect, it } from '@jest/globals';
import type { ViewerName } from '../support/access-table/row.ts';
import { describeOnEachDatabase } from '../support/database.ts';
import { type OrdersUnderTest, useOrders } from './orders-subgraph.ts';

interface Page {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string } }[];
  readonly nodes: readonly { readonly id: string }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

const page = /* GraphQL */ `
  fragment page on OrderConnection {
    edges {
      cursor
      node {
        id
      }
    }
    nodes {
      id
    }
    pageInfo {
      hasNextPage
      hasPreviousPage
      startCursor
      endCursor
    }
  }
`;

const allOrders = /* GraphQL */ `
  query ($first: Int!, $after: String, $status: OrderStatus) {
    orders(first: $first, after: $after, status: $status) {
      ...page
    }
  }
  ${page}
`;

const ordersOfJohn = /* GraphQL */ `
  query ($first: Int!, $after: String) {
    _entities(representations: [{ __typename: "User", id: "1" }]) {
      ... on User {
        orders(first: $first, after: $after) {
          ...page
        }
      }
    }
  }
  ${page}
`;

const seeded = ['125', '124', '123', '122', '121', '120', '119', '118'];

describeOnEachDatabase('orders/paging orders', (open) => {
  const subgraph = useOrders(open);
  const { ask } = subgraph;

  it('lists all orders newest first, twenty unless told otherwise', async () => {
    const { data } = await ask('admin', '{ orders { nodes { id } pageInfo { hasNextPage } } }');
    expect(data.orders).toEqual({
      nodes: seeded.map((id) => ({ id })),
      pageInfo: { hasNextPage: false },
    });
  });

  it.each([1, 2, 3, 7, 8, 100])('walks in pages of %i without a gap or a double', async (first) => {
    const pages = await walk(subgraph, 'admin', allOrders, { first }, (data) => data.orders);
    expect(pages.flatMap(idsOf)).toEqual(seeded);
    expect(pages.map(({ pageInfo }) => pageInfo.hasPreviousPage)).toEqual(
      pages.map((_page, index) => index > 0),
    );
  });

  it('lists orders of one state', async () => {
    const pages = await walk(
      subgraph,
      'admin',
      allOrders,
      { first: 1, status: 'CANCELLED' },
      (data) => data.orders,
    );
    expect(pages.flatMap(idsOf)).toEqual(['121', '118']);
  });

  it("walks the owner's own orders", async () => {
    const pages = await walk(
      subgraph,
      'owner',
      ordersOfJohn,
      { first: 3 },
      (data) => data._entities[0].orders,
    );
    expect(pages.flatMap(idsOf)).toEqual(['125', '123', '119', '118']);
  });

  it('has one cursor for an edge, which the page info names', async () => {
    const { data } = await ask('admin', allOrders, { first: 3 });
    const { edges, nodes, pageInfo } = data.orders as Page;
    expect(edges.map(({ node }) => node)).toEqual(nodes);
    expect([pageInfo.startCursor, pageInfo.endCursor]).toEqual([
      edges.at(0)?.cursor,
      edges.at(-1)?.cursor,
    ]);
  });

  it('answers an empty page after the last order', async () => {
    const { data } = await ask('admin', allOrders, { first: 8 });
    const after = (data.orders as Page).pageInfo.endCursor;
    const next = await ask('admin', allOrders, { first: 8, after });
    expect(next.data.orders).toEqual({
      edges: [],
      nodes: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
  });

  it.each([0, -1, 101, 100_000])('refuses a page of %i', async (first) => {
    for (const [viewer, query] of [
      ['admin', allOrders],
      ['owner', ordersOfJohn],
    ] as const) {
      const { errors } = await ask(viewer, query, { first });
      expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['BAD_USER_INPUT']);
      expect(errors?.[0]?.message).toBe(`"first" takes 1 to 100; got ${first}.`);
    }
  });

  it.each([
    ['no cursor', 'abc'],
    ['empty', ''],
    ['another sort', cursor('name', 'Laptop', '1')],
    ['too short', cursor('newest', '2026-11-09T16:20:31.125Z')],
    ['no time', cursor('newest', 'yesterday', '123')],
    [
      'a time without a year that PostgreSQL has',
      cursor('newest', '+275760-09-13T00:00:00.000Z', '1'),
    ],
    ['no id', cursor('newest', '2026-11-09T16:20:31.125Z', '1 or 1=1')],
    ['an id out of range', cursor('newest', '2026-11-09T16:20:31.125Z', String(2n ** 63n))],
    ['a NUL', cursor('newest', '2026-11-09T16:20:31.125Z\0', '1')],
  ])('refuses a cursor that is forged: %s', async (_name, after) => {
    const { errors } = await ask('admin', allOrders, { first: 2, after });
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['BAD_USER_INPUT']);
  });
});

describeOnEachDatabase('orders/paging orders of one moment', (open) => {
  const subgraph = useOrders(open);

  beforeAll(async () => {
    const placedAt = new Date('2026-12-01T00:00:00.001Z');
    await subgraph
      .database()
      .insertInto('orders')
      .values(
        Array.from({ length: 25 }, () => ({
          user_id: '1',
          status: 'PAID' as const,
          currency_code: 'USD',
          placed_at: placedAt,
        })),
      )
      .execute();
  });

  it('tells orders of the same millisecond apart by their ids', async () => {
    const pages = await walk(subgraph, 'admin', allOrders, { first: 4 }, (data) => data.orders);
    const ids = pages.flatMap(idsOf);
    expect(ids).toHaveLength(25 + seeded.length);
    expect(new Set(ids).size).toBe(ids.length);
    const byNumber = ids.slice(0, 25).toSorted((one, other) => Number(other) - Number(one));
    expect(ids.slice(0, 25)).toEqual(byNumber);
    expect(ids.slice(25)).toEqual(seeded);
  });

  it('gives new orders ids from 1000 on', async () => {
    const { data } = await subgraph.ask('admin', allOrders, { first: 25 });
    expect(Math.min(...idsOf(data.orders as Page).map(Number))).toBe(1_000);
  });
});

/** All pages from the first to the last. */
async function walk(
  { ask }: OrdersUnderTest,
  viewer: ViewerName,
  query: string,
  variables: object,
  connectionIn: (data: Record<string, any>) => Page, // eslint-disable-line @typescript-eslint/no-explicit-any -- an answer has any shape
): Promise<readonly Page[]> {
  const pages: Page[] = [];
  let after: string | null = null;
  do {
    const { data, errors } = await ask(viewer, query, { ...variables, after });
    expect(errors).toBeUndefined();
    const next: Page = connectionIn(data as Record<string, unknown>);
    pages.push(next);
    after = next.pageInfo.hasNextPage ? next.pageInfo.endCursor : null;
  } while (after !== null && pages.length < 100);
  return pages;
}

function idsOf({ nodes }: Page): readonly string[] {
  return nodes.map(({ id }) => id);
}

function cursor(...parts: readonly string[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}
