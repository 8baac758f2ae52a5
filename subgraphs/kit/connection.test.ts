import { describe, expect, it } from '@jest/globals';
import { type PageArguments, readFirst, readPage, toConnection } from './connection.ts';

const badInput = { code: 'BAD_USER_INPUT' };
const keyOf = (row: string): readonly string[] => [row, `id of ${row}`];

describe('kit/connection', () => {
  it.each([1, 20, 100])('accepts a page size of %d', (first) => {
    expect(readFirst(first)).toBe(first);
  });

  it.each([0, -1, 101, Number.NaN])('refuses a page size of %d', (first) => {
    expect(() => readFirst(first)).toThrow(
      expect.objectContaining({ ...badInput, message: `"first" takes 1 to 100; got ${first}.` }),
    );
  });

  it.each([undefined, null])('starts at the beginning after %p', (after) => {
    expect(readPage({ first: 5, after }, 'NAME', 2)).toEqual({ first: 5, after: undefined });
  });

  it('continues after the end cursor of a page', () => {
    const page = toConnection(['é "1"', 'b'], { first: 1, after: undefined }, 'NAME', keyOf);
    expect(readPage({ first: 1, after: page.pageInfo.endCursor }, 'NAME', 2)).toEqual({
      first: 1,
      after: ['é "1"', 'id of é "1"'],
    });
  });

  it.each([
    ['of another order', cursor(['PRICE', 'a', 'b'])],
    ['with a key too short', cursor(['NAME', 'a'])],
    ['with a key too long', cursor(['NAME', 'a', 'b', 'c'])],
    ['with a number in it', cursor(['NAME', 'a', 5])],
    ['with a NUL in it', cursor(['NAME', 'a\0', 'b'])],
    ['that is an object', cursor({ 0: 'NAME', 1: 'a', 2: 'b', length: 3 })],
    ['that is null', cursor(null)],
    ['that is not JSON', Buffer.from('[').toString('base64url')],
    ['that is empty', ''],
    ['that is not base64', '%%%'],
  ])('refuses a cursor %s', (_, after) => {
    expect(() => readPage({ first: 1, after }, 'NAME', 2)).toThrow(
      expect.objectContaining({
        ...badInput,
        message: '"after" is not a cursor of this list in this order.',
      }),
    );
  });

  it('reads a whole list page by page, whatever the size, without gaps or duplicates', () => {
    const rows = ['a', 'b', 'c', 'd', 'e'];
    for (let first = 1; first <= rows.length + 1; first += 1) {
      expect(readAll(rows, first)).toEqual(rows);
    }
  });

  it('says where a page is: at the beginning, in the middle, at the end', () => {
    const after = ['a', 'id of a'];
    const standing = (rows: readonly string[], page: { after?: readonly string[] }) => {
      const { pageInfo } = toConnection(rows, { first: 2, after: page.after }, 'NAME', keyOf);
      return [pageInfo.hasPreviousPage, pageInfo.hasNextPage];
    };
    expect(standing(['a', 'b', 'c'], {})).toEqual([false, true]);
    expect(standing(['b', 'c', 'd'], { after })).toEqual([true, true]);
    expect(standing(['b', 'c'], { after })).toEqual([true, false]);
  });

  it('gives an empty page no cursors', () => {
    expect(toConnection([], { first: 2, after: undefined }, 'NAME', keyOf)).toEqual({
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

  it('gives each entry its own cursor', () => {
    const { edges, nodes, pageInfo } = toConnection(
      ['a', 'b', 'c'],
      { first: 2, after: undefined },
      'NAME',
      keyOf,
    );
    expect(nodes).toEqual(['a', 'b']);
    expect(edges.map(({ node }) => node)).toEqual(nodes);
    expect([pageInfo.startCursor, pageInfo.endCursor]).toEqual(edges.map((edge) => edge.cursor));
    expect(new Set(edges.map((edge) => edge.cursor)).size).toBe(2);
  });
});

function cursor(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function readAll(rows: readonly string[], first: number): readonly string[] {
  const seen: string[] = [];
  let args: PageArguments = { first };
  for (;;) {
    const page = readPage(args, 'NAME', 2);
    const start = page.after ? rows.indexOf(page.after[0] ?? '') + 1 : 0;
    const found = rows.slice(start, start + first + 1);
    const { nodes, pageInfo } = toConnection(found, page, 'NAME', keyOf);
    seen.push(...nodes);
    if (!pageInfo.hasNextPage) return seen;
    args = { first, after: pageInfo.endCursor };
  }
}
