import { Kind, OperationTypeNode } from 'graphql';
import type { SupergraphGateway } from '../../../engine/apollo/supergraph-gateway.ts';
import type { ErrorFormat } from '../../../engine/execution/execute.ts';
import { refusal } from '../refusal.ts';
import type { Subscriptions } from '../streams/subscriptions.ts';
import { countUse, type UsageCounter } from './count-use.ts';
import type { KnownOperation, OperationStage } from './stages.ts';

/** Opens a subscription; other operations pass. */
export function openSubscription({
  execution,
  subscriptions,
  usage,
  format,
}: {
  readonly execution: Pick<SupergraphGateway, 'subscribe'>;
  readonly subscriptions?: Subscriptions | undefined;
  readonly usage: UsageCounter | undefined;
  readonly format: ErrorFormat;
}): OperationStage {
  return (operation) => {
    const { operation: kind } = operation.operation;
    if (kind !== OperationTypeNode.SUBSCRIPTION || !subscriptions) return undefined;
    const { document, documentKey, operationName, schema } = operation;
    const field = rootFieldOf(operation);
    const count = countUse(usage)(operation);
    return async (request) => {
      const { context, asked, exchange } = request;
      if (!context) throw new Error('Expected a request whose viewer is known.');
      if (!request.takesEvents) throw refusal('BAD_REQUEST', notTaken, { status: 400 });
      // Before the work that opening one takes.
      subscriptions.requireRoom(context);
      const { variables } = asked;
      const about = { document, documentKey, operationName, schema, variables, context };
      const ready = await execution.subscribe({ ...about, contextValue: context });
      await count?.(request);
      if (typeof ready === 'function') return ready(format);
      if (context.cancellation?.cancelled === true) throw new Error('The client has disconnected.');
      return { stream: subscriptions.open(ready, { ...about, field, log: exchange.log }) };
    };
  };
}

const notTaken =
  'A subscription is answered with events: send "accept: text/event-stream" (docs/streams.md).';

/** The name of the root field: a valid subscription has one. */
function rootFieldOf({ document, operation }: KnownOperation): string {
  let [first] = operation.selectionSet.selections;
  while (first && first.kind !== Kind.FIELD) {
    const spread = first;
    const { selectionSet } =
      spread.kind === Kind.INLINE_FRAGMENT
        ? spread
        : ((document.definitions.find(
            (each) =>
              each.kind === Kind.FRAGMENT_DEFINITION && each.name.value === spread.name.value,
          ) as { readonly selectionSet?: typeof operation.selectionSet } | undefined) ?? {});
    first = selectionSet?.selections[0];
  }
  return first?.name.value ?? '';
}
