/** Events that a test sends, for subscriptions that take them from its iterators. */
export class Feed<T> {
  private readonly readers = new Set<Reader<T>>();
  /** How many subscriptions were opened so far. */
  opened = 0;

  /** How many subscriptions are open. */
  get open(): number {
    return this.readers.size;
  }

  /** Sends an event to all open subscriptions. */
  send(event: T): void {
    for (const reader of this.readers) reader.take({ done: false, value: event });
  }

  /** Whether a subscription to this is open. */
  isOpen(name: string): boolean {
    return [...this.readers].some((reader) => reader.name === name);
  }

  /** Completes all open subscriptions. */
  complete(): void {
    for (const reader of this.readers) reader.take({ done: true, value: undefined });
    this.readers.clear();
  }

  /** The events of one subscription, from now on; `name` is what it is to, where a test has to know. */
  subscribe(name?: string): AsyncIterableIterator<T> {
    const reader = new Reader<T>(name, () => this.readers.delete(reader));
    this.readers.add(reader);
    this.opened += 1;
    return reader;
  }
}

class Reader<T> implements AsyncIterableIterator<T> {
  private readonly results: IteratorResult<T>[] = [];
  private readonly waiting: ((result: IteratorResult<T>) => void)[] = [];
  readonly name: string | undefined;
  private readonly onReturn: () => void;

  constructor(name: string | undefined, onReturn: () => void) {
    this.name = name;
    this.onReturn = onReturn;
  }

  take(result: IteratorResult<T>): void {
    const reader = this.waiting.shift();
    if (reader) reader(result);
    else this.results.push(result);
  }

  next(): Promise<IteratorResult<T>> {
    const result = this.results.shift();
    if (result) return Promise.resolve(result);
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  return(): Promise<IteratorResult<T>> {
    this.onReturn();
    this.take({ done: true, value: undefined });
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
