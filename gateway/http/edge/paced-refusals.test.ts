import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { PacedRefusals } from './paced-refusals.ts';

describe('http/paced-refusals', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('answers a few immediately, and the rest a few in each slot, in order', () => {
    const refusals = new PacedRefusals();
    const answered: number[] = [];
    for (let each = 0; each < 50; each += 1) refusals.add(() => answered.push(each));
    expect(answered).toEqual(first(20));
    jest.advanceTimersByTime(10);
    expect(answered).toEqual(first(40));
    refusals.add(() => answered.push(50));
    jest.advanceTimersByTime(10);
    expect(answered).toEqual(first(51));
  });

  it('answers immediately again in the next slot, and leaves no timer behind', () => {
    const refusals = new PacedRefusals();
    let answered = 0;
    const fill = (): void => {
      for (let each = 0; each < 20; each += 1) refusals.add(() => (answered += 1));
    };
    fill();
    jest.advanceTimersByTime(10);
    expect(jest.getTimerCount()).toBe(0);
    fill();
    expect(answered).toBe(40);
  });
});

function first(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}
