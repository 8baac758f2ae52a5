import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Logger } from '../common/logger.ts';
import { reportPlanCache } from './plan-cache-report.ts';

describe('gateway/plan cache report', () => {
  let seen: { hits: number; misses: number };
  let lines: unknown[];
  let end: () => void;

  beforeEach(() => {
    jest.useFakeTimers();
    seen = { hits: 0, misses: 0 };
    lines = [];
    end = start(1_000);
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('threat 15: reports the share of operations with a cached plan', () => {
    seen = { hits: 2, misses: 1 };
    jest.advanceTimersByTime(1_000);
    expect(lines).toEqual([{ hits: 2, misses: 1, hitPercent: 66.7, entries: 3, bytes: 42 }]);
  });

  it('reports each time what is new, and nothing without operations', () => {
    seen = { hits: 2, misses: 2 };
    jest.advanceTimersByTime(3_000);
    seen = { hits: 3, misses: 2 };
    jest.advanceTimersByTime(1_000);
    expect(lines).toMatchObject([{ hitPercent: 50 }, { hits: 1, misses: 0, hitPercent: 100 }]);
  });

  it('starts again with the cache of a new supergraph', () => {
    seen = { hits: 90, misses: 10 };
    jest.advanceTimersByTime(1_000);
    seen = { hits: 1, misses: 1 };
    jest.advanceTimersByTime(1_000);
    expect(lines[1]).toMatchObject({ hits: 1, misses: 1, hitPercent: 50 });
  });

  it('ends with what has not been reported yet', () => {
    seen = { hits: 1, misses: 0 };
    end();
    jest.advanceTimersByTime(5_000);
    expect(lines).toHaveLength(1);
  });

  it('reports only at the end when the interval is 0', () => {
    lines = [];
    const endQuiet = start(0);
    seen = { hits: 1, misses: 0 };
    jest.advanceTimersByTime(500);
    endQuiet();
    expect(lines).toHaveLength(1);
  });

  function start(everyMs: number): () => void {
    const log = { info: (fields: unknown) => lines.push(fields) } as unknown as Logger;
    return reportPlanCache({
      statistics: () => ({ ...seen, entries: 3, bytes: 42 }),
      everyMs,
      log,
    });
  }
});
