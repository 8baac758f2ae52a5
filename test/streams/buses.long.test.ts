import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Connection } from 'rabbitmq-client';
import { createLogger } from '../../common/logger.ts';
import { recordFor } from '../../events/bus/kafka/message.ts';
import { namesFor } from '../../events/bus/rabbitmq/topology.ts';
import type { ShopEvent } from '../../events/contracts/event.ts';
import { hearPublished } from '../../events/hear-published.ts';
import type { BrokerChannels } from '../../gateway/channels/broker.ts';
import { openChannels } from '../../gateway/channels/open-channels.ts';
import { cancelled } from '../events/cancelled.ts';
import { createEventHouse } from '../events/event-house.ts';
import { openTestHome, openPostgresHome } from '../support/database.ts';
import { kafkaSource } from '../support/kafka.ts';
import { postgresUrl } from '../support/postgres.ts';
import { amqpUrl, ownPrefix } from '../support/rabbitmq.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';
import { type Broker, describeBroker } from './broker-events.ts';
import { channelsOfEvents, openTestBus, openTestTopic } from './test-buses.ts';

const garbled = '{"no":';

/** The bus of the shop on RabbitMQ, which the gateway reaches through a proxy. */
async function startRabbitMq(): Promise<Broker> {
  const prefix = ownPrefix();
  const bus = await openTestBus(prefix);
  const target = new URL(amqpUrl ?? '');
  const proxy = await startTcpProxy({ port: Number(target.port || 5672) });
  target.host = `127.0.0.1:${proxy.port}`;
  return {
    settings: {
      channelsUrl: target.href,
      channelsTopics: [namesFor(prefix).allExchange],
      channelsOfEvents,
    },
    tell: (orderId) => bus.publish(cancelled({ userId: '1', orderId })),
    garble: () => bus.publishText(garbled),
    kill: () => {
      proxy.refuse();
      return Promise.resolve();
    },
    restart: () => {
      proxy.speak();
      return Promise.resolve();
    },
    stop: async () => {
      await proxy.stop();
      await bus.stop();
    },
  };
}

/** Brokers of Kafka that fall silent, with the records of the shop's bus. */
async function startKafka(): Promise<Broker> {
  const { kafka, topic, publish, stop } = await openTestTopic();
  return {
    settings: {
      channelsUrl: `kafka://${kafka.brokers.join(',')}`,
      channelsTopics: [topic],
      channelsOfEvents,
    },
    tell: (orderId) => publish(cancelled({ userId: '1', orderId })),
    garble: () => publish(garbled),
    kill: async () => kafka.silence?.(),
    restart: () => {
      kafka.speak?.();
      return Promise.resolve();
    },
    stop,
  };
}

const noAmqp = amqpUrl === undefined ? 'TEST_AMQP_URL is not set' : undefined;
const noKafka = 'missing' in kafkaSource ? kafkaSource.missing : undefined;
const noSilentKafka =
  process.env.TEST_KAFKA_BROKERS === undefined
    ? noKafka
    : 'the brokers of TEST_KAFKA_BROKERS cannot be silenced';

describeBroker('RabbitMQ', startRabbitMq, { missing: noAmqp, isBus: true });
describeBroker('Kafka', startKafka, { missing: noSilentKafka, isBus: true });

/** A bus, and channels as of processes of their own that hear it. */
interface HeardBus {
  publish(event: ShopEvent): Promise<void>;
  openChannels(): Promise<BrokerChannels | undefined>;
  stop(): Promise<void>;
}

async function startInDatabase(open: typeof openTestHome): Promise<HeardBus> {
  const house = await createEventHouse(open);
  return {
    publish: (event) => {
      const { id, type } = event;
      const outgoing = { id, type, key: '1', text: JSON.stringify(event) };
      return house.bus.publish([outgoing], { timeoutMs: 20_000 });
    },
    openChannels: () =>
      openChannels({ channelsOfEvents }, { hear: hearPublished(house.home), log }),
    stop: () => house.close(),
  };
}

async function startOnRabbitMq(): Promise<HeardBus> {
  const prefix = ownPrefix();
  const bus = await openTestBus(prefix);
  return {
    publish: (event) => bus.publish(event),
    openChannels: () => openChannels(onRabbitMq(prefix), { hear: undefined, log }),
    stop: () => bus.stop(),
  };
}

