import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { systemClock } from '../../common/clock.ts';
import { createRequestTime, statementMsNow, withinRequestTime } from './request-time.ts';
import { createTogether } from './together.ts';

/** Runs with what each had, and lets a test end the current one. */
function createRuns() {
  const runs: number[][] = [];
  let end = (): void => undefined;
  return {
    runs,
    end: () => {
      end();
    },
    run: async (items: readonly number[]): Promise<readonly number[]> => {
      runs.push([...items]);
      await new Promise<void>((resolve) => (end = resolve));
      return items.map((item) => item * 10);
    },
  };
}

async function begun(runs: readonly unknown[], count: number): Promise<void> {
  while (runs.length < count) await pause(1);
}

describe('kit/together', () => {
  it('does at once what comes alone, and together what comes meanwhile, as many as may be', async () => {
    const { runs, run, end } = createRuns();
    const call = createTogether({ run, most: 2 });
    const first = call(1);
    await begun(runs, 1);
    const others = [2, 3, 4].map(call);
    end();
    await begun(runs, 2);
    end();
    await begun(runs, 3);
    end();
    expect(await Promise.all([first, ...others])).toEqual([10, 20, 30, 40]);
    expect(runs).toEqual([[1], [2, 3], [4]]);
  });

  it('never does two with one key at once, and keeps their order', async () => {
    const runs: string[][] = [];
    const call = createTogether<string, string>({
      run: (items) => {
        runs.push([...items]);
        return Promise.resolve(items);
      },
      most: 10,
      keyOf: (item) => item.slice(0, 1),
    });
    await Promise.all(['a1', 'a2', 'b1', 'a3', 'b2'].map(call));
    expect(runs).toEqual([['a1', 'b1'], ['a2', 'b2'], ['a3']]);
  });

  it('fails for all, or does each again alone when one of them may be at fault', async () => {
    const run = (items: readonly number[]): Promise<readonly number[]> =>
      items.includes(13) ? Promise.reject(new Error('13')) : Promise.resolve(items);
    const states = async (call: (item: number) => Promise<number>) =>
      (await Promise.allSettled([12, 13, 14].map(call))).map(({ status }) => status);
    expect(await states(createTogether({ run, most: 10 }))).toEqual(Array(3).fill('rejected'));
    const apart = createTogether({ run, most: 10, isOfOne: () => true });
    expect(await states(apart)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await apart(1)).toBe(1);
  });

  it('is not limited by the time of the request that came first', async () => {
    const call = createTogether<number, number>({
      run: (items) => Promise.resolve(items.map(() => statementMsNow(5_000))),
      most: 10,
    });
    const time = createRequestTime(100, systemClock);
    time.end();
    expect(await withinRequestTime(time, () => call(1))).toBe(5_000);
  });

  it('turns away what would wait without end', async () => {
    const call = createTogether({
      run: (items: readonly number[]) => Promise.resolve(items),
      most: 100,
    });
    const all = await Promise.allSettled(Array.from({ length: 10_001 }, (_, index) => call(index)));
    expect(all.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect(all.at(-1)).toMatchObject({ reason: { code: 'OVERLOADED' } });
  });
});
