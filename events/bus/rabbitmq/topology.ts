import type { Channel } from 'rabbitmq-client';
import type { Subscription } from '../bus.ts';

/** How many messages a queue holds; what is published beyond that is refused, and stays in the outbox. */
const maxLength = 1_000_000;

/** The names of what a broker has for the shop. */
export interface Names {
  /** The exchange to which events are published, with their type as the routing key. */
  readonly exchange: string;
  workQueue(consumer: string): string;
  retryQueue(consumer: string, delayMs: number): string;
  deadQueue(consumer: string): string;
}

/** Names that begin with a prefix of the shop's own. */
export function namesFor(prefix: string): Names {
  return {
    exchange: `${prefix}.events`,
    workQueue: (consumer) => `${prefix}.${consumer}`,
    retryQueue: (consumer, delayMs) => `${prefix}.${consumer}.retry.${delayMs}`,
    deadQueue: (consumer) => `${prefix}.${consumer}.dead`,
  };
}

/**
 * Declares the queues of a consumer, where they are missing: one for work, one for each delay, from which messages come
 * back to that for work when their time has passed, and one for dead letters. All are quorum queues and refuse what is too
 * much for them. One process at a time is served from the queue for work, which keeps the order.
 */
export async function declareQueues(
  channel: Channel,
  names: Names,
  { consumer, types }: Subscription,
  delaysMs: readonly number[],
): Promise<void> {
  const quorum = {
    'x-queue-type': 'quorum',
    'x-max-length': maxLength,
    'x-overflow': 'reject-publish',
  } as const;
  const work = names.workQueue(consumer);
  await channel.exchangeDeclare({ exchange: names.exchange, type: 'direct', durable: true });
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
        // A message leaves the queue only when that for work has confirmed it.
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
}
