import type { EventSink, OpenEvents } from '../fetching/event-source.ts';
import type { SubgraphResponse } from '../fetching/types.ts';

/** Opens events for a sink. */
export type OpenFor = (sink: EventSink) => OpenEvents;

interface Shared {
  readonly sinks: Set<EventSink>;
  newest: SubgraphResponse | undefined;
  upstream: OpenEvents;
}

/**
 * Lets equal subscriptions share the events of one at the subgraph. It is for subscriptions whose newest event is the
 * present state: one that joins begins with it. The subgraph's is closed when the last one leaves.
 */
export class SharedEvents {
  private readonly open = new Map<string, Shared>();

  /** Joins those with an equal key, or opens the events. */
  join(key: string, openFor: OpenFor, sink: EventSink): OpenEvents {
    const shared = this.open.get(key) ?? this.start(key, openFor);
    shared.sinks.add(sink);
    if (shared.newest) sink.next(shared.newest);
    return {
      close: () => {
        shared.sinks.delete(sink);
        if (shared.sinks.size > 0 || this.open.get(key) !== shared) return;
        this.open.delete(key);
        shared.upstream.close();
      },
    };
  }

  private start(key: string, openFor: OpenFor): Shared {
    const sinks = new Set<EventSink>();
    const shared: Shared = { sinks, newest: undefined, upstream: notOpen };
    this.open.set(key, shared);
    shared.upstream = openFor({
      next: (event) => {
        shared.newest = event;
        for (const sink of [...sinks]) sink.next(event);
      },
      end: (failure) => {
        if (this.open.get(key) === shared) this.open.delete(key);
        for (const sink of [...sinks]) sink.end(failure);
      },
    });
    return shared;
  }
}

const notOpen: OpenEvents = { close: () => undefined };
