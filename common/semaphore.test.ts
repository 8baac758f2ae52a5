import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createSemaphore, type Semaphore } from './semaphore.ts';

describe('common/semaphore', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('admits as many as it has places, and the next when one leaves', async () => {
    const door = semaphore({ places: 2 });
    const leave = await door.acquire();
    await door.acquire();
    const entered = watch(door, 'third');
    expect(await entered()).toEqual([]);
    leave();
    expect(await entered()).toEqual(['third']);
  });

  it('serves waiting callers in order of arrival', async () => {
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

  it('serves groups in turn, however many of one group wait', async () => {
    const door = semaphore({ places: 1, maxWaiting: 50 });
    const leave = await door.acquire({ group: 'crowd', member: '0' });
    const served: string[] = [];
    const come = (group: string, member: string): void => {
      void door.acquire({ group, member }).then((next) => {
        served.push(`${group} ${member}`);
        next();
      });
    };
    for (let n = 1; n <= 20; n += 1) come('crowd', '1');
    come('crowd', '2');
    come('alone', '1');
    come('alone', '1');
    leave();
    await settle();
    // The crowd was served before any other group arrived; within it, a member without a place so far goes first.
    expect(served.slice(0, 4).sort()).toEqual(['alone 1', 'alone 1', 'crowd 1', 'crowd 2']);
    expect(served).toHaveLength(23);
  });

  it('gives no priority for absence: a late caller starts level with the others', async () => {
    const door = semaphore({ places: 1, maxWaiting: 50 });
    let leave = await door.acquire({ group: 'early', member: '1' });
    const served: string[] = [];
    const come = (group: string): void => {
      void door.acquire({ group, member: '1' }).then((next) => {
        served.push(group);
        leave = next;
      });
    };
    for (let n = 0; n < 10; n += 1) come('early');
    for (let n = 0; n < 4; n += 1) {
      leave();
      await settle();
    }
    for (let n = 0; n < 4; n += 1) come('late');
    for (let n = 0; n < 4; n += 1) {
      leave();
      await settle();
    }
    expect(served.slice(4).sort()).toEqual(['early', 'early', 'late', 'late']);
  });

  it('rejects the last caller of the largest group when the queue is full', async () => {
    const door = semaphore({ places: 1, maxWaiting: 3 });
    await door.acquire();
    const refused: number[] = [];
    for (let n = 1; n <= 3; n += 1) {
      door.acquire({ group: 'crowd', member: String(n) }).catch(() => refused.push(n));
    }
    void door.acquire({ group: 'alone', member: '1' });
    await settle();
    expect(refused).toEqual([3]);
    await expect(door.acquire({ group: 'crowd', member: '4' })).rejects.toMatchObject({
      code: 'OVERLOADED',
    });
  });

  it('releases a place only once', async () => {
    const door = semaphore({ places: 1 });
    const leave = await door.acquire();
    leave();
    leave();
    await door.acquire();
    const entered = watch(door, 'second');
    expect(await entered()).toEqual([]);
  });

  it('rejects immediately when the queue is full', async () => {
    const door = semaphore({ places: 1, maxWaiting: 1 });
    await door.acquire();
    void door.acquire();
    await expect(door.acquire()).rejects.toMatchObject({
      code: 'OVERLOADED',
      message: 'Too many are waiting for the door.',
    });
  });

  it('rejects a caller after the maximum wait, and admits the next one', async () => {
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

/** Waits for a place; the returned function tells which callers have been admitted. */
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
