import { describe, expect, it } from '@jest/globals';
import { readNewProduct, readPrice, readProductChange, readText } from './product-input.ts';

const lamp = { name: 'Lamp', price: 79.99, stock: 100 };

describe('products/product input', () => {
  it('reads a product of the least that is needed', () => {
    expect(readNewProduct(lamp)).toEqual({
      sku: undefined,
      name: 'Lamp',
      description: null,
      priceMinor: 7_999,
      stock: 100,
      weightGrams: 500,
    });
  });

  it('reads null like absent where a product may go without', () => {
    const bare = { ...lamp, sku: null, description: null, weightGrams: null };
    expect(readNewProduct(bare)).toEqual(readNewProduct(lamp));
  });

  it('takes the space around texts away', () => {
    const { name, description } = readNewProduct({ ...lamp, name: ' Lamp\n', description: '  ' });
    expect([name, description]).toEqual(['Lamp', null]);
  });

  it('reads of a change what is given and nothing else', () => {
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
    'takes nothing away from a product that it must have: %j',
    (change) => {
      expect(() => readProductChange(change)).toThrow(
        expect.objectContaining({
          code: 'BAD_USER_INPUT',
          message: expect.stringMatching(/^"\w+" takes .*; got null\.$/),
        }),
      );
    },
  );

  it('calls a price by the name it was given under', () => {
    expect(readPrice('minPrice', 12.5)).toBe(1_250);
    expect(() => readPrice('minPrice', 1.234)).toThrow('"minPrice" takes an amount');
  });

  it('counts characters as people do more than as machines do', () => {
    expect(readText('search', '💡💡', 2)).toBe('💡💡');
    expect(() => readText('search', '💡💡💡', 2)).toThrow(
      '"search" takes 1 to 2 characters; got 3.',
    );
  });
});
