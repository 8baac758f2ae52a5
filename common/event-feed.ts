/** Is told the events of a bus. */
export interface FeedSink {
  /** From now on every event is told. */
  live(): void;
  /** An event in the JSON format of CloudEvents 1.0; its data may be missing. */
  event(text: string): void;
  /** What is sent now is not told. */
  lost(): void;
}

/** The events of a bus that are told. */
export interface EventFeed {
  /** Nothing is told after it was called. */
  close(): Promise<void>;
}

/** Begins to tell the events of a bus; `live` may be called before or after it has resolved. */
export type HearEvents = (sink: FeedSink) => EventFeed | Promise<EventFeed>;
