import type { SubgraphFailure } from './failure.ts';
import type { SubgraphRequest, SubgraphResponse } from './types.ts';

/** Receives what a subgraph sends for a subscription. Nothing is sent after `end`. */
export interface EventSink {
  /** An event, as the response to the subscription's operation. */
  next(event: SubgraphResponse): void;
  /** The subgraph has completed the subscription; or, with a failure, it has failed. */
  end(failure?: SubgraphFailure): void;
}

/** An open subscription at a subgraph. */
export interface OpenEvents {
  /** Ends it at once, however quiet it is. The sink receives nothing more. */
  close(): void;
}

/** Opens a subscription at its subgraph. Never throws: a failure is sent to the sink, and never before this returns. */
export type EventSource = (request: SubgraphRequest, sink: EventSink) => OpenEvents;
