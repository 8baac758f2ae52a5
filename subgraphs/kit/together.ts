import { setImmediate as nextTurn } from 'node:timers/promises';
import { AppError } from '../../common/errors.ts';
import { outsideOfRequests } from './request-time.ts';

/** How calls are put together. */
export interface TogetherOptions<TItem, TResult> {
  /** Does all of them at once, and gives the result of each, in their order. */
  readonly run: (items: readonly TItem[]) => Promise<readonly TResult[]>;
  /** The most that are done at once. */
  readonly most: number;
  /** Items with equal keys are never done at once, but one after the other; without it, all may be. */
  readonly keyOf?: (item: TItem) => string;
  /**
   * Whether a failure may be the fault of one item: then each is done again alone, and only that one fails. `run` must be
   * safe to repeat. By default all fail.
   */
  readonly isOfOne?: (error: unknown) => boolean;
}

/** So many wait at the most. */
const maxWaiting = 10_000;

/** So many turns of the event loop are waited for others before each time: the busier the process is, the longer they are. */
const gatheringTurns = 3;

interface Waiting<TItem, TResult> {
  readonly item: TItem;
  readonly resolve: (result: TResult) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Puts calls together: one that comes alone is done after a few turns of the event loop; those that come meanwhile are
 * done with it, and those that come while others are under way are done together after them. So the more there is to do,
 * the less each costs. What they do belongs to no request: it is not given up when one of their clients leaves. Rejects
 * with AppError OVERLOADED when too many wait.
 */
export function createTogether<TItem, TResult>({
  run,
  most,
  keyOf,
  isOfOne = () => false,
}: TogetherOptions<TItem, TResult>): (item: TItem) => Promise<TResult> {
  let waiting: Waiting<TItem, TResult>[] = [];
  let isRunning = false;

  const runAll = async (): Promise<void> => {
    await gather();
    while (waiting.length > 0) {
      await settle(next());
      await gather();
    }
    isRunning = false;
  };

  const next = (): readonly Waiting<TItem, TResult>[] => {
    if (!keyOf) return waiting.splice(0, most);
    const keys = new Set<string>();
    const taken: Waiting<TItem, TResult>[] = [];
    waiting = waiting.filter((each) => {
      const key = keyOf(each.item);
      if (taken.length >= most || keys.has(key)) return true;
      keys.add(key);
      taken.push(each);
      return false;
    });
    return taken;
  };

  const settle = async (all: readonly Waiting<TItem, TResult>[]): Promise<void> => {
    try {
      const results = await run(all.map(({ item }) => item));
      if (results.length !== all.length) {
        throw new Error(`Expected ${all.length} results, got ${results.length}.`);
      }
      for (const [index, { resolve }] of all.entries()) resolve(results[index] as TResult);
    } catch (error) {
      if (all.length > 1 && isOfOne(error)) {
        for (const each of all) await settle([each]);
      } else {
        for (const { reject } of all) reject(error);
      }
    }
  };

  const gather = async (): Promise<void> => {
    for (let turn = 0; turn < gatheringTurns; turn += 1) await nextTurn();
  };

  return (item) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= maxWaiting) {
        reject(new AppError('OVERLOADED', 'Too much waits to be done.'));
        return;
      }
      waiting.push({ item, resolve, reject });
      if (isRunning) return;
      isRunning = true;
      void outsideOfRequests(runAll);
    });
}
