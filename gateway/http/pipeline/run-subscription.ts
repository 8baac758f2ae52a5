import { type GraphQLError, OperationTypeNode } from 'graphql';
import type { Logger } from '../../../common/logger.ts';
import type { SupergraphGateway } from '../../../engine/apollo/supergraph-gateway.ts';
import type { ErrorFormat } from '../../../engine/execution/execute.ts';
import {
  type CancellationSource,
  createCancellation,
} from '../../../engine/fetching/cancellation.ts';
import type { SubgraphRequest } from '../../../engine/fetching/types.ts';
import type { ValidRequest } from '../../../engine/operation/valid-request.ts';
import type { EndReason } from '../../../engine/streams/end-reason.ts';
import type { SubscriptionRequest } from '../../../engine/streams/subscription-request.ts';
import type { Subscriptions } from '../../../engine/streams/subscriptions.ts';
import type { AtCredentialsEnd } from '../../identity/credentials-end.ts';
import type { SubgraphHeaders } from '../../identity/subgraph-identity.ts';
import { logHiddenErrors } from '../error-log.ts';
import type { GatewayContext } from '../gateway-context.ts';
import { refusal } from '../refusal.ts';
import { sharingKeyOf, viewerKeyOf } from '../streams/stream-keys.ts';
import type { OpeningSubscription, OperationRequest } from './operation-request.ts';
import type { KnownOperation, Step } from './stages.ts';

/** The open subscriptions of clients, and what ends them from outside. */
export interface ClientStreams {
  readonly subscriptions: Subscriptions;
  readonly atCredentialsEnd: AtCredentialsEnd;
  readonly subgraphHeaders: SubgraphHeaders;
  readonly log: Logger;
}

/** Whether an operation is a subscription. */
export function isSubscription({ operation }: KnownOperation): boolean {
  return operation.operation === OperationTypeNode.SUBSCRIPTION;
}

/** Prepares a subscription in the engine, for a client that takes events and has room for another stream. */
export function planSubscription(
  operation: KnownOperation,
  execution: Pick<SupergraphGateway, 'subscribe'>,
  streams: ClientStreams,
): Step {
  return async (request) => {
    const { context } = request;
    if (!context) throw new Error('Expected a request whose viewer is known.');
    if (!request.takesEvents) throw refusal('BAD_REQUEST', notTaken, { status: 400 });
    // Before the work that opening one takes.
    streams.subscriptions.requireRoom(viewerKeyOf(context));
    const subscription = new ClientSubscription(operation, request, context, streams);
    request.subscription = subscription;
    request.run = await execution.subscribe(subscription.valid);
    return undefined;
  };
}

const notTaken =
  'A subscription is answered with events: send "accept: text/event-stream", or "multipart/mixed;subscriptionSpec=1.0" (docs/streams.md).';

/** Opens a subscription that is prepared; its events are the response. */
export function openSubscription({ subscriptions }: ClientStreams, format: ErrorFormat): Step {
  return ({ subscription, context, run }) => {
    if (typeof run === 'function') return run(format);
    if (!subscription || !run || !('opening' in run)) {
      throw new Error('Expected a subscription that is ready to be opened.');
    }
    if (context?.cancellation?.cancelled === true) throw new Error('The client has disconnected.');
    return { stream: subscriptions.open(run, subscription.of(run.field)) };
  };
}

/** A subscription that a client has asked for. It is kept while that is open; the request with which it came is not. */
class ClientSubscription implements OpeningSubscription {
  readonly valid: ValidRequest;
  readonly owner: string;
  private readonly context: GatewayContext;
  private readonly cancellation: CancellationSource = createCancellation();
  private readonly streams: ClientStreams;
  private field = '';

  constructor(
    { document, documentKey, operationName, schema }: KnownOperation,
    { asked: { variables }, exchange }: OperationRequest,
    given: GatewayContext,
    streams: ClientStreams,
  ) {
    const { viewer, correlationId, clientAddress, deadlineAt, publicHeadersFor } = given;
    const { cancellation } = this;
    const headersFor = streams.subgraphHeaders(viewer, exchange.request.headers);
    // What else is in the context of a request is of no use to events.
    this.context = {
      ...{ viewer, cancellation, correlationId, clientAddress, deadlineAt },
      ...{ headersFor, publicHeadersFor, incoming: undefined },
    };
    this.streams = streams;
    this.owner = viewerKeyOf(given);
    const { context } = this;
    this.valid = {
      ...{ document, documentKey, operationName, schema, variables, context },
      contextValue: context,
    };
  }

  of(field: string): this {
    this.field = field;
    return this;
  }

  sharingKeyOf(opening: SubgraphRequest): string {
    return sharingKeyOf(opening, this.context);
  }

  atCredentialsEnd(
    act: Parameters<SubscriptionRequest['atCredentialsEnd']>[0],
  ): ReturnType<AtCredentialsEnd> {
    return this.streams.atCredentialsEnd(this.context.viewer, act);
  }

  onErrors(errors: readonly GraphQLError[]): void {
    logHiddenErrors(errors, this.log());
  }

  onEnded(reason: EndReason, events: number): void {
    this.cancellation.cancel();
    this.log().info({ reason, events }, 'subscription ended');
  }

  /** Made when there is something to say: that of a quiet subscription would be kept for nothing. */
  private log(): Logger {
    const { correlationId } = this.context;
    return this.streams.log.child({ correlationId, subscription: this.field });
  }
}
