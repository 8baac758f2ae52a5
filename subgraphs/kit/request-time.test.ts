import { describe, expect, it } from '@jest/globals';
import { createRequestTime, statementMsNow, withinRequestTime } from './request-time.ts';

describe('kit/request-time (threat 62)', () => {
  const at = { now: 1_000 };
  const clock = { now: () => at.now };

  it('gives a statement the time that is left, at most a quarter more, and no more than its own maximum', () => {
    for (const leftMs of [1, 3, 7, 50, 99, 640, 2_999, 4_999]) {
      const statementMs = createRequestTime(leftMs, clock).statementMs(5_000);
      expect(statementMs).toBeGreaterThanOrEqual(leftMs);
      expect(statementMs).toBeLessThanOrEqual(Math.min(5_000, leftMs * 1.25));
    }
    expect(createRequestTime(60_000, clock).statementMs(5_000)).toBe(5_000);
    expect(createRequestTime(undefined, clock).statementMs(5_000)).toBe(5_000);
  });

  it('rarely changes while there is enough time', () => {
    const numbers = Array.from({ length: 400 }, (_, spentMs) =>
      createRequestTime(3_000 - spentMs, clock).statementMs(5_000),
    );
    expect(new Set(numbers).size).toBe(1);
  });

  it('starts no statement once the time is over or the client no longer waits', () => {
    const late = createRequestTime(100, clock);
    at.now += 100;
    expect(() => late.statementMs(5_000)).toThrow('no longer waits');
    const left = createRequestTime(100, clock);
    left.end();
    expect(() => left.statementMs(5_000)).toThrow('no longer waits');
  });

  it('lets a change that has started finish', () => {
    const change = createRequestTime(100, clock);
    change.finish();
    change.end();
    at.now += 100;
    expect(change.statementMs(5_000)).toBe(5_000);
  });

  it('is that of the current request at any depth, and unlimited outside of one', async () => {
    const time = createRequestTime(64, clock);
    const deep = async (): Promise<number> => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return statementMsNow(5_000);
    };
    expect(await withinRequestTime(time, deep)).toBe(64);
    expect(await deep()).toBe(5_000);
  });
});
