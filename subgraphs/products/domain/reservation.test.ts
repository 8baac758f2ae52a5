import { describe, expect, it } from '@jest/globals';
import { areSameItems, inLockOrder } from './reservation.ts';

const item = (productId: string, quantity = 1) => ({ productId, quantity });

describe('products/domain/reservation', () => {
  it('sorts ids as numbers, not as text, even when a JavaScript number is not exact', () => {
    const ids = ['10', '9', '9007199254740993', '9007199254740992', '1000'];
    expect(inLockOrder(ids.map((id) => item(id))).map(({ productId }) => productId)).toEqual([
      '9',
      '10',
      '1000',
      '9007199254740992',
      '9007199254740993',
    ]);
  });

  it.each([
    [[item('1', 2), item('2')], [item('2'), item('1', 2)], true],
    [[item('1')], [item('1', 2)], false],
    [[item('1')], [item('2')], false],
    [[item('1')], [item('1'), item('2')], false],
    [[], [], true],
  ])('compares %j and %j: %p', (some, others, areSame) => {
    expect(areSameItems(some, others)).toBe(areSame);
  });
});
