import { setImmediate as turn } from 'node:timers/promises';
import type { EventSink, OpenEvents } from '../fetching/event-source.ts';
import type { SubgraphFailure } from '../fetching/failure.ts';
import type { SubgraphResponse } from '../fetching/types.ts';

/** Opens events for a sink. */
export type OpenFor = (sink: EventSink) => OpenEvents;

/** How many sinks receive an event before others get their turn: each completes and writes it at once. */
const atOnce = 100;

/**
 * Lets equal subscriptions share the events of one at the subgraph. It is for subscriptions whose newest event is the
 * present state: one that joins begins with it, and one that has not received an event yet when the next one comes
 * receives only that. The subgraph's is closed when the last one leaves.
 */
export class SharedEvents {
  private readonly open = new Map<string, Shared>();

  /** Joins those with an equal key, or opens the events. */
  join(key: string, openFor: OpenFor, sink: EventSink): OpenEvents {
    const shared = this.open.get(key) ?? this.start(key, openFor);
    shared.add(sink);
    return new Joined(shared, sink);
  }

  private start(key: string, openFor: OpenFor): Shared {
    const shared = new Shared(() => {
      if (this.open.get(key) === shared) this.open.delete(key);
    });
    this.open.set(key, shared);
    shared.upstream = openFor({
      next: (event) => {
        shared.next(event);
      },
      end: (failure) => {
        shared.end(failure);
      },
    });
    return shared;
  }
}

/** One that has joined. */
class Joined implements OpenEvents {
  private readonly shared: Shared;
  private readonly sink: EventSink;

  constructor(shared: Shared, sink: EventSink) {
    this.shared = shared;
    this.sink = sink;
  }

  close(): void {
    this.shared.leave(this.sink);
  }
}

/** The events of one subscription at a subgraph, and who receives them. */
class Shared {
  upstream: OpenEvents = { close: () => undefined };
  private readonly sinks = new Set<EventSink>();
  /** Those that have not received the newest event. */
  private readonly behind = new Set<EventSink>();
  /** Those whose turn is to come, in order. */
  private readonly waiting = new Set<EventSink>();
  private newest: SubgraphResponse | undefined;
  private ending: { readonly failure: SubgraphFailure | undefined } | undefined;
  private isServing = false;
  private readonly onOver: () => void;

  /** `onOver` is called when no other may join. */
  constructor(onOver: () => void) {
    this.onOver = onOver;
  }

  add(sink: EventSink): void {
    this.sinks.add(sink);
    if (this.newest) sink.next(this.newest);
  }

  /** Closes the subgraph's when it was the last one. */
  leave(sink: EventSink): void {
    if (!this.sinks.delete(sink)) return;
    this.behind.delete(sink);
    this.waiting.delete(sink);
    if (this.sinks.size > 0 || this.ending) return;
    this.onOver();
    this.upstream.close();
  }

  next(event: SubgraphResponse): void {
    this.newest = event;
    for (const sink of this.sinks) this.behind.add(sink);
    this.serveAll();
  }

  end(failure: SubgraphFailure | undefined): void {
    this.ending = { failure };
    this.onOver();
    this.serveAll();
  }

  private serveAll(): void {
    for (const sink of this.sinks) this.waiting.add(sink);
    if (!this.isServing) void this.serve();
  }

  private async serve(): Promise<void> {
    this.isServing = true;
    let served = 0;
    // One that is added again meanwhile gets its turn after the others.
    for (const sink of this.waiting) {
      this.waiting.delete(sink);
      if (this.behind.delete(sink) && this.newest) sink.next(this.newest);
      if (this.ending) sink.end(this.ending.failure);
      served += 1;
      if (served % atOnce === 0) await turn();
    }
    this.isServing = false;
  }
}
