import type { EventsConfig } from '../common/events-section.ts';
import type { Logger } from '../common/logger.ts';
import type { DatabaseHome } from '../subgraphs/kit/database/database.ts';
import type { Bus } from './bus/bus.ts';
import { createEmbeddedBus } from './bus/embedded/embedded-bus.ts';
import { embeddedSchema } from './bus/embedded/embedded-tables.ts';

/** The configured bus: a broker, or else the database. Its packages are loaded on demand. */
export async function openBus(config: EventsConfig, home: DatabaseHome, log: Logger): Promise<Bus> {
  const { amqpUrl, prefix, prefetch, retryDelaysMs, publishTimeoutMs, pollMs } = config;
  if (amqpUrl !== undefined) {
    const { createRabbitMqBus } = await import('./bus/rabbitmq/rabbitmq-bus.ts');
    const delaysMs = [...new Set(retryDelaysMs)];
    return createRabbitMqBus({ url: amqpUrl, prefix, prefetch, delaysMs, publishTimeoutMs, log });
  }
  return createEmbeddedBus({ database: home.connect(embeddedSchema), prefetch, pollMs, log });
}
