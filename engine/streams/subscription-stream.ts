import type { Clock } from '../../common/clock.ts';
import type { ErrorFormat } from '../execution/execute.ts';
import type { OpenEvents } from '../fetching/event-source.ts';
import type { SubgraphFailure } from '../fetching/failure.ts';
import type { SubgraphResponse } from '../fetching/types.ts';
import type { ReadySubscription } from '../operation/ready-subscription.ts';
import { type EndReason, errorOf, type GatewayReason } from './end-reason.ts';
import type { EventQueue } from './event-queue.ts';
import type { SharedSink } from './shared-events.ts';
import type { SubscriptionRequest } from './subscription-request.ts';

/** What a stream gives to the part that writes it for a client. */
export type StreamItem =
  /** An event's response (GraphQL spec §7.1). */
  | { readonly kind: 'next'; readonly json: string }
  /** Nothing happened for a while: the client is told that the stream lives. */
  | { readonly kind: 'heartbeat' }
  /** The last item; `json` is a response with the error that ended the stream, if one did. */
  | { readonly kind: 'end'; readonly reason: EndReason; readonly json: string | undefined };

/** What all streams of a process have in common. */
export interface StreamSurroundings {
  /** How long the rest of the plan may take for one event. */
  readonly eventTimeoutMs: number;
  readonly format: ErrorFormat;
  readonly clock: Clock;
  /** Called once for each stream, when it holds nothing any more. */
  readonly onClosed: (stream: SubscriptionStream) => void;
}

/** What a stream is made of. */
export interface StreamParts {
  readonly ready: ReadySubscription;
  readonly request: SubscriptionRequest;
  readonly queue: EventQueue;
  /** The address of the subgraph. */
  readonly address: string | undefined;
}

/** Takes the items of a stream. */
export interface StreamReader {
  /** There may be something to take. */
  wake(): void;
  /** Whether its client takes nothing more at the moment. */
  readonly isHeldUp: boolean;
}

/**
 * One subscription of one client. Events wait in its queue until the client can take them, and only then is the rest of
 * the plan run. `leave` ends it at once, however quiet the subgraph is. Thousands are open at a time: nothing is
 * allocated for one that is quiet, and what streams have in common is not kept with each.
 */
export class SubscriptionStream {
  /** What takes the items. */
  reader: StreamReader | undefined;
  readonly request: SubscriptionRequest;
  /** The address of the subgraph at which it was opened. */
  readonly address: string | undefined;
  private readonly surroundings: StreamSurroundings;
  private readonly queue: EventQueue;
  private current: ReadySubscription;
  private upstream: OpenEvents | undefined;
  private forgetCredentials: (() => void) | undefined;
  private failure: SubgraphFailure | undefined;
  private ending: EndReason | undefined;
  private isClosed = false;
  /** Whether nothing was given since the last beat. */
  private isQuiet = false;
  private isBeatDue = false;
  private events = 0;

  constructor(surroundings: StreamSurroundings, { ready, request, queue, address }: StreamParts) {
    this.surroundings = surroundings;
    this.request = request;
    this.queue = queue;
    this.address = address;
    this.current = ready;
  }

  /** Starts to receive events: `openFor` opens them, perhaps together with other streams. */
  open(openFor: (sink: SharedSink) => OpenEvents): void {
    this.forgetCredentials = this.request.atCredentialsEnd((reason) => {
      this.end(reason);
    });
    this.upstream = openFor(new StreamSink(this));
  }

  /** The subscription that events are completed by. */
  get ready(): ReadySubscription {
    return this.current;
  }

  /** Completes the next events by this one: the same subscription on another schema. */
  continueWith(ready: ReadySubscription): void {
    this.current = ready;
  }

  /** Adds an event to those that wait; the reader is not told yet. */
  add(event: SubgraphResponse): void {
    if (!this.queue.add(event, this.reader?.isHeldUp === true)) this.end('too slow');
  }

  /** Lets the reader take what waits. */
  wake(): void {
    this.reader?.wake();
  }

