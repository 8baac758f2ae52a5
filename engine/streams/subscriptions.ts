import { type GraphQLSchema, validate } from 'graphql';
import type { Clock } from '../../common/clock.ts';
import type { ErrorFormat } from '../execution/execute.ts';
import type { EventSink, OpenEvents } from '../fetching/event-source.ts';
import type { ReadySubscription } from '../operation/ready-subscription.ts';
import type { ReadyRun } from '../operation/supergraph-engine.ts';
import type { ValidRequest } from '../operation/valid-request.ts';
import type { SubgraphAddress } from '../supergraph/supergraph.ts';
import { EventQueue, type QueueLimits } from './event-queue.ts';
import { OpenStreams } from './open-streams.ts';
import { type JoinsAt, SharedEvents } from './shared-events.ts';
import type { SubscriptionRequest } from './subscription-request.ts';
import { type StreamSurroundings, SubscriptionStream } from './subscription-stream.ts';

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
  /** Fields whose newest event is the present state: it replaces those that wait. */
  readonly newestOnly: readonly string[];
  /** Fields that begin with what was before: one is not joined to another that has begun. */
  readonly replaying: readonly string[];
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

/** The open subscriptions of a gateway: how they begin, what ends them, and what they do when the schema changes. */
export class Subscriptions {
  private readonly parts: SubscriptionsDependencies;
  private readonly streams: OpenStreams;
  private readonly shared = new SharedEvents();
  private readonly newestOnly: ReadonlySet<string>;
  private readonly replaying: ReadonlySet<string>;
  private readonly queueLimits: QueueLimits;
  private readonly surroundings: StreamSurroundings;
  private generation = 0;

  constructor(parts: SubscriptionsDependencies) {
    const { settings, eventTimeoutMs, format, clock } = parts;
    this.parts = parts;
    this.streams = new OpenStreams(settings);
    this.newestOnly = new Set(settings.newestOnly);
    this.replaying = new Set(settings.replaying);
    this.queueLimits = { maxEvents: settings.queueMax, maxChars: settings.queueMaxBytes };
    this.surroundings = {
      ...{ eventTimeoutMs, format, clock },
      onClosed: (stream) => {
        this.streams.delete(stream);
      },
    };
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
    this.streams.requireRoom(request.owner);
    const queue = new EventQueue(this.queueLimits, this.newestOnly.has(ready.field));
    const address = this.addressOf(ready.subgraph);
    const stream = new SubscriptionStream(this.surroundings, { ready, request, queue, address });
    this.streams.add(stream);
    const joinsAt = this.joinsAt(ready);
    stream.open((sink) => {
      if (joinsAt === undefined) return ready.open(sink);
      const { opening } = ready;
      const openFor = (all: EventSink): OpenEvents => ready.open(all, opening);
      // After a new supergraph, some may still be open where the subgraph was before.
      const key = JSON.stringify([address, request.sharingKeyOf(opening)]);
      return this.shared.join(key, joinsAt, openFor, sink);
    });
    return stream;
  }

  /** Ends all subscriptions, and lets no other begin. */
  stop(): Promise<void> {
    return this.streams.stop();
  }

  /** How equal subscriptions share one at the subgraph; `undefined` where there is nothing to share. */
  private joinsAt({ field, channel }: ReadySubscription): JoinsAt | undefined {
    if (this.newestOnly.has(field)) return 'newest';
    // A channel is opened once for all its readers, and each begins as the field says.
    if (channel !== undefined) return undefined;
    return this.replaying.has(field) ? 'first' : 'next';
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
    const { valid } = stream.request;
    if (validate(schema, valid.document).length > 0) return undefined;
    try {
      const next = await this.parts.source.subscribe({ ...valid, schema });
      if (typeof next === 'function') return undefined;
      if (this.addressOf(next.subgraph) !== stream.address) return undefined;
      return textOf(next) === textOf(stream.ready) ? next : undefined;
    } catch {
      return undefined;
    }
  }

  private addressOf(subgraph: string): string | undefined {
    return this.parts.source.subgraphAddresses.find(({ name }) => name === subgraph)?.url;
  }
}

function textOf({ plan, channel }: ReadySubscription): string {
  return JSON.stringify([plan, channel]);
}
