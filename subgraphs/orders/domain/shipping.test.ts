import { describe, expect, it } from '@jest/globals';
import { money } from '../../../common/money.ts';
import {
  type Handling,
  isHandling,
  isServed,
  isWeightGrams,
  shippingCost,
  shippingOf,
} from './shipping.ts';

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

  it.each([
    // 4,900 g are ten steps; two surcharges of 2.50.
    ['US', 1_399],
    ['CA', 2_499],
    ['DE', 4_499],
  ])('sends all pieces together to %s for %i cents', (country, cents) => {
    const parcels = [
      { quantity: 3, weightGrams: 100, handling: 'STANDARD' },
      { quantity: 2, weightGrams: 2_300, handling: 'FRAGILE' },
    ] as const;
    expect(shippingOf(parcels, country)).toEqual(money(cents));
  });

  it.each(['AQ', 'us', 'USA', '', '__proto__'])('does not send to %j', (country) => {
    expect(isServed(country)).toBe(false);
    expect(shippingOf([], country)).toBeUndefined();
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
