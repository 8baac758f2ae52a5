import { randomBytes } from 'node:crypto';
import { Connection } from 'rabbitmq-client';
import { namesFor } from '../../events/bus/rabbitmq/topology.ts';

/** The RabbitMQ broker that tests may use, if any. */
export const amqpUrl = process.env.TEST_AMQP_URL;

/** A name for queues of a test's own. */
export function ownPrefix(): string {
  return `test-${randomBytes(6).toString('hex')}`;
}

/** Removes what a test has declared. */
export async function removeQueues(
  url: string,
  prefix: string,
  consumers: readonly string[],
  delaysMs: readonly number[],
): Promise<void> {
  const names = namesFor(prefix);
  const connection = new Connection({ url });
  connection.on('error', () => undefined);
  try {
    for (const consumer of consumers) {
      const retries = delaysMs.map((delayMs) => names.retryQueue(consumer, delayMs));
      for (const queue of [names.workQueue(consumer), ...retries, names.deadQueue(consumer)]) {
        await connection.queueDelete({ queue });
      }
    }
    await connection.exchangeDelete({ exchange: names.exchange });
  } finally {
    await connection.close();
  }
}
