import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Logger } from '../../common/logger.ts';
import { repeat } from './repeat.ts';

describe('kit/repeat', () => {
  const lines: string[] = [];
  const log = {
    warn: (_: object, message: string) => lines.push(`warn ${message}`),
    info: (_: object, message: string) => lines.push(`info ${message}`),
  } as unknown as Logger;

  beforeEach(() => {
    lines.length = 0;
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('runs again and again, each time after a pause, and never two at a time', async () => {
    const ends: (() => void)[] = [];
    const repeated = repeat({
      name: 'work',
      everyMs: 1_000,
      run: () => new Promise((resolve) => ends.push(resolve)),
      log,
    });
    expect(ends).toHaveLength(0);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(ends).toHaveLength(1);
    ends[0]?.();
    await jest.advanceTimersByTimeAsync(999);
    expect(ends).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(1);
    expect(ends).toHaveLength(2);
    ends[1]?.();
    await repeated.stop();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(ends).toHaveLength(2);
  });

  it('runs at once when it is woken, and once more when that was while it ran', async () => {
    const ends: (() => void)[] = [];
    const repeated = repeat({
      name: 'work',
      everyMs: 60_000,
      run: () => new Promise((resolve) => ends.push(resolve)),
      log,
    });
    repeated.wake();
    repeated.wake();
    await jest.advanceTimersByTimeAsync(1);
    expect(ends).toHaveLength(1);
    repeated.wake();
    await jest.advanceTimersByTimeAsync(1);
    expect(ends).toHaveLength(1);
    ends[0]?.();
    await jest.advanceTimersByTimeAsync(1);
    expect(ends).toHaveLength(2);
    ends[1]?.();
    await jest.advanceTimersByTimeAsync(59_000);
    expect(ends).toHaveLength(2);
    await repeated.stop();
    repeated.wake();
    await jest.advanceTimersByTimeAsync(120_000);
    expect(ends).toHaveLength(2);
  });

  it('runs sooner than usual when a run asks for it, and later never', async () => {
    const asked = [200, 60_000, -5, undefined];
    let runs = 0;
    const repeated = repeat({
      name: 'work',
      everyMs: 1_000,
      run: (_signal, againIn) => {
        const ms = asked[runs];
        if (ms !== undefined) againIn(ms);
        runs += 1;
        return Promise.resolve();
      },
      log,
    });
    const counts: number[] = [];
    for (const ms of [1_000, 199, 1, 999, 1, 1, 999, 1]) {
      await jest.advanceTimersByTimeAsync(ms);
      counts.push(runs);
    }
    expect(counts).toEqual([1, 1, 2, 2, 3, 4, 4, 5]);
    await repeated.stop();
  });

  it('goes on after a failure, and logs each kind of failure once until it is over', async () => {
    const outcomes = ['away', 'away', 'full', undefined, 'away'];
    const repeated = repeat({
      name: 'work',
      everyMs: 1_000,
      run: async () => {
        const reason = outcomes.shift();
        if (reason !== undefined) throw new Error(reason);
      },
      log,
    });
    await jest.advanceTimersByTimeAsync(5_000);
    expect(lines).toEqual([
      'warn a periodic job failed',
      'warn a periodic job failed',
      'info a periodic job succeeds again',
      'warn a periodic job failed',
    ]);
    await repeated.stop();
  });

  it('stops when the current run has ended, which is told to start nothing new', async () => {
    let end = (): void => undefined;
    let seen: AbortSignal | undefined;
    const repeated = repeat({
      name: 'work',
      everyMs: 1_000,
      run: (signal) => {
        seen = signal;
        return new Promise((resolve) => (end = resolve));
      },
      log,
    });
    await jest.advanceTimersByTimeAsync(1_000);
    let hasStopped = false;
    const stopped = repeated.stop().then(() => (hasStopped = true));
    await jest.advanceTimersByTimeAsync(100);
    expect([hasStopped, seen?.aborted]).toEqual([false, true]);
    end();
    await stopped;
  });
});
