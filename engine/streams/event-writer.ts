import type { ServerResponse } from 'node:http';
import type { EventFormat } from './event-formats.ts';
import type { StreamItem, StreamReader, SubscriptionStream } from './subscription-stream.ts';

/** Whose response is written. */
export interface EventWriterOwner {
  /** An event could not be completed: the response has been cut off. */
  fail(error: unknown): void;
}

/**
 * Writes a stream as the body of a response whose head is written: each item in one piece, as soon as there is one and the
 * client can take it. The stream is ended at the moment when the client disconnects. It waits by being called, not by a
 * promise: a stream is quiet for most of its time, and should hold little meanwhile.
 */
export class EventWriter implements StreamReader {
  private readonly response: ServerResponse;
  private readonly stream: SubscriptionStream;
  private readonly format: EventFormat;
  private readonly owner: EventWriterOwner;
  /** The client has not taken what was written last. */
  isHeldUp = false;
  private isCompleting = false;

  constructor(
    response: ServerResponse,
    stream: SubscriptionStream,
    format: EventFormat,
    owner: EventWriterOwner,
  ) {
    this.response = response;
    this.stream = stream;
    this.format = format;
    this.owner = owner;
  }

  /** Starts. To be called once. */
  start(): void {
    const { response, stream, format } = this;
    if (response.destroyed) {
      stream.leave();
      return;
    }
    response.on('close', () => {
      stream.leave();
    });
    response.flushHeaders();
    if (format.opening !== undefined) response.write(format.opening);
    stream.reader = this;
    this.wake();
  }

  wake(): void {
    while (!this.isCompleting && !this.isHeldUp) {
      const item = this.stream.take();
      if (item === undefined) return;
      if (item instanceof Promise) this.await(item);
      else this.write(item);
    }
  }

  private await(coming: Promise<StreamItem | undefined>): void {
    this.isCompleting = true;
    coming.then(
      (item) => {
        this.isCompleting = false;
        if (item) this.write(item);
        this.wake();
      },
      (error: unknown) => {
        this.response.destroy();
        this.owner.fail(error);
      },
    );
  }

  private write(item: StreamItem): void {
    const { response } = this;
    if (response.destroyed) return;
    const text = this.format.textOf(item);
    if (item.kind === 'end') response.end(text);
    else if (!response.write(text)) {
      this.isHeldUp = true;
      response.once('drain', () => {
        this.isHeldUp = false;
        this.wake();
      });
    }
  }
}
