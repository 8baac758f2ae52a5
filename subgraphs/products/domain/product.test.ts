import { describe, expect, it } from '@jest/globals';
import { formatAmount } from '../../../common/money.ts';
import { flatShippingCost, generatedSku, isReservedSku, isSku } from './product.ts';

describe('products/product', () => {
  it.each(['LAP-001', 'ABC', '000', '---', 'X'.repeat(40)])('%s is a stock keeping unit', (sku) => {
    expect(isSku(sku)).toBe(true);
  });

  it.each([
    '',
    'AB',
    'X'.repeat(41),
    'lap-001',
    'LAP 001',
    'LAP_001',
    'LÄP-001',
    'LAP-001\n',
    7,
    null,
    ['LAP-001'],
  ])('%j is not a stock keeping unit', (sku) => {
    expect(isSku(sku)).toBe(false);
  });

  it('generates a stock keeping unit from an id, which is reserved', () => {
    expect(generatedSku('1000')).toBe('P-1000');
    expect(isSku(generatedSku('1'))).toBe(true);
    expect(isReservedSku(generatedSku('9223372036854775807'))).toBe(true);
  });

  it.each(['LAP-001', 'P-1A', 'P--1', 'XP-1'])('%s is not reserved', (sku) => {
    expect(isReservedSku(sku)).toBe(false);
  });

  it('has the same shipping cost for everything', () => {
    expect(formatAmount(flatShippingCost())).toBe('5.00');
  });
});
