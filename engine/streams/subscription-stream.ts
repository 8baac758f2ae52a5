import type { GraphQLError } from 'graphql';
import type { Clock } from '../../common/clock.ts';
import type { ErrorFormat } from '../execution/execute.ts';
import type { EventSink, OpenEvents } from '../fetching/event-source.ts';
import type { SubgraphFailure } from '../fetching/failure.ts';
import type { RequestContext, SubgraphResponse } from '../fetching/types.ts';
import type { ReadySubscription } from '../operation/ready-subscription.ts';
import { type EndReason, errorOf, type GatewayReason } from './end-reason.ts';
import type { EventQueue } from './event-queue.ts';

/** What a stream gives to the part that writes it for a client. */
export type StreamItem =
  /** An event's response (GraphQL spec §7.1). */
  | { readonly kind: 'next'; readonly json: string }
  /** Nothing happened for a while: the client is told that the stream lives. */
  | { readonly kind: 'heartbeat' }
  /** The last item; `json` is a response with the error that ended the stream, if one did. */
  | { readonly kind: 'end'; readonly reason: EndReason; readonly json: string | undefined };

/** What a stream is made of. */
export interface StreamParts {
  readonly ready: ReadySubscription;
  /** Opens the events of a subscription, perhaps together with other streams. */
  readonly open: (ready: ReadySubscription, sink: EventSink) => OpenEvents;
  readonly queue: EventQueue;
  readonly context: RequestContext;
  /** How long the rest of the plan may take for one event. */
  readonly eventTimeoutMs: number;
  readonly format: ErrorFormat;
  readonly clock: Clock;
  /** Called with the errors of an event, as they are before `format`. */
  readonly onErrors: (errors: readonly GraphQLError[]) => void;
  /** Called once, when the stream holds nothing any more, with how many events its client was given. */
  readonly onClosed: (reason: EndReason, events: number) => void;
}

/**
 * One subscription of one client. Events wait in its queue until the client can take them, and only then is the rest of
 * the plan run. `return` ends it at once, however quiet the subgraph is.
 */
export class SubscriptionStream implements AsyncIterableIterator<StreamItem, undefined> {
  private readonly parts: StreamParts;
  private current: ReadySubscription;
  private upstream: OpenEvents | undefined;
  private failure: SubgraphFailure | undefined;
  private ending: EndReason | undefined;
  private isClosed = false;
  /** Whether nothing was given since the last beat. */
  private isQuiet = false;
  private isBeatDue = false;
  private events = 0;
  private wake: (() => void) | undefined;

  constructor(parts: StreamParts) {
    this.parts = parts;
    this.current = parts.ready;
  }

  /** Starts to receive events. */
  open(): void {
    this.upstream = this.parts.open(this.current, {
      next: (event) => {
        if (!this.parts.queue.add(event)) this.end('too slow');
        this.continue();
      },
      end: (failure) => {
        this.failure = failure;
        this.ending ??= failure ? 'subgraph failed' : 'completed';
        this.continue();
      },
    });
  }

  /** The subscription that events are completed by. */
  get ready(): ReadySubscription {
    return this.current;
  }

  /** Completes the next events by this one: the same subscription on another schema. */
  continueWith(ready: ReadySubscription): void {
    this.current = ready;
  }

  /** Ends the stream: the client receives an error with the reason instead of the events that wait. */
  end(reason: GatewayReason): void {
    if (this.isClosed) return;
    this.parts.queue.clear();
    this.ending = reason;
    this.upstream?.close();
    this.continue();
  }

  /** Tells a client that has received nothing since the last call that the stream lives. */
  beat(): void {
    if (this.isQuiet) this.isBeatDue = true;
    this.isQuiet = true;
    if (this.isBeatDue) this.continue();
  }

  async next(): Promise<IteratorResult<StreamItem, undefined>> {
    while (!this.isClosed) {
      const next = this.item();
      if (next) {
        // Of events that the viewer may not see, nothing is sent; the heartbeats between them are.
        const item = (await next) ?? (this.isBeatDue ? heartbeat : undefined);
        if (!item) continue;
        this.isQuiet = false;
        this.isBeatDue = false;
        return { done: false, value: item };
      }
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    return over;
  }

  return(): Promise<IteratorResult<StreamItem, undefined>> {
    this.close('client left');
    return Promise.resolve(over);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private item(): Promise<StreamItem | undefined> | StreamItem | undefined {
    const event = this.parts.queue.take();
    if (event) {
      return this.complete(Promise.resolve(event)).then((json) => {
        if (json === undefined) return undefined;
        this.events += 1;
        return { kind: 'next', json };
      });
    }
    if (this.ending !== undefined) return this.last(this.ending);
    return this.isBeatDue ? heartbeat : undefined;
  }

  private async last(reason: EndReason): Promise<StreamItem> {
    const { failure } = this;
    let json: string | undefined;
    if (reason === 'subgraph failed' && failure) json = await this.complete(rejected(failure));
    else if (reason in errorOf) json = errorTextOf(reason as GatewayReason);
    this.close(reason);
    return { kind: 'end', reason, json };
  }

  /** Runs the rest of the plan for the viewer, with the time that one event may take. */
  private async complete(event: Promise<SubgraphResponse>): Promise<string | undefined> {
    const { context, eventTimeoutMs, format, clock, onErrors } = this.parts;
    const ofEvent = { ...context, deadlineAt: clock.now() + eventTimeoutMs };
    const answer = await this.current.complete(event, ofEvent, format);
    if (answer?.errors) onErrors(answer.errors);
    return answer?.json;
  }

  private continue(): void {
    const { wake } = this;
    this.wake = undefined;
    wake?.();
  }

  private close(reason: EndReason): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.parts.queue.clear();
    this.upstream?.close();
    this.continue();
    this.parts.onClosed(reason, this.events);
  }
}

const heartbeat: StreamItem = { kind: 'heartbeat' };

const over: IteratorResult<StreamItem, undefined> = { done: true, value: undefined };

function errorTextOf(reason: GatewayReason): string {
  const { code, message } = errorOf[reason];
  return JSON.stringify({ errors: [{ message, extensions: { code } }] });
}

/** A rejected promise that somebody will wait for in a moment. */
function rejected(failure: SubgraphFailure): Promise<never> {
  const promise = Promise.reject(failure);
  promise.catch(() => undefined);
  return promise;
}
