import type { Transaction } from 'kysely';
import { asVersion, typesOf } from '../contracts/catalogue.ts';
import type { EventContract } from '../contracts/event-contract.ts';
import type { ShopEvent } from '../contracts/event.ts';
import type { InboxTables } from '../inbox/inbox.ts';

/** What a consumer gets with an event. */
export interface HandlerContext<TTables> {
  /** What is written in it is kept if and only if the event counts as done. */
  readonly transaction: Transaction<TTables>;
  /** Says that the time for the event is over. */
  readonly signal: AbortSignal;
}

/** What a sender gets with an event. */
export interface SenderContext {
  /** Says that the time for the event is over. */
  readonly signal: AbortSignal;
}

/** What is done about one kind of event. */
export interface EventHandler<TContext> {
  readonly name: string;
  readonly types: readonly string[];
  readonly handle: (event: ShopEvent, context: TContext) => Promise<void>;
}

/** A consumer that changes tables: each event has its effect once, in one transaction with the inbox. */
export interface TransactionalConsumer<TTables extends InboxTables> {
  readonly kind: 'transactional';
  /** Names its queue, and its part of the inbox. */
  readonly name: string;
  readonly handlers: readonly EventHandler<HandlerContext<TTables>>[];
}

/**
 * A consumer that does something that no transaction can take back, such as sending an e-mail: at most once for each
 * event. It is tried again only when it says with NotSentError that nothing was sent.
 */
export interface Sender {
  readonly kind: 'sender';
  /** Names its queue, and its part of the inbox. */
  readonly name: string;
  readonly handlers: readonly EventHandler<SenderContext>[];
}

/**
 * A consumer whose effect is elsewhere and may be had again without harm: those that it asks know by an id what they have
 * done. It begins again as often as it fails, also after its process has ended in between.
 */
export interface RepeatableConsumer {
  readonly kind: 'repeatable';
  /** Names its queue, and its part of the inbox. */
  readonly name: string;
  /** Before that time (in ms since 1970) an event is not dealt with; later ones of its key wait too. A minute at most. */
  readonly notBefore?: (event: ShopEvent) => number;
  readonly handlers: readonly EventHandler<SenderContext>[];
}

/** A consumer of events, as data. */
export type Consumer<TTables extends InboxTables = InboxTables> =
  TransactionalConsumer<TTables> | Sender | RepeatableConsumer;

/** Says that a sender has certainly not sent anything: it may be tried again. */
export class NotSentError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'NotSentError';
  }
}

/** What is done about events of a contract. Those of its other versions come as this one. */
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

/** The types of events that a consumer is sent. */
export function typesFor<TTables extends InboxTables>({
  handlers,
}: Consumer<TTables>): readonly string[] {
  return (handlers as readonly { readonly types: readonly string[] }[]).flatMap(
    ({ types }) => types,
  );
}
