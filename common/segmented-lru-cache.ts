import { LRUCache } from 'lru-cache';

/** The share of the limit for values that were used only once. */
const probationaryShare = 1 / 4;

/**
 * A segmented LRU cache with a limit in bytes. New values get a quarter of it, and move to the rest when they are used
 * again; each segment evicts its least recently used value first. So values that are used only once, however many,
 * never evict values in use.
 */
export class SegmentedLruCache<T> {
  private readonly probationary: LRUCache<string, Sized<T>>;
  private readonly protectedEntries: LRUCache<string, Sized<T>>;

  constructor(bytesMax: number) {
    this.probationary = lruOf(bytesMax * probationaryShare);
    this.protectedEntries = lruOf(bytesMax * (1 - probationaryShare));
  }

  get(key: string): T | undefined {
    const known = this.protectedEntries.get(key);
    if (known) return known.value;
    const promoted = this.probationary.get(key);
    if (!promoted) return undefined;
    this.probationary.delete(key);
    this.protectedEntries.set(key, promoted);
    return promoted.value;
  }

  /** Like `get`, but does not count as a use. */
  peek(key: string): T | undefined {
    return (this.protectedEntries.peek(key) ?? this.probationary.peek(key))?.value;
  }

  /**
   * `bytes` is the size of the value without its key. A value that has grown can be set again. A value larger than its
   * segment is not kept.
   */
  set(key: string, value: T, bytes: number): void {
    const sized = { value, bytes: Math.max(1, Math.ceil(bytes + key.length)) };
    (this.protectedEntries.has(key) ? this.protectedEntries : this.probationary).set(key, sized);
  }

  /** Returns whether there was something to delete. */
  delete(key: string): boolean {
    return this.protectedEntries.delete(key) || this.probationary.delete(key);
  }

  clear(): void {
    this.probationary.clear();
    this.protectedEntries.clear();
  }

  *values(): IterableIterator<T> {
    for (const { value } of this.protectedEntries.values()) yield value;
    for (const { value } of this.probationary.values()) yield value;
  }

  get entries(): number {
    return this.protectedEntries.size + this.probationary.size;
  }

  get bytes(): number {
    return this.protectedEntries.calculatedSize + this.probationary.calculatedSize;
  }
}

interface Sized<T> {
  readonly value: T;
  readonly bytes: number;
}

/** A share of a limit may be fractional. */
function lruOf<T>(bytesMax: number): LRUCache<string, Sized<T>> {
  const maxSize = Math.max(1, Math.floor(bytesMax));
  return new LRUCache({ maxSize, sizeCalculation: ({ bytes }) => bytes });
}
