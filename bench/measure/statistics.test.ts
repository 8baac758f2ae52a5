import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { figureOf, quantile } from './statistics.ts';

describe('measure/statistics', () => {
  it('takes the middle value and the range, in whatever order the values came', () => {
    assert.deepEqual(figureOf([9, 1, 4]), { median: 4, least: 1, most: 9 });
  });

  it('takes the mean of the two middle values of an even number', () => {
    assert.equal(figureOf([10, 2, 4, 1]).median, 3);
  });

  it('finds the value below which a share lies', () => {
    const hundred = Array.from({ length: 101 }, (_, n) => n);
    assert.equal(quantile(hundred, 0.99), 99);
  });

  it('has no figure for no values', () => {
    assert.throws(() => figureOf([]), RangeError);
  });
});
