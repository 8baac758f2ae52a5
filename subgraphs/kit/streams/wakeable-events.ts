/** Where events come from. */
export interface WakeableSource<T> {
  /**
   * Reads the next events, in order: none when there are none now, `undefined` when there will be none any more. Called when
   * the reader has taken all earlier ones, and only after `wake`.
   */
  readonly more: () => Promise<readonly T[] | undefined>;
  /** Called once, at the end, whatever the reason. */
  readonly onEnd: () => void;
}

/**
 * Events that are read when they are asked for: a slow reader holds up no more than one batch of them in memory. It ends at
 * once when its reader leaves, also while it waits, which an async generator could not.
 */
export class WakeableEvents<T> implements AsyncIterableIterator<T> {
  private readonly source: WakeableSource<T>;
  private batch: readonly T[] = [];
  private taken = 0;
  private mayHaveMore = false;
  private isOver = false;
  private failure: Error | undefined;
  private resume: (() => void) | undefined;

  constructor(source: WakeableSource<T>) {
    this.source = source;
  }

  /** There may be more to read. */
  wake(): void {
    this.mayHaveMore = true;
    this.go();
  }

  /** The reader gets these first. */
  beginWith(events: readonly T[]): void {
    this.batch = events;
  }

  /** Ends it: the reader gets the error instead of another event. */
  fail(error: Error): void {
    if (this.isOver) return;
    this.failure = error;
    this.end();
  }

  async next(): Promise<IteratorResult<T>> {
    while (!this.isOver) {
      if (this.taken < this.batch.length) {
        const value = this.batch[this.taken] as T;
        this.taken += 1;
        return { done: false, value };
      }
      if (this.mayHaveMore) await this.readMore();
      else await this.woken();
    }
    const { failure } = this;
    this.failure = undefined;
    if (failure) throw failure;
    return { done: true, value: undefined };
  }

  return(): Promise<IteratorResult<T>> {
    this.end();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private async readMore(): Promise<void> {
    this.mayHaveMore = false;
    try {
      const more = await this.source.more();
      if (more === undefined) this.end();
      this.batch = more ?? [];
      this.taken = 0;
    } catch (error) {
      this.fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private woken(): Promise<void> {
    return new Promise((resolve) => {
      this.resume = resolve;
    });
  }

  private end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.source.onEnd();
    this.go();
  }

  private go(): void {
    const { resume } = this;
    this.resume = undefined;
    resume?.();
  }
}
