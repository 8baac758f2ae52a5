import type { Transaction } from 'kysely';
import { asVersion, typesOf } from '../contracts/catalogue.ts';
import type { EventContract } from '../contracts/event-contract.ts';
import type { ShopEvent } from '../contracts/event.ts';
import type { InboxTables } from '../inbox/inbox-tables.ts';

/** What a transactional handler receives with an event. */
export interface HandlerContext<TTables> {
  /** The transaction that marks the event as done. */
  readonly transaction: Transaction<TTables>;
  /** Aborted when the time for the event is over. */
  readonly signal: AbortSignal;
}

/** What a sending handler receives with an event. */
export interface SenderContext {
  /** Aborted when the time for the event is over. */
  readonly signal: AbortSignal;
}

/** The handler of one kind of event. */
export interface EventHandler<TContext> {
  readonly name: string;
  readonly types: readonly string[];
  readonly handle: (event: ShopEvent, context: TContext) => Promise<void>;
  /** Handles events of different keys at once. Without it each is handled by itself. */
  readonly handleAll?: (events: readonly ShopEvent[], context: TContext) => Promise<void>;
}

/** A consumer that changes tables: each event takes effect exactly once, in one transaction with the inbox. */
export interface TransactionalConsumer<TTables extends InboxTables> {
  readonly kind: 'transactional';
  /** The name of its queue and its inbox. */
  readonly name: string;
  readonly handlers: readonly EventHandler<HandlerContext<TTables>>[];
}

/**
 * A consumer with an effect that cannot be rolled back, such as an e-mail: at most once for each
 * event. It is retried only after a NotSentError, which guarantees that nothing was sent.
 */
export interface Sender {
  readonly kind: 'sender';
  /** The name of its queue and its inbox. */
  readonly name: string;
  readonly handlers: readonly EventHandler<SenderContext>[];
}

/**
 * A consumer whose effect is elsewhere and may be had again without harm: those that it asks know by an id what they have
 * done. It begins again as often as it fails, also after its process has ended in between.
 */
export interface RepeatableConsumer {
  readonly kind: 'repeatable';
  /** The name of its queue and its inbox. */
  readonly name: string;
  /** Before that time (in ms since 1970) an event is not dealt with; later ones of its key wait too. A minute at most. */
  readonly notBefore?: (event: ShopEvent) => number;
  readonly handlers: readonly EventHandler<SenderContext>[];
}

/** The definition of a consumer. */
export type Consumer<TTables extends InboxTables = InboxTables> =
  TransactionalConsumer<TTables> | Sender | RepeatableConsumer;

/** Guarantees that nothing was sent, so that sending may be retried. */
export class NotSentError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'NotSentError';
  }
}

/** A handler for events of a contract. Events of its other versions are converted to this one. */
export function on<TData, TContext>(
  contract: EventContract<TData>,
  handle: (event: ShopEvent<TData>, context: TContext) => Promise<void>,
): EventHandler<TContext> {
  return {
    name: contract.name,
    types: typesOf(contract),
    handle: (event, context) => handle(asVersion(event, contract), context),
  };
}

/** A handler that costs less for several events at once. */
export function onAll<TData, TContext>(
  contract: EventContract<TData>,
  handle: (events: readonly ShopEvent<TData>[], context: TContext) => Promise<void>,
): EventHandler<TContext> {
  return {
    ...on(contract, (event: ShopEvent<TData>, context: TContext) => handle([event], context)),
    handleAll: (events, context) =>
      handle(
        events.map((event) => asVersion(event, contract)),
        context,
      ),
  };
}

/** The event types that a consumer receives. */
export function typesFor<TTables extends InboxTables>({
  handlers,
}: Consumer<TTables>): readonly string[] {
  return (handlers as readonly { readonly types: readonly string[] }[]).flatMap(
    ({ types }) => types,
  );
}
