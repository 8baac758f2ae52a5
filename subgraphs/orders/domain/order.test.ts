import { describe, expect, it } from '@jest/globals';
import { money } from '../../../common/money.ts';
import { subtotalOf, totalOf } from './order.ts';

describe('orders/domain/order', () => {
  it('adds up cents, where decimal fractions would drift', () => {
    expect(totalOf([line(10, 1), line(20, 1)])).toEqual(money(30));
    expect(totalOf([line(99_999, 1), line(2_999, 2)])).toEqual(money(105_997));
  });

  it('is zero for an order without lines', () => {
    expect(totalOf([])).toEqual(money(0));
  });

  it('prices a line by its pieces', () => {
    expect(subtotalOf(line(2_999, 3))).toEqual(money(8_997));
  });

  it('is the sum of the subtotals for any lines, in any order, also where 32 bits do not hold it', () => {
    const random = seededRandom(20261123);
    for (let round = 0; round < 500; round += 1) {
      const lines = Array.from({ length: 1 + below(random, 100) }, () =>
        line(below(random, 10 ** 10), 1 + below(random, 1_000)),
      );
      const exact = lines.reduce(
        (sum, { unitPrice, quantity }) => sum + BigInt(unitPrice.amountMinor) * BigInt(quantity),
        0n,
      );
      expect(BigInt(totalOf(lines).amountMinor)).toBe(exact);
      expect(totalOf(lines.toReversed())).toEqual(totalOf(lines));
    }
  });

  it('refuses a sum that a number cannot hold instead of rounding it', () => {
    expect(() => totalOf([line(Number.MAX_SAFE_INTEGER, 1), line(1, 1)])).toThrow(RangeError);
  });

  it('refuses to add two currencies', () => {
    const foreign = { unitPrice: { amountMinor: 100, currencyCode: 'EUR' }, quantity: 1 };
    expect(() => totalOf([line(100, 1), foreign])).toThrow('EUR');
  });
});

function line(unitPriceMinor: number, quantity: number) {
  return { unitPrice: money(unitPriceMinor), quantity };
}

function below(random: () => number, limit: number): number {
  return Math.floor(random() * limit);
}

/** Mulberry32: the same numbers in every run. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
