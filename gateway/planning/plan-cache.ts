import { LRUCache } from 'lru-cache';

/** What a cache has seen since it was made. */
export interface CacheStatistics {
  readonly hits: number;
  readonly misses: number;
  readonly entries: number;
  /** As estimated. */
  readonly bytes: number;
}

/**
 * Holds what has been worked out for operations, up to a number of bytes; the least recently used goes first. Counts
 * uses, so that a new supergraph can start with what is asked for most.
 */
export class PlanCache<T> {
  private readonly entries: LRUCache<string, Entry<T>>;
  private hits = 0;
  private misses = 0;

  constructor(bytesMax: number) {
    this.entries = new LRUCache({ maxSize: bytesMax, sizeCalculation: ({ bytes }) => bytes });
  }

  get(key: string): T | undefined {
    const entry = this.entries.get(key);
    if (!entry) {
      this.misses += 1;
      return undefined;
    }
    this.hits += 1;
    entry.uses += 1;
    return entry.value;
  }

  /** `bytes` is an estimate of what the value occupies, without its key. A value may be set again when it has grown. */
  set(key: string, value: T, bytes: number): void {
    const uses = this.entries.peek(key)?.uses ?? 1;
    this.entries.set(key, { value, uses, bytes: Math.max(1, Math.ceil(bytes + key.length)) });
  }

  /** The most used values, most used first. */
  mostUsed(count: number): T[] {
    return [...this.entries.values()]
      .sort((left, right) => right.uses - left.uses)
      .slice(0, count)
      .map(({ value }) => value);
  }

  get statistics(): CacheStatistics {
    const { size, calculatedSize } = this.entries;
    return { hits: this.hits, misses: this.misses, entries: size, bytes: calculatedSize };
  }
}

interface Entry<T> {
  readonly value: T;
  readonly bytes: number;
  uses: number;
}
