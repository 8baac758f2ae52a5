import {
  type ErrorFormat,
  type ExecutableOperation,
  type ExecutionRequest,
  executeToJson,
  startRun,
} from '../execution/execute.ts';
import type { OpeningRequest } from '../execution/opening-request.ts';
import type { QueryPlan } from '../execution/plan.ts';
import type { EventSink, EventSource, OpenEvents } from '../fetching/event-source.ts';
import type { RequestContext, SubgraphRequest, SubgraphResponse } from '../fetching/types.ts';
import type { EventFields } from '../supergraph/event-fields.ts';
import { EventCompletion } from './event-completion.ts';
import type { EventAnswer, SharedCompletions } from './shared-completions.ts';

/** A subscription whose variables and access are checked, ready to be opened. */
export interface ReadySubscription {
  readonly plan: QueryPlan;
  /** The name of its root field. */
  readonly field: string;
  /** The subgraph that sends the events. */
  readonly subgraph: string;
  /** Of events from a channel: how the channel is found. One that differs has to be opened again. */
  readonly channel: string | undefined;
  /** The request that opens them. */
  readonly opening: SubgraphRequest;
  /** Opens the events at the subgraph. */
  readonly open: (sink: EventSink) => OpenEvents;
  /**
   * Completes an event by the rest of the plan, to the text of its response. `context` is that of the event. A rejected
   * event, as that of a subgraph that has failed, becomes a response with that error. `undefined` for an event that the
   * viewer may not see.
   */
  complete(
    event: Promise<SubgraphResponse>,
    context: RequestContext,
    format: ErrorFormat,
  ): Promise<EventAnswer>;
}

/** What subscriptions of an engine have in common. */
export interface SubscriptionParts {
  readonly source: EventSource;
  readonly events: EventFields;
  readonly completions: SharedCompletions;
}

/** Readies a subscription: each event is executed as if it were the subgraph's response to the first request. */
export function readySubscription(
  plan: QueryPlan,
  executable: ExecutableOperation & { readonly openingRequest: OpeningRequest },
  execution: ExecutionRequest,
  { source, events, completions }: SubscriptionParts,
): ReadySubscription {
  const [root] = executable.shape.fields;
  const name = root?.coordinate.split('.').at(-1) ?? '';
  const field = events.fields.get(name);
  const inner = field
    ? { ...execution, context: withoutHeadersFor(events.withoutServer, execution.context) }
    : execution;
  const opening = executable.openingRequest(startRun(executable, inner));
  const completion =
    field &&
    new EventCompletion({
      plan,
      executable,
      execution: inner,
      field,
      ownersOf: events.ownersOf,
      shared: completions,
    });
  const whole: ReadySubscription['complete'] = (event, context, format) =>
    executeToJson(
      executable,
      {
        ...inner,
        context,
        fetch: (request) =>
          request.operationKind === 'subscription' ? event : execution.fetch(request),
      },
      format,
    );
  return {
    plan,
    field: name,
    subgraph: opening.subgraph,
    channel: field && JSON.stringify(field),
    opening,
    open: (sink) => source(opening, sink),
    complete: completion
      ? async (event, given, format) => {
          const context = withoutHeadersFor(events.withoutServer, given);
          const arrived = await event.catch(() => undefined);
          if (!arrived) return whole(event, context, format);
          return completion.complete(arrived, context, format);
        }
      : whole,
  };
}

/** What has no server needs no identity, and has no key to sign one with. */
function withoutHeadersFor(
  subgraphs: ReadonlySet<string>,
  context: RequestContext,
): RequestContext {
  const { headersFor } = context;
  return { ...context, headersFor: (name) => (subgraphs.has(name) ? [] : headersFor(name)) };
}
