import type { Transaction } from 'kysely';

/** An event as the outbox has it: what a bus needs to know of it, and the text that it carries. */
export interface OutgoingEvent {
  readonly id: string;
  readonly type: string;
  /** Events of one key keep their order. */
  readonly key: string;
  /** The event as JSON. */
  readonly text: string;
}

/** A consumer, as a bus knows it. */
export interface Subscription {
  /** Its name, which names its queue: `notifications-email`. */
  readonly consumer: string;
  /** The types of events that it is sent. */
  readonly types: readonly string[];
}

/** An event on its way to one consumer. */
export interface Delivery {
  readonly id: string;
  readonly key: string;
  readonly text: string;
  /** How often it was tried before, and failed. */
  readonly failures: number;
}

/** What is to become of a delivery. */
export type Outcome =
  | { readonly kind: 'done' }
  /** To be delivered again after that time. */
  | { readonly kind: 'retry'; readonly delayMs: number; readonly reason: string }
  /** Among the dead letters, until somebody looks at it. */
  | { readonly kind: 'dead'; readonly reason: string };

/** Deals with a delivery, within a deadline of its own. One that rejects is delivered again, as often as it takes. */
export type DeliveryHandler = (delivery: Delivery) => Promise<Outcome>;

/** A consumer that is being served. */
export interface Consuming {
  /** Takes nothing new; resolves when what it has is dealt with or given back. */
  stop(): Promise<void>;
}

/** A delivery that was given up. */
export interface DeadLetter extends Delivery {
  readonly consumer: string;
  readonly reason: string;
  readonly diedAt: Date;
}

/** How far a consumer is behind. */
export interface ConsumerLag {
  readonly consumer: string;
  readonly waiting: number;
  /** Of failed ones that wait for their next try. */
  readonly delayed: number;
  readonly dead: number;
}

/**
 * What carries events from the outbox to consumers, at least once. A topology of queues is declared at the start and
 * outlives processes: what is published while a consumer is away waits for it.
 */
export interface Bus {
  readonly name: 'embedded' | 'rabbitmq';
  /** Whether `publish` writes into the database of the outbox, and so belongs into its transaction. */
  readonly isTransactional: boolean;
  /** Makes what consumers need, where it is missing. From then on they miss nothing. */
  declare(subscriptions: readonly Subscription[]): Promise<void>;
  /**
   * Publishes events; of one key in order. Resolves when the bus has all of them. After a rejection some may have been
   * published; of each key those that come first.
   */
  publish(events: readonly OutgoingEvent[], options: PublishOptions): Promise<void>;
  /** Serves a consumer that was declared. */
  consume(subscription: Subscription, handle: DeliveryHandler): Promise<Consuming>;
  /** Delivers something to one consumer again, after a time. */
  redeliver(consumer: string, delivery: Delivery, delayMs: number): Promise<void>;
  /** Puts something among the dead letters of a consumer. */
  bury(consumer: string, delivery: Delivery, reason: string): Promise<void>;
  /** The dead letters of a consumer, the oldest first. */
  deadLetters(consumer: string, limit: number): Promise<readonly DeadLetter[]>;
  /** Delivers a dead letter as if it had never failed. Gives whether there was one. */
  replay(consumer: string, id: string): Promise<boolean>;
  /** Removes a dead letter for good. Gives whether there was one. */
  drop(consumer: string, id: string): Promise<boolean>;
  lag(consumers: readonly string[]): Promise<readonly ConsumerLag[]>;
  close(): Promise<void>;
}

/** How events are published. */
export interface PublishOptions {
  /** The transaction of the outbox, for a bus that is transactional. */
  readonly transaction?: Transaction<unknown>;
  readonly timeoutMs: number;
}

/** Says that the bus cannot be reached or does not take anything at the moment. What was asked may be asked again. */
export class BusUnavailableError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BusUnavailableError';
  }
}
