import { WakeableEvents } from './wakeable-events.ts';

/** The options for following a value. */
export interface FollowedValueOptions<T> {
  /** Calls back when the value may have changed; see `Changes`. */
  readonly follow: (onChange: () => void) => Promise<() => void>;
  /** Reads the current value; `undefined` when it no longer exists, which ends the stream. */
  readonly read: () => Promise<T | undefined>;
  readonly isSame: (one: T, other: T) => boolean;
  /** Whether to yield the initial value too. */
  readonly withFirst: boolean;
}

/**
 * The successive values of something: it is read again when it may have changed, and yielded if it has. A
 * slow reader gets the newest. No change is missed after the first value, because following starts before the first
 * read. Rejects with the error of the first read.
 */
export async function followValue<T>({
  follow,
  read,
  isSame,
  withFirst,
}: FollowedValueOptions<T>): Promise<AsyncIterableIterator<T>> {
  let last: T | undefined;
  let unfollow = (): void => undefined;
  const events = new WakeableEvents<T>({
    async more() {
      const value = await read();
      if (value === undefined) return undefined;
      const isNews = last === undefined || !isSame(last, value);
      last = value;
      return isNews ? [value] : [];
    },
    onEnd: () => {
      unfollow();
    },
  });
  unfollow = await follow(() => {
    events.wake();
  });
  try {
    last = await read();
  } catch (error) {
    unfollow();
    throw error;
  }
  if (withFirst && last !== undefined) events.beginWith([last]);
  return events;
}
