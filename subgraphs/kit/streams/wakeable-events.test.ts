import { describe, expect, it } from '@jest/globals';
import { WakeableEvents } from './wakeable-events.ts';

/** Events of which the first ones are there, and more can be put. */
function source(available: (number[] | undefined | Error)[]) {
  const seen = { reads: 0, ends: 0 };
  const events = new WakeableEvents<number>({
    more: () => {
      seen.reads += 1;
      const next = available.shift();
      if (next instanceof Error) return Promise.reject(next);
      return Promise.resolve(next);
    },
    onEnd: () => {
      seen.ends += 1;
    },
  });
  return { events, seen };
}

describe('kit/streams/wakeable-events', () => {
  it('reads when it is woken, and no further before its reader has taken all', async () => {
    const { events, seen } = source([[1, 2], [], [3]]);
    const first = events.next();
    expect(seen.reads).toBe(0);
    events.wake();
    events.wake();
    expect(await first).toEqual({ done: false, value: 1 });
    events.wake();
    expect(seen.reads).toBe(1);
    expect(await events.next()).toEqual({ done: false, value: 2 });
    const third = events.next();
    await Promise.resolve();
    expect(seen.reads).toBe(2);
    events.wake();
    expect(await third).toEqual({ done: false, value: 3 });
  });

  it('ends at once for a reader that leaves while it waits, and says so once', async () => {
    const { events, seen } = source([]);
    const waiting = events.next();
    await events.return();
    await events.return();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(seen).toEqual({ reads: 0, ends: 1 });
  });

  it('ends when there will be no more', async () => {
    const { events, seen } = source([undefined]);
    events.wake();
    expect(await events.next()).toEqual({ done: true, value: undefined });
    expect(seen.ends).toBe(1);
  });

  it.each(['a read that fails', 'an error from outside'])('ends with %s', async (what) => {
    const failure = new Error('lost');
    const { events, seen } = source([failure]);
    const next = events.next();
    if (what === 'a read that fails') events.wake();
    else events.fail(failure);
    await expect(next).rejects.toBe(failure);
    expect(await events.next()).toEqual({ done: true, value: undefined });
    expect(seen.ends).toBe(1);
  });

  it('gives what it begins with first', async () => {
    const { events } = source([[2]]);
    events.beginWith([1]);
    events.wake();
    expect([(await events.next()).value, (await events.next()).value]).toEqual([1, 2]);
  });
});
