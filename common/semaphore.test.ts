import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createSemaphore, type Semaphore } from './semaphore.ts';

describe('common/semaphore', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('lets as many in as it has places, and the next when one leaves', async () => {
    const door = semaphore({ places: 2 });
    const leave = await door.acquire();
    await door.acquire();
    const entered = watch(door, 'third');
    expect(await entered()).toEqual([]);
    leave();
    expect(await entered()).toEqual(['third']);
  });

  it('serves the line in the order in which it came', async () => {
    const door = semaphore({ places: 1 });
    const leave = await door.acquire();
    const order: string[] = [];
    for (const name of ['a', 'b', 'c']) {
      void door.acquire().then((next) => {
        order.push(name);
        next();
      });
    }
    leave();
    await settle();
    expect(order).toEqual(['a', 'b', 'c']);
  });

  it('gives a place back once, however often it is told', async () => {
    const door = semaphore({ places: 1 });
    const leave = await door.acquire();
    leave();
    leave();
    await door.acquire();
    const entered = watch(door, 'second');
    expect(await entered()).toEqual([]);
  });

  it('refuses at once when the line is full', async () => {
    const door = semaphore({ places: 1, maxWaiting: 1 });
    await door.acquire();
    void door.acquire();
    await expect(door.acquire()).rejects.toMatchObject({
      code: 'OVERLOADED',
      message: 'Too many are waiting for the door.',
    });
  });

  it('refuses who waits over the deadline, and gives the place to the one behind', async () => {
    const door = semaphore({ places: 1, maxWaitMs: 100 });
    const leave = await door.acquire();
    const late = expect(door.acquire()).rejects.toMatchObject({
      code: 'OVERLOADED',
      message: 'No place for the door within 100 ms.',
    });
    await jest.advanceTimersByTimeAsync(60);
    const entered = watch(door, 'behind');
    await jest.advanceTimersByTimeAsync(60);
    await late;
    leave();
    expect(await entered()).toEqual(['behind']);
  });

  it('leaves no timer behind', async () => {
    const door = semaphore({ places: 1 });
    const leave = await door.acquire();
    const next = door.acquire();
    leave();
    (await next)();
    expect(jest.getTimerCount()).toBe(0);
  });
});

function semaphore(change: { places: number; maxWaiting?: number; maxWaitMs?: number }): Semaphore {
  return createSemaphore({ name: 'the door', maxWaiting: 10, maxWaitMs: 1_000, ...change });
}

/** Waits for a place; the function says who has entered by now. */
function watch(door: Semaphore, name: string): () => Promise<readonly string[]> {
  const entered: string[] = [];
  void door.acquire().then(() => entered.push(name));
  return async () => {
    await settle();
    return entered;
  };
}

async function settle(): Promise<void> {
  await jest.advanceTimersByTimeAsync(0);
}
