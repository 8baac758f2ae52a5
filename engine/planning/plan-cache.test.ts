import { describe, expect, it } from '@jest/globals';
import { PlanCache } from './plan-cache.ts';

describe('planning/plan cache', () => {
  it('counts hits and misses, entries and bytes', () => {
    const cache = new PlanCache<string>(1_000);
    expect(cache.get('a')).toBeUndefined();
    cache.set('a', 'plan', 99);
    expect(cache.get('a')).toBe('plan');
    expect(cache.statistics).toEqual({ hits: 1, misses: 1, entries: 1, bytes: 100 });
  });

  it('stays within its limit, and drops the least recently used', () => {
    const cache = new PlanCache<number>(1_000);
    for (let index = 0; index < 50_000; index += 1) {
      cache.set(String(index), index, 95);
      cache.get('0');
    }
    expect(cache.statistics.bytes).toBeLessThanOrEqual(1_000);
    expect(cache.get('0')).toBe(0);
    expect(cache.get('1')).toBeUndefined();
  });

  it('does not keep a value that alone is over the limit', () => {
    const cache = new PlanCache<string>(100);
    cache.set('a', 'plan', 1_000);
    expect(cache.statistics.entries).toBe(0);
  });

  it('knows the most used values, even after a value was replaced', () => {
    const cache = new PlanCache<string>(1_000);
    for (const key of ['a', 'b', 'c']) cache.set(key, key, 1);
    for (const key of ['b', 'b', 'c']) cache.get(key);
    cache.set('b', 'b again', 2);
    expect(cache.mostUsed(2)).toEqual(['b again', 'c']);
  });
});
