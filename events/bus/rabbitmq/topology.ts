import type { Channel } from 'rabbitmq-client';
import { contracts } from '../../contracts/catalogue.ts';
import type { Subscription } from '../bus.ts';

/** The names of the shop's exchange and queues. */
export interface Names {
  /** The exchange for events; the routing key is the event type. */
  readonly exchange: string;
  /** A topic exchange with all events, for those who only want to hear of them: its queues are theirs. */
  readonly allExchange: string;
  workQueue(consumer: string): string;
  retryQueue(consumer: string, delayMs: number): string;
  deadQueue(consumer: string): string;
}

/** Names with the given prefix. */
export function namesFor(prefix: string): Names {
  return {
    exchange: `${prefix}.events`,
    allExchange: `${prefix}.events.all`,
    workQueue: (consumer) => `${prefix}.${consumer}`,
    retryQueue: (consumer, delayMs) => `${prefix}.${consumer}.retry.${delayMs}`,
    deadQueue: (consumer) => `${prefix}.${consumer}.dead`,
  };
}

/** Declares the exchanges: the one of consumers' queues, and the one for those who hear all events, which has them from the first. */
export async function declareExchanges(channel: Channel, names: Names): Promise<void> {
  await channel.exchangeDeclare({ exchange: names.exchange, type: 'direct', durable: true });
  await channel.exchangeDeclare({ exchange: names.allExchange, type: 'topic', durable: true });
  for (const { type } of contracts) {
    await channel.exchangeBind({
      source: names.exchange,
      destination: names.allExchange,
      routingKey: type,
    });
  }
}

/**
 * Declares the missing queues of a consumer: a work queue; one queue per delay, whose messages return
 * to the work queue when they expire; and one for dead letters. All are quorum queues that refuse messages beyond their
 * maximum length. The work queue has a single active consumer, which keeps the order, and is sent the types of the
 * subscription and no longer any other.
 */
export async function declareQueues(
  channel: Channel,
  names: Names,
  { consumer, types }: Subscription,
  { delaysMs, maxLength }: { readonly delaysMs: readonly number[]; readonly maxLength: number },
): Promise<void> {
  const quorum = {
    'x-queue-type': 'quorum',
    'x-max-length': maxLength,
    'x-overflow': 'reject-publish',
  } as const;
  const work = names.workQueue(consumer);
  await channel.queueDeclare({
    queue: work,
    durable: true,
    arguments: { ...quorum, 'x-single-active-consumer': true },
  });
  for (const delayMs of delaysMs) {
    await channel.queueDeclare({
      queue: names.retryQueue(consumer, delayMs),
      durable: true,
      arguments: {
        ...quorum,
        'x-message-ttl': delayMs,
        'x-dead-letter-exchange': '',
        'x-dead-letter-routing-key': work,
        // At-least-once dead lettering: a message leaves the queue only after the work queue has confirmed it.
        'x-dead-letter-strategy': 'at-least-once',
      },
    });
  }
  await channel.queueDeclare({
    queue: names.deadQueue(consumer),
    durable: true,
    arguments: quorum,
  });
  for (const type of types) {
    await channel.queueBind({ exchange: names.exchange, queue: work, routingKey: type });
  }
  // A binding outlives the version of the consumer that wanted it.
  for (const { type } of contracts) {
    if (types.includes(type)) continue;
    await channel.queueUnbind({ exchange: names.exchange, queue: work, routingKey: type });
  }
}
