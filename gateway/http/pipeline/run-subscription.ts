import { OperationTypeNode } from 'graphql';
import type { SupergraphGateway } from '../../../engine/apollo/supergraph-gateway.ts';
import type { ErrorFormat } from '../../../engine/execution/execute.ts';
import type { Subscriptions } from '../../../engine/streams/subscriptions.ts';
import type { AtCredentialsEnd } from '../../identity/credentials-end.ts';
import { logHiddenErrors } from '../error-log.ts';
import { refusal } from '../refusal.ts';
import { sharingKeyOf, viewerKeyOf } from '../streams/stream-keys.ts';
import type { KnownOperation, Step } from './stages.ts';

/** The open subscriptions of clients, and what ends them from outside. */
export interface ClientStreams {
  readonly subscriptions: Subscriptions;
  readonly atCredentialsEnd: AtCredentialsEnd;
}

/** Whether an operation is a subscription. */
export function isSubscription({ operation }: KnownOperation): boolean {
  return operation.operation === OperationTypeNode.SUBSCRIPTION;
}

/** Prepares a subscription in the engine, for a client that takes events and has room for another stream. */
export function planSubscription(
  { document, documentKey, operationName, schema }: KnownOperation,
  execution: Pick<SupergraphGateway, 'subscribe'>,
  { subscriptions }: ClientStreams,
): Step {
  return async (request) => {
    const { context, asked } = request;
    if (!context) throw new Error('Expected a request whose viewer is known.');
    if (!request.takesEvents) throw refusal('BAD_REQUEST', notTaken, { status: 400 });
    // Before the work that opening one takes.
    subscriptions.requireRoom(viewerKeyOf(context));
    request.run = await execution.subscribe({
      ...{ document, documentKey, operationName, schema },
      variables: asked.variables,
      context,
      contextValue: context,
    });
    return undefined;
  };
}

const notTaken =
  'A subscription is answered with events: send "accept: text/event-stream", or "multipart/mixed;subscriptionSpec=1.0" (docs/streams.md).';

/** Opens a subscription that is prepared; its events are the response. */
export function openSubscription(
  { document, documentKey, operationName, schema }: KnownOperation,
  { subscriptions, atCredentialsEnd }: ClientStreams,
  format: ErrorFormat,
): Step {
  return ({ context, asked: { variables }, run, exchange }) => {
    if (typeof run === 'function') return run(format);
    if (!context || !run || !('opening' in run)) {
      throw new Error('Expected a subscription that is ready to be opened.');
    }
    if (context.cancellation?.cancelled === true) throw new Error('The client has disconnected.');
    const log = exchange.log.child({ subscription: run.field });
    const stream = subscriptions.open(run, {
      ...{ document, documentKey, operationName, schema, variables, context },
      contextValue: context,
      owner: viewerKeyOf(context),
      sharingKeyOf: (opening) => sharingKeyOf(opening, context),
      atCredentialsEnd: (act) => atCredentialsEnd(context.viewer, act),
      onErrors: (errors) => {
        logHiddenErrors(errors, log);
      },
      onEnded: (reason, events) => {
        log.info({ reason, events }, 'subscription ended');
      },
    });
    return { stream };
  };
}
