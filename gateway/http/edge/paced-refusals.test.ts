import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { PacedRefusals } from './paced-refusals.ts';

describe('http/paced-refusals', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('answers a few at once, and the rest a few in each slot, in their order', () => {
    const refusals = new PacedRefusals({ perSlot: 3, slotMs: 10 });
    const answered: number[] = [];
    for (let each = 0; each < 8; each += 1) refusals.add(() => answered.push(each));
    expect(answered).toEqual([0, 1, 2]);
    jest.advanceTimersByTime(10);
    expect(answered).toEqual([0, 1, 2, 3, 4, 5]);
    refusals.add(() => answered.push(8));
    jest.advanceTimersByTime(10);
    expect(answered).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('answers at once again when a slot has passed, and then waits for nothing', () => {
    const refusals = new PacedRefusals({ perSlot: 1, slotMs: 10 });
    let answered = 0;
    refusals.add(() => (answered += 1));
    jest.advanceTimersByTime(10);
    expect(jest.getTimerCount()).toBe(0);
    refusals.add(() => (answered += 1));
    expect(answered).toBe(2);
  });
});
