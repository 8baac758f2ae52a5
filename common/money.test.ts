import { describe, expect, it } from '@jest/globals';
import {
  decimalFromMinor,
  formatAmount,
  minorFromDecimal,
  money,
  multiply,
  sumOf,
} from './money.ts';

describe('common/money', () => {
  it.each([
    [0, 0],
    [0.01, 1],
    [0.1, 10],
    [0.29, 29],
    [1.005, undefined],
    [1.15, 115],
    [79.99, 7_999],
    [999.99, 99_999],
    [4_503_599_627_370.49, 450_359_962_737_049],
    [-0.01, undefined],
    [0.001, undefined],
    [1e300, undefined],
    [Number.NaN, undefined],
    [Number.POSITIVE_INFINITY, undefined],
  ])('reads the decimal %d as %p minor units', (decimal, minor) => {
    expect(minorFromDecimal(decimal)).toBe(minor);
  });

  it('converts every price to a decimal and back without loss', () => {
    const prices = Array.from({ length: 28_572 }, (_, index) => index * 7);
    expect(prices.map((minor) => minorFromDecimal(decimalFromMinor(minor)))).toEqual(prices);
  });

  it.each([
    [0, '0.00'],
    [5, '0.05'],
    [50, '0.50'],
    [99_999, '999.99'],
    [-5, '-0.05'],
    [-12_345, '-123.45'],
    [Number.MAX_SAFE_INTEGER, '90071992547409.91'],
  ])('writes %d minor units as %s', (minor, text) => {
    expect(formatAmount(money(minor))).toBe(text);
  });

  it.each([0.5, Number.NaN, Number.MAX_SAFE_INTEGER + 1])('rejects %d as an amount', (minor) => {
    expect(() => money(minor)).toThrow(RangeError);
  });

  it('sums exactly where decimals would not', () => {
    expect(sumOf([money(10), money(20)])).toEqual(money(30));
    expect(sumOf([])).toEqual(money(0));
  });

  it('rejects sums of two currencies, and inexact sums', () => {
    expect(() => sumOf([money(1), { amountMinor: 1, currencyCode: 'EUR' }])).toThrow(
      'Amounts in EUR and USD cannot be added.',
    );
    expect(() => sumOf([money(Number.MAX_SAFE_INTEGER), money(1)])).toThrow(RangeError);
  });

  it('multiplies in the currency of the amount, and rejects inexact products', () => {
    expect(multiply(money(2_999), 2)).toEqual(money(5_998));
    expect(multiply({ amountMinor: 1, currencyCode: 'EUR' }, 3)).toEqual({
      amountMinor: 3,
      currencyCode: 'EUR',
    });
    expect(() => multiply(money(Number.MAX_SAFE_INTEGER), 2)).toThrow(RangeError);
    expect(() => multiply(money(1), 0.5)).toThrow(RangeError);
  });
});
