import { setImmediate as turn } from 'node:timers/promises';
import type { EventSink, OpenEvents } from '../fetching/event-source.ts';
import type { SubgraphFailure } from '../fetching/failure.ts';
import type { SubgraphResponse } from '../fetching/types.ts';

/** Receives events that are shared. To keep an event costs next to nothing; what a reader does with it may not. */
export interface SharedSink extends EventSink {
  /** Keeps an event for the reader. */
  add(event: SubgraphResponse): void;
  /** Lets the reader take what was kept. */
  wake(): void;
}

/**
 * What one that joins begins with. `newest`: the newest event, which is the present state. `next`: the next event.
 * `first`: the first one, so that it can join only as long as none has come.
 */
export type JoinsAt = 'newest' | 'next' | 'first';

/** Opens events for a sink. */
export type OpenFor = (sink: EventSink) => OpenEvents;

/** How many readers take an event before others get their turn: each completes and writes it at once. */
const atOnce = 100;

/**
 * Lets equal subscriptions share the events of one at the subgraph. Each event is kept for all of them at once, by
 * whatever holds what waits for a reader; a slow one does not delay the others. The subgraph's is closed when the last
 * one leaves.
 */
export class SharedEvents {
  private readonly open = new Map<string, Shared>();

  /** Joins those with an equal key, or opens the events. Equal keys must join alike. */
  join(key: string, joinsAt: JoinsAt, openFor: OpenFor, sink: SharedSink): OpenEvents {
    const known = this.open.get(key);
    const shared = known?.takes(joinsAt) === true ? known : this.start(key, openFor);
    shared.add(sink, joinsAt);
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
  private readonly sink: SharedSink;

  constructor(shared: Shared, sink: SharedSink) {
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
  private readonly sinks = new Set<SharedSink>();
  /** Those whose turn is to come, in order. */
  private readonly waiting = new Set<SharedSink>();
  private newest: SubgraphResponse | undefined;
  private ending: { readonly failure: SubgraphFailure | undefined } | undefined;
  private isServing = false;
  private readonly onOver: () => void;

  /** `onOver` is called when no other may join. */
  constructor(onOver: () => void) {
    this.onOver = onOver;
  }

  /** Whether another one may join. */
  takes(joinsAt: JoinsAt): boolean {
    return joinsAt !== 'first' || this.newest === undefined;
  }

  add(sink: SharedSink, joinsAt: JoinsAt): void {
    this.sinks.add(sink);
    if (joinsAt === 'newest' && this.newest) sink.next(this.newest);
  }

  /** Closes the subgraph's when it was the last one. */
  leave(sink: SharedSink): void {
    if (!this.sinks.delete(sink)) return;
    this.waiting.delete(sink);
    if (this.sinks.size > 0 || this.ending) return;
    this.onOver();
    this.upstream.close();
  }

  next(event: SubgraphResponse): void {
    this.newest = event;
    for (const sink of this.sinks) sink.add(event);
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
      if (this.ending) sink.end(this.ending.failure);
      else sink.wake();
      served += 1;
      if (served % atOnce === 0) await turn();
    }
    this.isServing = false;
  }
}
