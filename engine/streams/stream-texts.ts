import type { StreamItem, SubscriptionStream } from './subscription-stream.ts';

/** How the items of a stream are written. */
export interface ItemTexts {
  /** Written before the first item. */
  readonly opening?: string;
  /** The text of an item; an end without one is not written. */
  readonly textOf: (item: StreamItem) => string | undefined;
}

/** A stream as texts. It is no generator, because `return` of a generator waits for an event. */
export class StreamTexts implements AsyncIterableIterator<string, undefined> {
  private readonly stream: SubscriptionStream;
  private readonly texts: ItemTexts;
  private isOpened: boolean;

  constructor(stream: SubscriptionStream, texts: ItemTexts) {
    this.stream = stream;
    this.texts = texts;
    this.isOpened = texts.opening === undefined;
  }

  async next(): Promise<IteratorResult<string, undefined>> {
    if (!this.isOpened) {
      this.isOpened = true;
      return { done: false, value: this.texts.opening ?? '' };
    }
    const item = await this.stream.next();
    if (item.done === true) return item;
    const text = this.texts.textOf(item.value);
    return text === undefined ? over : { done: false, value: text };
  }

  async return(): Promise<IteratorResult<string, undefined>> {
    await this.stream.return();
    return over;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

const over: IteratorResult<string, undefined> = { done: true, value: undefined };
