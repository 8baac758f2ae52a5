import { createLogger } from '../../common/logger.ts';
import type { Bus } from '../../events/bus/bus.ts';
import { createRabbitMqBus } from '../../events/bus/rabbitmq/rabbitmq-bus.ts';
import { startRelay } from '../../events/relay/relay.ts';
import { openPostgres } from '../../subgraphs/kit/database/postgres-home.ts';

/**
 * A relay in a process of its own, which says "published" when a batch is at the broker, and then marks nothing: a test
 * kills it there. Arguments: the URLs of database and broker, the prefix of its queues.
 */
const [databaseUrl = '', amqpUrl = '', prefix = ''] = process.argv.slice(2);
const log = createLogger('relay', 'silent');
const home = await openPostgres({
  url: databaseUrl,
  poolMax: 4,
  connectTimeoutMs: 5_000,
  statementTimeoutMs: 10_000,
});
const bus = createRabbitMqBus({
  ...{ url: amqpUrl, prefix, log },
  prefetch: 20,
  delaysMs: [1_000],
  publishTimeoutMs: 10_000,
});
await bus.declare([{ consumer: 'counted', types: ['shop.order.cancelled.v1'] }]);
const stopping: Bus = {
  ...bus,
  async publish(events, options) {
    await bus.publish(events, options);
    process.stdout.write('published\n');
    await new Promise(() => undefined);
  },
};
startRelay({
  database: home.connect('orders'),
  schema: 'orders',
  isSingleSession: false,
  bus: stopping,
  settings: { batch: 50, pollMs: 20, publishTimeoutMs: 10_000, maxBackoffMs: 200 },
  log,
});
