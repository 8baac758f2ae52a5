import { describe } from '@jest/globals';
import type { Bus } from '../../events/bus/bus.ts';
import { createRabbitMqBus } from '../../events/bus/rabbitmq/rabbitmq-bus.ts';
import { describeOnEachDatabase } from '../support/database.ts';
import { amqpUrl, ownPrefix, removeQueues } from '../support/rabbitmq.ts';
import { itKeepsTheContract, type TestBus } from './bus-contract.ts';
import { createEventHouse, log } from './event-house.ts';

describeOnEachDatabase('events/bus: embedded', (open) => {
  itKeepsTheContract(() => createEventHouse(open));
});

const url = amqpUrl;
if (url === undefined) {
  describe.skip('events/bus: RabbitMQ: skipped, TEST_AMQP_URL is not set', () => {
    itKeepsTheContract(() => Promise.reject(new Error('There is no broker.')));
  });
} else {
  describe('events/bus: RabbitMQ', () => {
    itKeepsTheContract(() => Promise.resolve(openRabbitMq(url)));
  });
}

function openRabbitMq(server: string): TestBus {
  const prefix = ownPrefix();
  const delaysMs = [1_000];
  const bus = createRabbitMqBus({
    ...{ url: server, prefix, delaysMs, log },
    prefetch: 20,
    publishTimeoutMs: 10_000,
  });
  const consumers: string[] = [];
  const watched: Bus = {
    ...bus,
    async declare(subscriptions) {
      consumers.push(...subscriptions.map(({ consumer }) => consumer));
      await bus.declare(subscriptions);
    },
  };
  return {
    bus: watched,
    async close() {
      await bus.close();
      await removeQueues(server, prefix, consumers, delaysMs);
    },
  };
}
