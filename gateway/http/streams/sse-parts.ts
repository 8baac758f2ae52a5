import type { StreamItem, SubscriptionStream } from './subscription-stream.ts';

/** The media type of server-sent events. */
export const eventStreamType = 'text/event-stream; charset=utf-8';

const completed = 'event: complete\ndata:\n\n';

/** A whole response as events of graphql-sse's distinct connections mode: one result, and the end. */
export function sseOf(json: string): string {
  return `event: next\ndata: ${json}\n\n${completed}`;
}

/**
 * A stream in the distinct connections mode of graphql-sse. It is no generator, because `return` of a generator waits
 * for an event.
 */
export class SseParts implements AsyncIterableIterator<string, undefined> {
  private readonly stream: SubscriptionStream;

  constructor(stream: SubscriptionStream) {
    this.stream = stream;
  }

  async next(): Promise<IteratorResult<string, undefined>> {
    const item = await this.stream.next();
    return item.done === true ? item : { done: false, value: partOf(item.value) };
  }

  async return(): Promise<IteratorResult<string, undefined>> {
    await this.stream.return();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

function partOf(item: StreamItem): string {
  switch (item.kind) {
    case 'next':
      return `event: next\ndata: ${item.json}\n\n`;
    case 'heartbeat':
      return ':\n\n';
    case 'end':
      return item.json === undefined ? completed : sseOf(item.json);
  }
}
