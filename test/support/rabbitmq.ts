import { randomBytes } from 'node:crypto';
import { Connection } from 'rabbitmq-client';
import { namesFor } from '../../events/bus/rabbitmq/topology.ts';

/** The RabbitMQ broker that tests may use, if any. */
export const amqpUrl = process.env.TEST_AMQP_URL;

/** A name for queues of a test's own. */
export function ownPrefix(): string {
  return `test-${randomBytes(6).toString('hex')}`;
}

/** The consumers of the shop, each of which declares queues; webhooks have more. */
export const shopConsumers = [
  ...['notifications-email', 'notifications-sms', 'notifications-push'],
  ...['fulfilment', 'analytics'],
];

/** A broker with much to do may take longer than a client waits by default. */
const patience = { acquireTimeout: 120_000, connectionTimeout: 60_000, retryHigh: 2_000 };

/** Removes one queue. */
export async function removeQueue(url: string, queue: string): Promise<void> {
  const connection = new Connection({ url, ...patience });
  await connection.queueDelete({ queue });
  await connection.close();
}

/** Removes what a test has declared. */
export async function removeQueues(
  url: string,
  prefix: string,
  consumers: readonly string[],
  delaysMs: readonly number[],
): Promise<void> {
  const names = namesFor(prefix);
  const connection = new Connection({ url, ...patience });
  connection.on('error', () => undefined);
  try {
    for (const consumer of consumers) {
      const retries = delaysMs.map((delayMs) => names.retryQueue(consumer, delayMs));
      for (const queue of [names.workQueue(consumer), ...retries, names.deadQueue(consumer)]) {
        await connection.queueDelete({ queue });
      }
    }
    await connection.exchangeDelete({ exchange: names.allExchange });
    await connection.exchangeDelete({ exchange: names.exchange });
  } finally {
    await connection.close();
  }
}