  /** The subgraph has completed the subscription; or, with a failure, it has failed. */
  finish(failure: SubgraphFailure | undefined): void {
    this.failure = failure;
    this.ending ??= failure ? 'subgraph failed' : 'completed';
    this.reader?.wake();
  }

  /** Ends the stream: the client receives an error with the reason instead of the events that wait. */
  end(reason: GatewayReason): void {
    if (this.isClosed) return;
    this.queue.clear();
    this.ending = reason;
    this.upstream?.close();
    this.reader?.wake();
  }

  /** Tells a client that has received nothing since the last call that the stream lives. */
  beat(): void {
    if (this.isQuiet) this.isBeatDue = true;
    this.isQuiet = true;
    if (this.isBeatDue) this.reader?.wake();
  }

  /**
   * Takes the next item; to be called again when a promise has been settled, and not earlier. `undefined` when there is
   * none: the reader is woken when that may have changed. A promise of `undefined` for an event that the viewer may not
   * see. Nothing follows the item of the end.
   */
  take(): StreamItem | Promise<StreamItem | undefined> | undefined {
    if (this.isClosed) return undefined;
    const event = this.queue.take();
    if (event) return this.next(event);
    if (this.ending !== undefined) return this.last(this.ending);
    return this.isBeatDue ? this.heartbeat() : undefined;
  }

  /** The client has left. */
  leave(): void {
    this.close('client left');
  }

  private async next(event: SubgraphResponse): Promise<StreamItem | undefined> {
    const json = await this.complete(Promise.resolve(event));
    if (this.isClosed) return undefined;
    // Of events that the viewer may not see, nothing is sent; the heartbeats between them are.
    if (json === undefined) return this.isBeatDue ? this.heartbeat() : undefined;
    this.events += 1;
    this.isQuiet = false;
    this.isBeatDue = false;
    return { kind: 'next', json };
  }

  private heartbeat(): StreamItem {
    this.isQuiet = false;
    this.isBeatDue = false;
    return heartbeat;
  }

  private last(reason: EndReason): StreamItem | Promise<StreamItem | undefined> {
    if (reason === 'subgraph failed' && this.failure) return this.lastOf(reason, this.failure);
    this.close(reason);
    const json = reason in errorOf ? errorTextOf(reason as GatewayReason) : undefined;
    return { kind: 'end', reason, json };
  }

  private async lastOf(
    reason: EndReason,
    failure: SubgraphFailure,
  ): Promise<StreamItem | undefined> {
    const json = await this.complete(rejected(failure));
    if (this.isClosed) return undefined;
    this.close(reason);
    return { kind: 'end', reason, json };
  }

  /** Runs the rest of the plan for the viewer, with the time that one event may take. */
  private async complete(event: Promise<SubgraphResponse>): Promise<string | undefined> {
    const { eventTimeoutMs, format, clock } = this.surroundings;
    const ofEvent = { ...this.request.valid.context, deadlineAt: clock.now() + eventTimeoutMs };
    const answer = await this.current.complete(event, ofEvent, format);
    if (answer?.errors) this.request.onErrors(answer.errors);
    return answer?.json;
  }

  private close(reason: EndReason): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.reader = undefined;
    this.queue.clear();
    this.upstream?.close();
    this.forgetCredentials?.();
    this.surroundings.onClosed(this);
    this.request.onEnded(reason, this.events);
  }
}

/** Where the events of a stream come in. */
class StreamSink implements SharedSink {
  private readonly stream: SubscriptionStream;

  constructor(stream: SubscriptionStream) {
    this.stream = stream;
  }

  add(event: SubgraphResponse): void {
    this.stream.add(event);
  }

  wake(): void {
    this.stream.wake();
  }

  next(event: SubgraphResponse): void {
    this.stream.add(event);
    this.stream.wake();
  }

  end(failure?: SubgraphFailure): void {
    this.stream.finish(failure);
  }
}

const heartbeat: StreamItem = { kind: 'heartbeat' };

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
