import { describe, expect, it } from '@jest/globals';
import { readCatalogFilter, readSearch } from './catalog.ts';

describe('products/catalog', () => {
  it.each([undefined, null, {}, { search: null, minPrice: null, maxPrice: null, inStock: null }])(
    'selects everything with %j',
    (filter) => {
      expect(readCatalogFilter(filter)).toEqual({});
    },
  );

  it('reads each condition, prices in minor units', () => {
    expect(
      readCatalogFilter({ search: ' lap', minPrice: 0, maxPrice: 79.99, inStock: false }),
    ).toEqual({ search: ' lap', minPriceMinor: 0, maxPriceMinor: 7_999, inStock: false });
  });

  it.each([
    [{ search: '' }, '"search" takes 1 to 100 characters; got 0.'],
    [{ minPrice: -1 }, '"minPrice" takes a non-negative amount'],
    [{ maxPrice: 0.001 }, '"maxPrice" takes a non-negative amount'],
  ])('refuses %j', (filter, message) => {
    expect(() => readCatalogFilter(filter)).toThrow(
      expect.objectContaining({
        code: 'BAD_USER_INPUT',
        message: expect.stringContaining(message),
      }),
    );
  });

  it('limits a search text to 100 characters', () => {
    expect(readSearch('name', 'x'.repeat(100))).toHaveLength(100);
    expect(() => readSearch('name', 'x'.repeat(101))).toThrow('"name" takes 1 to 100 characters');
  });
});