async function startOnKafka(): Promise<HeardBus> {
  const { kafka, topic, publish, stop } = await openTestTopic();
  return {
    publish,
    openChannels: () => openChannels(onKafka(kafka.brokers, topic), { hear: undefined, log }),
    stop,
  };
}

const onRabbitMq = (prefix: string) => ({
  channelsUrl: amqpUrl,
  channelsTopics: [namesFor(prefix).allExchange],
  channelsOfEvents,
});
const onKafka = (brokers: readonly string[], topic: string) => ({
  channelsUrl: `kafka://${brokers.join(',')}`,
  channelsTopics: [topic],
  channelsOfEvents,
});

const log = createLogger('gateway', 'silent');

/** What a reader was told, in its order. */
function noteIn(told: string[]) {
  return {
    message: (text: string) => told.push(text),
    lost: () => told.push('lost'),
    restored: () => told.push('restored'),
  };
}

const buses = [
  ['the database (PGlite)', () => startInDatabase(openTestHome), undefined],
  [
    'the database (Postgres)',
    () => startInDatabase(openPostgresHome),
    postgresUrl === undefined ? 'TEST_DATABASE_URL is not set' : undefined,
  ],
  ['RabbitMQ', startOnRabbitMq, noAmqp],
  ['Kafka', startOnKafka, noKafka],
] as const;

describe.each(buses)('channels of a bus: %s', (_name, start, missing) => {
  const title = (what: string): string =>
    missing === undefined ? what : `skipped, ${missing}: ${what}`;
  const withBus = missing === undefined ? it : it.skip;
  let bus: HeardBus | undefined;
  const opened: BrokerChannels[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((channels) => channels.close()));
    await bus?.stop();
    bus = undefined;
  });
  const openAll = async (count: number) => {
    const started = (bus = await start());
    for (let index = 0; index < count; index += 1) {
      const channels = await started.openChannels();
      if (!channels) throw new Error('Expected channels.');
      opened.push(channels);
    }
    return started;
  };
  const order = (id: string): string => JSON.stringify({ __typename: 'Order', id });

  withBus(title('each process hears each event once, from when a channel is open'), async () => {
    const { publish } = await openAll(2);
    const told: [string[], string[]] = [[], []];
    for (const [index, channels] of opened.entries()) {
      await channels.open('order.1.STATUS', noteIn(told[index] ?? []));
    }
    const events = Array.from({ length: 20 }, () => cancelled({ userId: '1', orderId: '1' }));
    for (const event of events) await publish(event);
    // The relay publishes an event again when it was killed before it knew.
    for (const event of events) await publish(event);
    await publish(cancelled({ userId: '1', orderId: '2' }));
    const own = await Promise.all(
      opened.map(async (channels) => {
        const last: string[] = [];
        await channels.open('order.3.STATUS', noteIn(last));
        return last;
      }),
    );
    await publish(cancelled({ userId: '1', orderId: '3' }));
    await until(() => own.every((each) => each.length === 1));
    await until(() => told.every((each) => each.length >= 20));
    // Kafka has several partitions, whose order is not known.
    await pause(200);
    const once = Array.from({ length: 20 }, () => order('1'));
    expect(told).toEqual([once, once]);
    expect(own).toEqual([[order('3')], [order('3')]]);
  });

  withBus(title('what is sent right after a channel was opened is heard'), async () => {
    const { publish } = await openAll(1);
    const [channels] = opened;
    for (let number = 1; number <= 10; number += 1) {
      const id = String(number);
      const told: string[] = [];
      const channel = await channels?.open(`order.${id}.STATUS`, noteIn(told));
      await publish(cancelled({ userId: '1', orderId: id }));
      await until(() => told.length === 1);
      expect(told).toEqual([order(id)]);
      channel?.close();
    }
  });
});

