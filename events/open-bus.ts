import type { Logger } from '../common/logger.ts';
import type { DatabaseHome } from '../subgraphs/kit/database/database.ts';
import type { WakeUps } from '../subgraphs/kit/database/wake-ups.ts';
import type { Bus } from './bus/bus.ts';
import { createEmbeddedBus } from './bus/embedded/embedded-bus.ts';
import { embeddedSchema } from './bus/embedded/embedded-tables.ts';
import type { DecidedEventsConfig } from './load-settings.ts';

/** The configured bus: a broker, or else the database, which looks at its queues when it is woken. Its packages are loaded on demand. */
export async function openBus(
  config: DecidedEventsConfig,
  home: DatabaseHome,
  log: Logger,
  wakeUps?: WakeUps,
): Promise<Bus> {
  const { amqpUrl, kafkaBrokers, prefix, prefetch, retryDelaysMs, publishTimeoutMs, pollMs } =
    config;
  if (amqpUrl !== undefined) {
    const { createRabbitMqBus } = await import('./bus/rabbitmq/rabbitmq-bus.ts');
    const delaysMs = [...new Set(retryDelaysMs)];
    return createRabbitMqBus({ url: amqpUrl, prefix, prefetch, delaysMs, publishTimeoutMs, log });
  }
  const embedded = createEmbeddedBus({
    database: home.connect(embeddedSchema),
    ...{ prefetch, pollMs, log },
    ...(wakeUps && { wakeUps }),
  });
  if (kafkaBrokers === undefined) return embedded;
  const { createKafkaBus } = await import('./bus/kafka/kafka-bus.ts');
  return createKafkaBus({
    ...{ brokers: kafkaBrokers, prefix, prefetch, publishTimeoutMs, log },
    handlerTimeoutMs: config.giveWayMs + config.messageTimeoutMs,
    aside: embedded,
  });
}
