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
import type { EventField, EventFields } from '../supergraph/event-fields.ts';
import { EventCompletion } from './event-completion.ts';
import { subgraphsOf } from './plan-subgraphs.ts';
import type { EventAnswer, SharedCompletions } from './shared-completions.ts';

/** A subscription whose variables and access are checked, ready to be opened. It is kept while that is open. */
export interface ReadySubscription {
  readonly plan: QueryPlan;
  /** The name of its root field. */
  readonly field: string;
  /** The subgraph that sends the events. */
  readonly subgraph: string;
  /** Of events from a channel: how the channel is found. One that differs has to be opened again. */
  readonly channel: string | undefined;
  /** The request that opens them; it is written each time, because it is not needed later. */
  readonly opening: SubgraphRequest;
  /** Opens the events at the subgraph, by that request. */
  open(sink: EventSink, opening?: SubgraphRequest): OpenEvents;
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

/** An operation that has an opening request, as a subscription has. */
export type ExecutableSubscription = ExecutableOperation & {
  readonly openingRequest: OpeningRequest;
};

/** Readies a subscription: each event is executed as if it were the subgraph's response to the first request. */
export function readySubscription(
  plan: QueryPlan,
  executable: ExecutableSubscription,
  execution: ExecutionRequest,
  parts: SubscriptionParts,
): ReadySubscription {
  const field = parts.events.fields.get(fieldOf(executable));
  return field
    ? new OfChannel(plan, executable, execution, parts, field)
    : new OfServer(plan, executable, execution, parts);
}

function fieldOf({ shape }: ExecutableSubscription): string {
  return shape.fields[0]?.coordinate.split('.').at(-1) ?? '';
}

/** A subscription whose events a server sends. */
class OfServer implements ReadySubscription {
  readonly plan: QueryPlan;
  protected readonly executable: ExecutableSubscription;
  protected readonly execution: ExecutionRequest;
  protected readonly parts: SubscriptionParts;

  constructor(
    plan: QueryPlan,
    executable: ExecutableSubscription,
    execution: ExecutionRequest,
    parts: SubscriptionParts,
  ) {
    this.plan = plan;
    this.executable = executable;
    this.execution = execution;
    this.parts = parts;
  }

  get field(): string {
    return fieldOf(this.executable);
  }

  get subgraph(): string {
    return subgraphsOf(this.plan.node)[0] ?? '';
  }

  get channel(): string | undefined {
    return undefined;
  }

  get opening(): SubgraphRequest {
    return this.executable.openingRequest(startRun(this.executable, this.execution));
  }

  open(sink: EventSink, opening = this.opening): OpenEvents {
    return this.parts.source(opening, sink);
  }

  async complete(
    event: Promise<SubgraphResponse>,
    given: RequestContext,
    format: ErrorFormat,
  ): Promise<EventAnswer> {
    const arrived = await event.catch(() => undefined);
    if (!arrived) return this.execute(event, given, format);
    const { executable, execution, plan, parts } = this;
    // One that leaves must not end what others wait for.
    const context = { ...given, cancellation: undefined };
    const variables = JSON.stringify(execution.variables);
    const subgraphs = subgraphsOf(plan.node).slice(1);
    const key = { executable, format, variables, context, subgraphs };
    return parts.completions.of(arrived, key, () => this.execute(event, context, format));
  }

  protected execute(
    event: Promise<SubgraphResponse>,
    context: RequestContext,
    format: ErrorFormat,
  ): Promise<EventAnswer> {
    const { executable, execution } = this;
    return executeToJson(
      executable,
      {
        ...execution,
        context,
        fetch: (request) =>
          request.operationKind === 'subscription' ? event : execution.fetch(request),
      },
      format,
    );
  }
}

/** A subscription whose events come from a channel. */
class OfChannel extends OfServer {
  private readonly event: EventField;
  private readonly completion: EventCompletion;

  constructor(
    plan: QueryPlan,
    executable: ExecutableSubscription,
    execution: ExecutionRequest,
    parts: SubscriptionParts,
    event: EventField,
  ) {
    const { events, completions: shared } = parts;
    const context = withoutHeadersFor(events.withoutServer, execution.context);
    const inner = { ...execution, context };
    super(plan, executable, inner, parts);
    const { ownersOf } = events;
    this.event = event;
    this.completion = new EventCompletion({
      ...{ plan, executable, execution: inner, field: event, ownersOf, shared },
    });
  }

  override get channel(): string {
    return JSON.stringify(this.event);
  }

  override async complete(
    event: Promise<SubgraphResponse>,
    given: RequestContext,
    format: ErrorFormat,
  ): Promise<EventAnswer> {
    const context = withoutHeadersFor(this.parts.events.withoutServer, given);
    const arrived = await event.catch(() => undefined);
    if (!arrived) return this.execute(event, context, format);
    return this.completion.complete(arrived, context, format);
  }
}

/** What has no server needs no identity, and has no key to sign one with. */
function withoutHeadersFor(
  subgraphs: ReadonlySet<string>,
  context: RequestContext,
): RequestContext {
  const { headersFor } = context;
  return { ...context, headersFor: (name) => (subgraphs.has(name) ? [] : headersFor(name)) };
}
