import { Kafka, logLevel, type Message, Partitioners } from 'kafkajs';
import { recordOf } from '../../events/bus/kafka/message.ts';
import { createRabbitMqBus } from '../../events/bus/rabbitmq/rabbitmq-bus.ts';
import type { ShopEvent } from '../../events/contracts/event.ts';
import { log } from '../events/event-house.ts';
import { kafkaSource, type TestKafka } from '../support/kafka.ts';
import { amqpUrl, ownPrefix, removeQueues } from '../support/rabbitmq.ts';
import { until } from '../support/until.ts';

/** Settings by which events of the shop go to channels of a test. */
export const channelsOfEvents = [
  { channel: 'order.{subject}.STATUS', event: { __typename: 'Order', id: '{subject}' } },
];

/** The bus of the shop on RabbitMQ, with names of the test's own. */
export interface TestBus {
  publish(event: ShopEvent): Promise<void>;
  /** Publishes a text as an event, whatever it is. */
  publishText(text: string): Promise<void>;
  /** Removes what it has declared. */
  stop(): Promise<void>;
}

/** Opens the bus at the broker of `TEST_AMQP_URL`. Its exchanges are there when this resolves. */
export async function openTestBus(prefix: string): Promise<TestBus> {
  const url = amqpUrl ?? '';
  const settings = { prefetch: 1, delaysMs: [1_000], publishTimeoutMs: 20_000 };
  const bus = createRabbitMqBus({ url, prefix, log, ...settings });
  const isDeclared = (): Promise<boolean> =>
    bus.declare([]).then(
      () => true,
      () => false,
    );
  await until(isDeclared);
  const send = (id: string, type: string, text: string): Promise<void> =>
    bus.publish([{ id, type, key: '1', text }], { timeoutMs: 20_000 });
  return {
    publish: (event) => send(event.id, event.type, JSON.stringify(event)),
    publishText: (text) => send('x', 'shop.order.cancelled.v1', text),
    stop: async () => {
      await bus.close();
      await removeQueues(url, prefix, [], []);
    },
  };
}

/** A topic with events of the shop. */
export interface TestTopic {
  readonly kafka: TestKafka;
  readonly topic: string;
  publish(event: ShopEvent | string): Promise<void>;
  send(record: Message): Promise<void>;
  stop(): Promise<void>;
}

/** Opens brokers, and makes a topic. */
export async function openTestTopic(): Promise<TestTopic> {
  if ('missing' in kafkaSource) throw new Error(kafkaSource.missing);
  const kafka = await kafkaSource.open();
  const topic = `${ownPrefix()}.events`;
  const client = new Kafka({ brokers: [...kafka.brokers], logLevel: logLevel.NOTHING });
  const send = async (record: Message): Promise<void> => {
    const producer = client.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    await producer.send({ topic, messages: [record] });
    await producer.disconnect();
  };
  const publish = (event: ShopEvent | string): Promise<void> => {
    const { id, type } = typeof event === 'string' ? { id: 'x', type: 'x' } : event;
    const text = typeof event === 'string' ? event : JSON.stringify(event);
    return send(recordOf({ id, type, key: '1', text }));
  };
  await publish('The first record makes the topic.');
  return { kafka, topic, publish, send, stop: () => kafka.stop() };
}
