import { SegmentedLruCache } from '../../common/segmented-lru-cache.ts';

/** The counters of a cache since its creation. */
export interface CacheStatistics {
  readonly hits: number;
  readonly misses: number;
  readonly entries: number;
  /** An estimate. */
  readonly bytes: number;
}

/**
 * A cache of prepared operations, limited in bytes; see SegmentedLruCache for what is evicted first. Counts uses, so that a
 * new supergraph can start with the most used operations.
 */
export class PlanCache<T> {
  private readonly cache: SegmentedLruCache<Entry<T>>;
  private hits = 0;
  private misses = 0;

  constructor(bytesMax: number) {
    this.cache = new SegmentedLruCache(bytesMax);
  }

  get(key: string): T | undefined {
    const entry = this.cache.get(key);
    if (!entry) {
      this.misses += 1;
      return undefined;
    }
    this.hits += 1;
    entry.uses += 1;
    return entry.value;
  }

  /** `bytes` is the size of the value without its key. A value that has grown can be set again. */
  set(key: string, value: T, bytes: number): void {
    this.cache.set(key, { value, uses: this.cache.peek(key)?.uses ?? 1 }, bytes);
  }

  /** The most used values, most used first. */
  mostUsed(count: number): T[] {
    return [...this.cache.values()]
      .sort((left, right) => right.uses - left.uses)
      .slice(0, count)
      .map(({ value }) => value);
  }

  get statistics(): CacheStatistics {
    const { entries, bytes } = this.cache;
    return { hits: this.hits, misses: this.misses, entries, bytes };
  }
}

interface Entry<T> {
  readonly value: T;
  uses: number;
}
