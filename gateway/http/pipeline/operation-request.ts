import type { QueryPlan } from '../../../engine/execution/plan.ts';
import type { Demand } from '../../../engine/limits/operation-demand.ts';
import type { ReadySubscription } from '../../../engine/operation/ready-subscription.ts';
import type { ReadyParts, ReadyRun } from '../../../engine/operation/supergraph-engine.ts';
import { acceptedEvents, type EventFormat } from '../../../engine/streams/event-formats.ts';
import type { SubscriptionRequest } from '../../../engine/streams/subscription-request.ts';
import type { Exchange } from '../exchange.ts';
import type { GatewayContext } from '../gateway-context.ts';
import type { IncrementalFormat } from '../parts/incremental-formats.ts';
import { defaultType } from './accepted-type.ts';
import type { AskedOperation } from './asked-operation.ts';

/** A subscription that a client has asked for. */
export interface OpeningSubscription extends SubscriptionRequest {
  /** Names its root field, for the log. */
  of(field: string): this;
}

/**
 * A request for an operation, on its way through the pipeline. Each stage stores its result in its own member; all of
 * them exist from the start, so that all requests have the same hidden class.
 */
export class OperationRequest {
  readonly exchange: Exchange;
  readonly message: unknown;
  /** Only queries are run by GET. */
  readonly isGet: boolean;
  /** What is asked for. */
  asked: AskedOperation = nothingAsked;
  /** The media type of a single response. */
  contentType = defaultType;
  /** The viewer, and state that the subgraph calls share. */
  context: GatewayContext | undefined = undefined;
  /** The text of the document. */
  source = '';
  /** What the operation asks for, as measured. */
  demand: Demand | undefined = undefined;
  /** The plan of the operation, if the client may see it and requests it. */
  shownPlan: QueryPlan | undefined = undefined;
  /** The operation with its plan, ready to be run. */
  run: ReadyRun | ReadyParts | ReadySubscription | undefined = undefined;
  /** A subscription that is about to be opened. */
  subscription: OpeningSubscription | undefined = undefined;
  /** The format of a response in parts, for an operation with `@defer`. */
  partsFormat: IncrementalFormat | undefined = undefined;

  /** Whether the client takes the events of a subscription. */
  get takesEvents(): boolean {
    return this.message !== undefined || this.eventFormat !== undefined;
  }

  /** How the client takes the events of a subscription over HTTP. */
  get eventFormat(): EventFormat | undefined {
    return acceptedEvents(this.exchange.request.headers.accept);
  }

  /** `message` is what a message of a WebSocket asks for; without it, the request itself does. */
  constructor(exchange: Exchange, message?: unknown) {
    this.exchange = exchange;
    this.message = message;
    this.isGet = message === undefined && exchange.request.method === 'GET';
  }
}

const nothingAsked: AskedOperation = {
  query: undefined,
  operationName: undefined,
  variables: {},
  documentId: undefined,
  persistedQuery: undefined,
};