describe(`channels of a bus: RabbitMQ${noAmqp === undefined ? '' : `: skipped, ${noAmqp}`}`, () => {
  const withBroker = noAmqp === undefined ? it : it.skip;

  withBroker('an exchange that is missing is waited for', async () => {
    const prefix = ownPrefix();
    const channels = await openChannels(onRabbitMq(prefix), { hear: undefined, log });
    const told: string[] = [];
    // A channel waits for five seconds only, and a slow machine takes longer.
    const opening = until(async () => {
      const open = await channels?.open('order.1.STATUS', noteIn(told)).catch(() => undefined);
      return open !== undefined;
    }).then(() => told.push('open'));
    await pause(1_000);
    expect(told).toEqual([]);
    const bus = await openTestBus(prefix);
    await opening;
    await bus.publish(cancelled({ userId: '1', orderId: '1' }));
    await until(() => told.length === 2);
    expect(told).toEqual(['open', '{"__typename":"Order","id":"1"}']);
    await channels?.close();
    await bus.stop();
  });

  withBroker('whatever is sent, what comes after it is told', async () => {
    const prefix = ownPrefix();
    const bus = await openTestBus(prefix);
    const channels = await openChannels(onRabbitMq(prefix), { hear: undefined, log });
    const told: string[] = [];
    await channels?.open('order.1.STATUS', noteIn(told));
    const connection = new Connection({ url: amqpUrl ?? '' });
    const exchange = namesFor(prefix).allExchange;
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const publisher = connection.createPublisher({ confirm: true });
    for (const contentType of ['application/json', 'text/plain', 'application/x-nothing']) {
      for (const text of [deep, '{"no":', '', 'x'.repeat(300_000)]) {
        const routingKey = 'shop.order.cancelled.v1';
        await publisher.send({ exchange, routingKey, contentType }, Buffer.from(text));
      }
    }
    // An event says that it is one, or that it is JSON.
    const event = JSON.stringify(cancelled({ userId: '1', orderId: '1' }));
    const envelope = { exchange, routingKey: 'any', contentType: 'application/json' };
    await publisher.send(envelope, Buffer.from(event));
    await bus.publish(cancelled({ userId: '1', orderId: '1' }));
    await until(() => told.length === 2);
    const payload = '{"__typename":"Order","id":"1"}';
    expect(told).toEqual([payload, payload]);
    await publisher.close();
    await connection.close();
    await channels?.close();
    await bus.stop();
  });

  withBroker('no queue stays behind when a process ends', async () => {
    const prefix = ownPrefix();
    const bus = await openTestBus(prefix);
    const { allExchange: exchange } = namesFor(prefix);
    const connection = new Connection({ url: amqpUrl ?? '' });
    const publisher = connection.createPublisher({ confirm: true });
    const returned: string[] = [];
    publisher.on('basic.return', ({ messageId }) => returned.push(messageId ?? ''));
    // What no queue takes comes back.
    const send = (messageId: string): Promise<void> => {
      const routingKey = 'shop.order.cancelled.v1';
      return publisher.send({ exchange, routingKey, messageId, mandatory: true }, '{}');
    };
    const channels = await openChannels(onRabbitMq(prefix), { hear: undefined, log });
    await channels?.open('order.1.STATUS', noteIn([]));
    await send('while it is heard');
    await channels?.close();
    // The broker removes it after it has agreed to the end of the connection.
    await until(async () => {
      await send('when it is not');
      return returned.length > 0;
    });
    expect(returned[0]).toBe('when it is not');
    await publisher.close();
    await connection.close();
    await bus.stop();
  });
});

describe(`channels of a bus: Kafka${noKafka === undefined ? '' : `: skipped, ${noKafka}`}`, () => {
  const withBroker = noKafka === undefined ? it : it.skip;

  withBroker('what comes again for one consumer alone is not told again', async () => {
    const { kafka, topic, publish, send, stop } = await openTestTopic();
    const channels = await openChannels(onKafka(kafka.brokers, topic), { hear: undefined, log });
    const told: string[] = [];
    await channels?.open('order.1.STATUS', noteIn(told));
    const event = cancelled({ userId: '1', orderId: '1' });
    await publish(event);
    const text = JSON.stringify(event);
    await send(recordFor('analytics', { id: event.id, key: '1', text, failures: 1 }));
    await publish(cancelled({ userId: '1', orderId: '1' }));
    await until(() => told.length >= 2);
    await pause(200);
    expect(told).toHaveLength(2);
    await channels?.close();
    await stop();
  });
});
