import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Expiring, ExpiryQueue } from './expiry-queue.ts';

describe('fetching/expiry queue', () => {
  let queue: ExpiryQueue;
  let expired: string[];

  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
    queue = new ExpiryQueue({ now: () => Date.now() });
    expired = [];
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('expires each item within a tick of its time, in any order of arrival', () => {
    queue.add(item('late', 100));
    queue.add(item('early', 30));
    jest.advanceTimersByTime(29);
    expect(expired).toEqual([]);
    jest.advanceTimersByTime(21);
    expect(expired).toEqual(['early']);
    jest.advanceTimersByTime(70);
    expect(expired).toEqual(['early', 'late']);
  });

  it('does not expire finished items, and keeps no timer when nothing is in flight', () => {
    const done = item('done', 30);
    queue.add(done);
    queue.delete(done);
    jest.advanceTimersByTime(100);
    expect(expired).toEqual([]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('starts again for later items', () => {
    queue.add(item('first', 30));
    jest.advanceTimersByTime(100);
    queue.add(item('second', 150));
    jest.advanceTimersByTime(100);
    expect(expired).toEqual(['first', 'second']);
  });

  it('keeps the other items when one is finished', () => {
    const items = ['first', 'second', 'third'].map((name) => item(name, 30));
    for (const each of items) queue.add(each);
    for (const each of items.slice(0, 2)) {
      queue.delete(each);
      queue.delete(each);
    }
    jest.advanceTimersByTime(100);
    expect(expired).toEqual(['third']);
  });

  it('does not expire an item that the expiry of another one has ended', () => {
    const ended = item('ended', 30);
    const expire = (): void => {
      expired.push('ending');
      queue.delete(ended);
    };
    queue.add({ expiresAt: 30, queueIndex: -1, expire });
    queue.add(ended);
    jest.advanceTimersByTime(100);
    expect(expired).toEqual(['ending']);
  });

  function item(name: string, expiresAt: number): Expiring {
    return { expiresAt, queueIndex: -1, expire: () => void expired.push(name) };
  }
});
