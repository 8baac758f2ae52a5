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
export async function followValue<T>(
  options: FollowedValueOptions<T>,
): Promise<AsyncIterableIterator<T>> {
  const followed = new FollowedValue(options);
  await followed.start();
  return followed;
}

class FollowedValue<T> implements AsyncIterableIterator<T> {
  private readonly options: FollowedValueOptions<T>;
  private unfollow: (() => void) | undefined;
  private mayHaveChanged = false;
  private isOver = false;
  private last: T | undefined;
  private first: T | undefined;
  private wake: (() => void) | undefined;

  constructor(options: FollowedValueOptions<T>) {
    this.options = options;
  }

  async start(): Promise<void> {
    this.unfollow = await this.options.follow(() => {
      this.mayHaveChanged = true;
      this.go();
    });
    try {
      this.last = await this.options.read();
      if (this.options.withFirst) this.first = this.last;
    } catch (error) {
      this.unfollow();
      throw error;
    }
  }

  async next(): Promise<IteratorResult<T>> {
    const { first } = this;
    this.first = undefined;
    if (first !== undefined && !this.isOver) return { done: false, value: first };
    while (!this.isOver) {
      if (this.mayHaveChanged) {
        this.mayHaveChanged = false;
        const value = await this.options.read();
        if (value === undefined) return this.return();
        const { last } = this;
        this.last = value;
        if (last === undefined || !this.options.isSame(last, value)) return { done: false, value };
      } else {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
    }
    return { done: true, value: undefined };
  }

  return(): Promise<IteratorResult<T>> {
    this.isOver = true;
    this.unfollow?.();
    this.go();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private go(): void {
    const { wake } = this;
    this.wake = undefined;
    wake?.();
  }
}
