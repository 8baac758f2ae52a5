import { describe, expect, it } from '@jest/globals';
import { createRequestTime, statementMsNow, withinRequestTime } from './request-time.ts';

describe('kit/request-time (threat 62)', () => {
  const at = { now: 1_000 };
  const clock = { now: () => at.now };

  it('gives a statement the time that is left, a quarter more at most, and no more than its own', () => {
    for (const leftMs of [1, 3, 7, 50, 99, 640, 2_999, 4_999]) {
      const statementMs = createRequestTime(leftMs, clock).statementMs(5_000);
      expect(statementMs).toBeGreaterThanOrEqual(leftMs);
      expect(statementMs).toBeLessThanOrEqual(Math.min(5_000, leftMs * 1.25));
    }
    expect(createRequestTime(60_000, clock).statementMs(5_000)).toBe(5_000);
    expect(createRequestTime(undefined, clock).statementMs(5_000)).toBe(5_000);
  });

  it('changes seldom while there is time enough', () => {
    const numbers = Array.from({ length: 400 }, (_, spentMs) =>
      createRequestTime(3_000 - spentMs, clock).statementMs(5_000),
    );
    expect(new Set(numbers).size).toBe(1);
  });

  it('begins no statement once the time is over or nobody waits', () => {
    const late = createRequestTime(100, clock);
    at.now += 100;
    expect(() => late.statementMs(5_000)).toThrow('Nobody waits');
    const left = createRequestTime(100, clock);
    left.end();
    expect(() => left.statementMs(5_000)).toThrow('Nobody waits');
  });

  it('lets a change that has begun come to its end', () => {
    const change = createRequestTime(100, clock);
    change.finish();
    change.end();
    at.now += 100;
    expect(change.statementMs(5_000)).toBe(5_000);
  });

  it('is that of the request at work, however deep, and nobody’s outside', async () => {
    const time = createRequestTime(64, clock);
    const deep = async (): Promise<number> => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return statementMsNow(5_000);
    };
    expect(await withinRequestTime(time, deep)).toBe(64);
    expect(await deep()).toBe(5_000);
  });
});
