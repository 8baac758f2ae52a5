import { describe, expect, it } from '@jest/globals';
import { money } from '../../../common/money.ts';
import { type Handling, isHandling, isWeightGrams, shippingCost } from './shipping.ts';

describe('orders/domain/shipping', () => {
  it.each<[number, Handling, number]>([
    [1, 'STANDARD', 449],
    [500, 'STANDARD', 449],
    [501, 'STANDARD', 499],
    [2_100, 'STANDARD', 649],
    [2_100, 'FRAGILE', 899],
    [2_100, 'BULKY', 2_149],
  ])('asks for %i g, handled %s, %i cents', (weightGrams, handling, cents) => {
    expect(shippingCost(weightGrams, handling)).toEqual(money(cents));
  });

  it('never gets cheaper with weight', () => {
    let before = 0;
    for (let grams = 1; grams <= 1_000_000; grams += 333) {
      const { amountMinor } = shippingCost(grams, 'STANDARD');
      expect(amountMinor).toBeGreaterThanOrEqual(before);
      before = amountMinor;
    }
  });

  it.each([
    [-1_000],
    [0],
    [0.5],
    [1_000_001],
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    ['500'],
    [null],
    [undefined],
    [[500]],
  ])('takes %p for no weight', (value) => {
    expect(isWeightGrams(value)).toBe(false);
  });

  it.each([['fragile'], ['__proto__'], ['constructor'], [''], [null], [undefined], [1]])(
    'takes %p for no handling',
    (value) => {
      expect(isHandling(value)).toBe(false);
    },
  );
});
