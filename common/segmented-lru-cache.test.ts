import { describe, expect, it } from '@jest/globals';
import { SegmentedLruCache } from './segmented-lru-cache.ts';

describe('common/segmented-lru-cache', () => {
  it('keeps values that are used twice, despite any number of values that are used once', () => {
    const cache = new SegmentedLruCache<string>(1_000);
    cache.set('used', 'value', 90);
    expect(cache.get('used')).toBe('value');
    for (let index = 0; index < 50_000; index += 1) cache.set(`once ${index}`, 'value', 90);
    expect(cache.get('used')).toBe('value');
  });

  it('stays within its limit, whether values are used once or twice', () => {
    const cache = new SegmentedLruCache<number>(1_000);
    for (let index = 0; index < 1_000; index += 1) {
      cache.set(String(index), index, 60);
      if (index % 3 === 0) cache.get(String(index));
      expect(cache.bytes).toBeLessThanOrEqual(1_000);
    }
    expect(cache.entries).toBeGreaterThan(10);
  });

  it('accepts a limit that is not an integer', () => {
    const cache = new SegmentedLruCache<string>(1_000 / 3);
    cache.set('key', 'value', 10);
    expect(cache.get('key')).toBe('value');
  });

  it('keeps a new value long enough to be used again', () => {
    const cache = new SegmentedLruCache<string>(1_000);
    cache.set('new', 'value', 47);
    for (let index = 0; index < 4; index += 1) cache.set(`${index}`, 'value', 47);
    expect(cache.get('new')).toBe('value');
  });

  it('evicts the least recently used of the values in use', () => {
    const cache = new SegmentedLruCache<string>(400);
    for (const key of ['a', 'b', 'c']) {
      cache.set(key, key, 99);
      cache.get(key);
    }
    cache.get('a');
    cache.set('d', 'd', 99);
    cache.get('d');
    expect([...cache.values()].sort()).toEqual(['a', 'c', 'd']);
  });

  it('lets a value grow in place, and drops it when it is too large', () => {
    const cache = new SegmentedLruCache<string>(400);
    cache.set('a', 'small', 50);
    cache.get('a');
    cache.set('a', 'large', 250);
    expect([cache.get('a'), cache.bytes]).toEqual(['large', 251]);
    cache.set('a', 'too large', 350);
    expect([cache.get('a'), cache.bytes]).toEqual([undefined, 0]);
  });

  it('accepts any limit, such as a fraction of another one', () => {
    const cache = new SegmentedLruCache<string>(1_000 / 3);
    cache.set('a', 'a', 50);
    expect(cache.get('a')).toBe('a');
    expect(() => new SegmentedLruCache(0.5)).not.toThrow();
  });

  it('does not count a peek as a use', () => {
    const cache = new SegmentedLruCache<string>(400);
    cache.set('a', 'a', 90);
    expect(cache.peek('a')).toBe('a');
    cache.set('b', 'b', 90);
    expect(cache.peek('a')).toBeUndefined();
  });

  it('deletes and clears', () => {
    const cache = new SegmentedLruCache<string>(1_000);
    for (const key of ['a', 'b', 'c']) cache.set(key, key, 1);
    cache.get('b');
    expect([cache.delete('b'), cache.delete('b'), cache.entries]).toEqual([true, false, 2]);
    cache.clear();
    expect(cache.bytes).toBe(0);
  });
});
