import type { Transaction } from 'kysely';

/** An event from the outbox: what a bus needs to know about it, and its text. */
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
  /** The name, also of its queue: `notifications-email`. */
  readonly consumer: string;
  /** The event types it receives. */
  readonly types: readonly string[];
}

/** An event for one consumer. */
export interface Delivery {
  readonly id: string;
  readonly key: string;
  readonly text: string;
  /** The number of failed attempts. */
  readonly failures: number;
}

/** The outcome of a delivery. */
export type Outcome =
  | { readonly kind: 'done' }
  /** Deliver it again after this time. */
  | { readonly kind: 'retry'; readonly delayMs: number; readonly reason: string }
  /** Move it to the dead letters, for an operator. */
  | { readonly kind: 'dead'; readonly reason: string };

/** Handles a delivery, with its own deadline. After a rejection it is delivered again, without limit. */
export type DeliveryHandler = (delivery: Delivery) => Promise<Outcome>;

/** A running consumer. */
export interface Consuming {
  /** Accepts nothing new; resolves when all deliveries in progress are handled or returned. */
  stop(): Promise<void>;
}

/** A dead letter: a delivery that was given up. */
export interface DeadLetter extends Delivery {
  readonly consumer: string;
  readonly reason: string;
  readonly diedAt: Date;
}

/** How far a consumer is behind. */
export interface ConsumerLag {
  readonly consumer: string;
  /** On a bus that does not sort them before: with events for others. */
  readonly waiting: number;
  /** The number of failed deliveries waiting for a retry. */
  readonly delayed: number;
  readonly dead: number;
}

/**
 * Carries events from the outbox to consumers, at least once. The queues are declared at the start and
 * outlive processes: events published while a consumer is down wait for it.
 */
export interface Bus {
  readonly name: 'embedded' | 'kafka' | 'rabbitmq';
  /** Whether `publish` writes to the outbox's database and must run in its transaction. */
  readonly isTransactional: boolean;
  /** Creates missing queues. From then on the consumers miss no event. */
  declare(subscriptions: readonly Subscription[]): Promise<void>;
  /**
   * Publishes events; those of one key in order. Resolves when the bus has stored all of them. After a rejection some may have been
   * published: for each key, the first ones.
   */
  publish(events: readonly OutgoingEvent[], options: PublishOptions): Promise<void>;
  /** Runs a declared consumer. */
  consume(subscription: Subscription, handle: DeliveryHandler): Promise<Consuming>;
  /** Delivers an event to one consumer again after a delay. */
  redeliver(consumer: string, delivery: Delivery, delayMs: number): Promise<void>;
  /** Adds a dead letter to a consumer. */
  bury(consumer: string, delivery: Delivery, reason: string): Promise<void>;
  /** The dead letters of a consumer, the oldest first. */
  deadLetters(consumer: string, limit: number): Promise<readonly DeadLetter[]>;
  /** Delivers a dead letter as if it had never failed. Returns false if it does not exist. */
  replay(consumer: string, id: string): Promise<boolean>;
  /** Deletes a dead letter. Returns false if it does not exist. */
  drop(consumer: string, id: string): Promise<boolean>;
  lag(consumers: readonly string[]): Promise<readonly ConsumerLag[]>;
  close(): Promise<void>;
}

/** Options of `publish`. */
export interface PublishOptions {
  /** The transaction of the outbox, for a transactional bus. */
  readonly transaction?: Transaction<unknown>;
  readonly timeoutMs: number;
}

/** The bus cannot be reached or currently accepts nothing. The call may be repeated. */
export class BusUnavailableError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BusUnavailableError';
  }
}
