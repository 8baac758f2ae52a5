import { LRUCache } from 'lru-cache';

/** The part of its bytes in which a cache holds what was asked for once. */
const newcomersShare = 1 / 4;

/**
 * Holds values up to a number of bytes. What is new lives in a quarter of them until it is asked for again, and only
 * then moves over to the rest; in each part the least recently used goes first. So what comes once, however often
 * that happens, drives out nothing that is in use.
 */
export class TwoPartCache<T> {
  private readonly newcomers: LRUCache<string, Sized<T>>;
  private readonly residents: LRUCache<string, Sized<T>>;

  constructor(bytesMax: number) {
    this.newcomers = lruOf(bytesMax * newcomersShare);
    this.residents = lruOf(bytesMax * (1 - newcomersShare));
  }

  get(key: string): T | undefined {
    const resident = this.residents.get(key);
    if (resident) return resident.value;
    const newcomer = this.newcomers.get(key);
    if (!newcomer) return undefined;
    this.newcomers.delete(key);
    this.residents.set(key, newcomer);
    return newcomer.value;
  }

  /** As `get`, and counts as no use. */
  peek(key: string): T | undefined {
    return (this.residents.peek(key) ?? this.newcomers.peek(key))?.value;
  }

  /**
   * `bytes` is what the value occupies, without its key. A value may be set again when it has grown. What is larger
   * than the part it belongs to is not kept.
   */
  set(key: string, value: T, bytes: number): void {
    const sized = { value, bytes: Math.max(1, Math.ceil(bytes + key.length)) };
    (this.residents.has(key) ? this.residents : this.newcomers).set(key, sized);
  }

  /** Whether there was something to delete. */
  delete(key: string): boolean {
    return this.residents.delete(key) || this.newcomers.delete(key);
  }

  clear(): void {
    this.newcomers.clear();
    this.residents.clear();
  }

  *values(): IterableIterator<T> {
    for (const { value } of this.residents.values()) yield value;
    for (const { value } of this.newcomers.values()) yield value;
  }

  get entries(): number {
    return this.residents.size + this.newcomers.size;
  }

  get bytes(): number {
    return this.residents.calculatedSize + this.newcomers.calculatedSize;
  }
}

interface Sized<T> {
  readonly value: T;
  readonly bytes: number;
}

/** A share of a number of bytes need not be a whole number of them. */
function lruOf<T>(bytesMax: number): LRUCache<string, Sized<T>> {
  const maxSize = Math.max(1, Math.floor(bytesMax));
  return new LRUCache({ maxSize, sizeCalculation: ({ bytes }) => bytes });
}
