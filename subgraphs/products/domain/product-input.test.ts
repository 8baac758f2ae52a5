import { describe, expect, it } from '@jest/globals';
import { readNewProduct, readPrice, readProductChange, readText } from './product-input.ts';

const lamp = { name: 'Lamp', price: 79.99, stock: 100 };

describe('products/product input', () => {
  it('reads a product with only the required values', () => {
    expect(readNewProduct(lamp)).toEqual({
      sku: undefined,
      name: 'Lamp',
      description: null,
      priceMinor: 7_999,
      stock: 100,
      weightGrams: 500,
    });
  });

  it('treats null as absent for optional values', () => {
    const bare = { ...lamp, sku: null, description: null, weightGrams: null };
    expect(readNewProduct(bare)).toEqual(readNewProduct(lamp));
  });

  it('trims texts', () => {
    const { name, description } = readNewProduct({ ...lamp, name: ' Lamp\n', description: '  ' });
    expect([name, description]).toEqual(['Lamp', null]);
  });

  it('reads only the values that are given in a change', () => {
    expect(readProductChange({})).toEqual({});
    expect(readProductChange({ stock: 0 })).toEqual({ stock: 0 });
    expect(readProductChange({ price: 0.1, description: null })).toEqual({
      priceMinor: 10,
      description: null,
    });
    expect(readProductChange({ name: 'New', weightGrams: 1 })).toEqual({
      name: 'New',
      weightGrams: 1,
    });
  });

  it.each([{ name: null }, { price: null }, { stock: null }, { weightGrams: null }])(
    'does not remove a required value: %j',
    (change) => {
      expect(() => readProductChange(change)).toThrow(
        expect.objectContaining({
          code: 'BAD_USER_INPUT',
          message: expect.stringMatching(/^"\w+" takes .*; got null\.$/),
        }),
      );
    },
  );

  it('uses the given name of a price in errors', () => {
    expect(readPrice('minPrice', 12.5)).toBe(1_250);
    expect(() => readPrice('minPrice', 1.234)).toThrow('"minPrice" takes a non-negative amount');
  });

  it('counts code points, not UTF-16 units', () => {
    expect(readText('search', '💡💡', 2)).toBe('💡💡');
    expect(() => readText('search', '💡💡💡', 2)).toThrow(
      '"search" takes 1 to 2 characters; got 3.',
    );
  });
});
