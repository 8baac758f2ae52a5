import {
  type ErrorFormat,
  type ExecutableOperation,
  type ExecutionRequest,
  executeToJson,
  type JsonAnswer,
  startRun,
} from '../execution/execute.ts';
import type { OpeningRequest } from '../execution/opening-request.ts';
import type { QueryPlan } from '../execution/plan.ts';
import type { EventSink, EventSource, OpenEvents } from '../fetching/event-source.ts';
import type { RequestContext, SubgraphRequest, SubgraphResponse } from '../fetching/types.ts';

/** A subscription whose variables and access are checked, ready to be opened. */
export interface ReadySubscription {
  readonly plan: QueryPlan;
  /** The name of its root field. */
  readonly field: string;
  /** The subgraph that sends the events. */
  readonly subgraph: string;
  /** The request that opens them. */
  readonly opening: SubgraphRequest;
  /** Opens the events at the subgraph. */
  readonly open: (sink: EventSink) => OpenEvents;
  /**
   * Completes an event by the rest of the plan, to the text of its response. `context` is that of the event. A rejected
   * event, as that of a subgraph that has failed, becomes a response with that error.
   */
  complete(
    event: Promise<SubgraphResponse>,
    context: RequestContext,
    format: ErrorFormat,
  ): Promise<JsonAnswer>;
}

/** Readies a subscription: each event is executed as if it were the subgraph's response to the first request. */
export function readySubscription(
  plan: QueryPlan,
  executable: ExecutableOperation & { readonly openingRequest: OpeningRequest },
  execution: ExecutionRequest,
  source: EventSource,
): ReadySubscription {
  const opening = executable.openingRequest(startRun(executable, execution));
  const [root] = executable.shape.fields;
  return {
    plan,
    field: root?.coordinate.split('.').at(-1) ?? '',
    subgraph: opening.subgraph,
    opening,
    open: (sink) => source(opening, sink),
    complete: (event, context, format) =>
      executeToJson(
        executable,
        {
          ...execution,
          context,
          fetch: (request) =>
            request.operationKind === 'subscription' ? event : execution.fetch(request),
        },
        format,
      ),
  };
}
