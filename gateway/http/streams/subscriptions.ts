import { type GraphQLSchema, validate } from 'graphql';
import type { Clock } from '../../../common/clock.ts';
import type { Logger } from '../../../common/logger.ts';
import type { SupergraphGateway, ValidRequest } from '../../../engine/apollo/supergraph-gateway.ts';
import type { ErrorFormat } from '../../../engine/execution/execute.ts';
import type { ReadySubscription } from '../../../engine/operation/ready-subscription.ts';
import type { SubscriptionsConfig } from '../../config/subscriptions.ts';
import { expiryOf } from '../../identity/authenticate.ts';
import type { GatewayContext } from '../gateway-context.ts';
import { atExpiry } from './at-expiry.ts';
import { EventQueue } from './event-queue.ts';
import { OpenStreams } from './open-streams.ts';
import { SharedEvents } from './shared-events.ts';
import { sharingKeyOf, viewerKeyOf } from './stream-keys.ts';
import { SubscriptionStream } from './subscription-stream.ts';

/** What subscriptions need. */
export interface SubscriptionsDependencies {
  readonly execution: Pick<
    SupergraphGateway,
    'subscribe' | 'subgraphAddresses' | 'onSchemaLoadOrUpdate'
  >;
  readonly settings: SubscriptionsConfig;
  /** How long the rest of the plan may take for one event. */
  readonly eventTimeoutMs: number;
  readonly format: ErrorFormat;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A request for a subscription. */
export interface SubscriptionRequest extends Omit<ValidRequest, 'context' | 'contextValue'> {
  readonly context: GatewayContext;
  readonly log: Logger;
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
    parts.execution.onSchemaLoadOrUpdate(({ apiSchema }) => {
      this.follow(apiSchema).catch((error: unknown) => {
        parts.log.error({ err: error }, 'subscriptions did not follow the schema');
      });
    });
  }

  /** How many are open. */
  get size(): number {
    return this.streams.size;
  }

  /** Throws an AppError where a viewer may not open another subscription. */
  requireRoom(context: GatewayContext): void {
    this.streams.requireRoom(viewerKeyOf(context));
  }

  /** Opens a subscription that is ready. Throws as `requireRoom` does. */
  open(ready: ReadySubscription, request: SubscriptionRequest): SubscriptionStream {
    const { settings, eventTimeoutMs, format, clock } = this.parts;
    const { context, log } = request;
    const { field } = ready;
    const viewer = viewerKeyOf(context);
    this.streams.requireRoom(viewer);
    const isNewestOnly = this.newestOnly.has(field);
    const stream = new SubscriptionStream({
      ready,
      open: isNewestOnly
        ? ({ open, opening }, sink) => this.shared.join(sharingKeyOf(opening, context), open, sink)
        : ({ open }, sink) => open(sink),
      queue: new EventQueue(
        { maxEvents: settings.queueMax, maxChars: settings.queueMaxBytes },
        isNewestOnly,
      ),
      context,
      eventTimeoutMs,
      format,
      clock,
      log: log.child({ subscription: field }),
      onClosed: () => {
        forgetExpiry();
        this.streams.delete(stream);
      },
    });
    const forgetExpiry = atExpiry(expiryOf(context.viewer), clock, () => {
      stream.end('token expired');
    });
    this.details.set(stream, { request, address: this.addressOf(ready.subgraph) });
    this.streams.add(stream, viewer);
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
      const { context } = request;
      const { execution } = this.parts;
      const next = await execution.subscribe({ ...request, schema, contextValue: context });
      if (typeof next === 'function' || this.addressOf(next.subgraph) !== address) return undefined;
      return textOf(next) === textOf(stream.ready) ? next : undefined;
    } catch {
      return undefined;
    }
  }

  private addressOf(subgraph: string): string | undefined {
    return this.parts.execution.subgraphAddresses.find(({ name }) => name === subgraph)?.url;
  }
}

interface Opened {
  readonly request: SubscriptionRequest;
  readonly address: string | undefined;
}

function textOf({ plan }: ReadySubscription): string {
  return JSON.stringify(plan);
}
