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

  it('expires each item within a tick of its time, whatever the order they came in', () => {
    queue.add(item('late', 100));
    queue.add(item('early', 30));
    jest.advanceTimersByTime(29);
    expect(expired).toEqual([]);
    jest.advanceTimersByTime(21);
    expect(expired).toEqual(['early']);
    jest.advanceTimersByTime(70);
    expect(expired).toEqual(['early', 'late']);
  });

  it('leaves alone what is over, and keeps no timer when nothing is in flight', () => {
    const done = item('done', 30);
    queue.add(done);
    queue.delete(done);
    jest.advanceTimersByTime(100);
    expect(expired).toEqual([]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('watches again when new items come later', () => {
    queue.add(item('first', 30));
    jest.advanceTimersByTime(100);
    queue.add(item('second', 150));
    jest.advanceTimersByTime(100);
    expect(expired).toEqual(['first', 'second']);
  });

  function item(name: string, expiresAt: number): Expiring {
    return { expiresAt, expire: () => void expired.push(name) };
  }
});
