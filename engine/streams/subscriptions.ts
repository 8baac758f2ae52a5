import { type GraphQLError, type GraphQLSchema, validate } from 'graphql';
import type { Clock } from '../../common/clock.ts';
import type { ErrorFormat } from '../execution/execute.ts';
import type { SubgraphRequest } from '../fetching/types.ts';
import type { ReadySubscription } from '../operation/ready-subscription.ts';
import type { ReadyRun } from '../operation/supergraph-engine.ts';
import type { ValidRequest } from '../operation/valid-request.ts';
import type { SubgraphAddress } from '../supergraph/supergraph.ts';
import type { EndReason, GatewayReason } from './end-reason.ts';
import { EventQueue } from './event-queue.ts';
import { OpenStreams } from './open-streams.ts';
import { SharedEvents } from './shared-events.ts';
import { SubscriptionStream } from './subscription-stream.ts';

/** What readies subscriptions: a `SupergraphGateway`. */
export interface SubscriptionSource {
  subscribe(request: ValidRequest): Promise<ReadySubscription | ReadyRun>;
  readonly subgraphAddresses: readonly SubgraphAddress[];
  onSchemaLoadOrUpdate(callback: (update: { readonly apiSchema: GraphQLSchema }) => void): void;
}

/** How many subscriptions may be open, and what a reader that stops may cost. */
export interface SubscriptionSettings {
  /** Open subscriptions of this process. */
  readonly maxOpen: number;
  /** Open subscriptions of one owner. */
  readonly maxPerViewer: number;
  /** How often a quiet subscription tells its client that it lives. */
  readonly heartbeatMs: number;
  /** Fields whose newest event is the present state: it replaces those that wait, and equal subscriptions share events. */
  readonly newestOnly: readonly string[];
  /** Events of one subscription that may wait for its reader. */
  readonly queueMax: number;
  /** The characters of those events; a single one always has room. */
  readonly queueMaxBytes: number;
  /** Over which time the subscriptions end that have another plan on a new supergraph. */
  readonly reloadSpreadMs: number;
}

/** What subscriptions need. */
export interface SubscriptionsDependencies {
  readonly source: SubscriptionSource;
  readonly settings: SubscriptionSettings;
  /** How long the rest of the plan may take for one event. */
  readonly eventTimeoutMs: number;
  readonly format: ErrorFormat;
  readonly clock: Clock;
  /** Called when open subscriptions could not follow a new schema. */
  readonly onFailure: (error: unknown) => void;
}

/** A request for a subscription, and whose it is. */
export interface SubscriptionRequest extends ValidRequest {
  /** By what open subscriptions are counted: an account, or an address. */
  readonly owner: string;
  /** Equal for subscriptions that a subgraph answers alike. */
  readonly sharingKeyOf: (opening: SubgraphRequest) => string;
  /** Watches the credentials that it was opened with: it ends with them. The function that this returns ends the watch. */
  readonly atCredentialsEnd: (
    act: (reason: Extract<GatewayReason, 'token expired' | 'session ended'>) => void,
  ) => () => void;
  /** Called with the errors of an event that are not formatted yet. */
  readonly onErrors: (errors: readonly GraphQLError[]) => void;
  /** Called once when it has ended. */
  readonly onEnded: (reason: EndReason, events: number) => void;
}

/** The open subscriptions of a gateway: how they begin, what ends them, and what they do when the schema changes. */
export class Subscriptions {
  private readonly parts: SubscriptionsDependencies;
  private readonly streams: OpenStreams;
  private readonly shared = new SharedEvents();
  private readonly newestOnly: ReadonlySet<string>;
  private readonly details = new WeakMap<SubscriptionStream, Opened>();
  private generation = 0;

  constructor(parts: SubscriptionsDependencies) {
    this.parts = parts;
    this.streams = new OpenStreams(parts.settings);
    this.newestOnly = new Set(parts.settings.newestOnly);
    parts.source.onSchemaLoadOrUpdate(({ apiSchema }) => {
      this.follow(apiSchema).catch(parts.onFailure);
    });
  }

  /** How many are open. */
  get size(): number {
    return this.streams.size;
  }

  /** Throws an AppError where an owner may not open another subscription. */
  requireRoom(owner: string): void {
    this.streams.requireRoom(owner);
  }

  /** Opens a subscription that is ready. Throws as `requireRoom` does. */
  open(ready: ReadySubscription, request: SubscriptionRequest): SubscriptionStream {
    const { settings, eventTimeoutMs, format, clock } = this.parts;
    const { context, owner, sharingKeyOf, onErrors, onEnded } = request;
    this.streams.requireRoom(owner);
    const isNewestOnly = this.newestOnly.has(ready.field);
    const stream = new SubscriptionStream({
      ready,
      open: isNewestOnly
        ? ({ open, opening }, sink) => this.shared.join(sharingKeyOf(opening), open, sink)
        : ({ open }, sink) => open(sink),
      queue: new EventQueue(
        { maxEvents: settings.queueMax, maxChars: settings.queueMaxBytes },
        isNewestOnly,
      ),
      context,
      eventTimeoutMs,
      format,
      clock,
      onErrors,
      onClosed: (reason, events) => {
        forgetCredentials();
        this.streams.delete(stream);
        onEnded(reason, events);
      },
    });
    const forgetCredentials = request.atCredentialsEnd((reason) => {
      stream.end(reason);
    });
    this.details.set(stream, { request, address: this.addressOf(ready.subgraph) });
    this.streams.add(stream, owner);
    stream.open();
    return stream;
  }

  /** Ends all subscriptions, and lets no other begin. */
  stop(): Promise<void> {
    return this.streams.stop();
  }

  /** Subscriptions that mean the same on a new schema go on, by its plan; the others end, evenly over a time. */
  private async follow(schema: GraphQLSchema): Promise<void> {
    const generation = (this.generation += 1);
    const changed: SubscriptionStream[] = [];
    await this.streams.forEach(async (stream) => {
      if (generation !== this.generation) return;
      const next = await this.sameOn(schema, stream);
      if (next) stream.continueWith(next);
      else changed.push(stream);
    });
    await this.streams.endSpread(changed, 'schema changed', this.parts.settings.reloadSpreadMs);
  }

  /** The subscription of a stream on another schema; `undefined` where it has another plan, or another address. */
  private async sameOn(
    schema: GraphQLSchema,
    stream: SubscriptionStream,
  ): Promise<ReadySubscription | undefined> {
    const opened = this.details.get(stream);
    if (!opened) return undefined;
    const { request, address } = opened;
    if (validate(schema, request.document).length > 0) return undefined;
    try {
      const next = await this.parts.source.subscribe({ ...request, schema });
      if (typeof next === 'function' || this.addressOf(next.subgraph) !== address) return undefined;
      return textOf(next) === textOf(stream.ready) ? next : undefined;
    } catch {
      return undefined;
    }
  }

  private addressOf(subgraph: string): string | undefined {
    return this.parts.source.subgraphAddresses.find(({ name }) => name === subgraph)?.url;
  }
}

interface Opened {
  readonly request: SubscriptionRequest;
  readonly address: string | undefined;
}

function textOf({ plan, channel }: ReadySubscription): string {
  return JSON.stringify([plan, channel]);
}
