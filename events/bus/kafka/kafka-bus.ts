import { type Consumer, type Kafka, Partitioners, type Producer } from 'kafkajs';
import type { Logger } from '../../../common/logger.ts';
import { within } from '../../../common/within.ts';
import {
  type Bus,
  BusUnavailableError,
  type Delivery,
  type DeliveryHandler,
  type Subscription,
} from '../bus.ts';
import { asUnavailable, createKafkaClient, protocolErrorOf, withAdmin } from './kafka-client.ts';
import { partsOf, recordFor, recordOf } from './message.ts';
import { readPartitions } from './read-partitions.ts';
import { keepStartPositions } from './start-positions.ts';

/** The options of a bus on Kafka. */
export interface KafkaBusOptions {
  /** `host:port` of some of the brokers; they name the others. */
  readonly brokers: readonly string[];
  /** How the names of the topic and of the consumer groups begin. */
  readonly prefix: string;
  /** The most deliveries of a consumer in progress. */
  readonly prefetch: number;
  readonly publishTimeoutMs: number;
  /** How long a handler may have a delivery, which a change of the group waits for. */
  readonly handlerTimeoutMs: number;
  /** Keeps what waits for another attempt, and dead letters: Kafka can do neither. */
  readonly aside: Bus;
  readonly log: Logger;
}

/** The partitions of a topic that the bus creates. More would not help: an outbox has 16. */
const partitions = 16;

/** Of one request: a broker's usual maximum is 1 MiB. */
const requestMaxBytes = 768 * 1024;

/** What is fetched at once, in all and of one partition, and how long a broker waits for something to come. */
const fetchLimits = {
  maxBytes: 4 * 1024 * 1024,
  maxBytesPerPartition: 512 * 1024,
  maxWaitTimeInMs: 500,
} as const;

/** A process that has not been heard of for this long loses its partitions. */
const sessionTimeoutMs = 10_000;

/**
 * A bus on Kafka. All events are in one topic, because they are about one kind of thing, an order, and the order of a customer's
 * events is that of a partition. Each consumer is a group. What failed is kept aside, and written to the topic again for that
 * consumer alone, so that the process that has its key gets it.
 */
export function createKafkaBus(options: KafkaBusOptions): Bus {
  const { prefix, prefetch, publishTimeoutMs, handlerTimeoutMs, aside, log } = options;
  const topic = `${prefix}.events`;
  const groupOf = (consumer: string): string => `${prefix}.${consumer}`;
  const kafka = createKafkaClient(options.brokers, `${prefix}-events`, log);
  const declared = new Set<string>();
  let producing: Promise<Producer> | undefined;

  /** Connects once. After a failure the next call tries again. */
  const producer = (): Promise<Producer> => {
    producing ??= openProducer(kafka).catch((error: unknown) => {
      producing = undefined;
      throw error;
    });
    return producing;
  };

  const createMember = (consumer: string) => (): Consumer =>
    kafka.consumer({
      ...fetchLimits,
      groupId: groupOf(consumer),
      allowAutoTopicCreation: false,
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: handlerTimeoutMs + 30_000,
      // A member that breaks is replaced by us, whatever the reason.
      retry: { retries: 5, restartOnFailure: () => Promise.resolve(false) },
    });

  const send = async (records: Parameters<typeof partsOf>[0], timeoutMs: number): Promise<void> => {
    const deadline = performance.now() + timeoutMs;
    const inTime = async <T>(work: Promise<T>): Promise<T> => {
      const result = await within<T | undefined>(work, deadline - performance.now(), undefined);
      if (result !== undefined) return result;
      throw new BusUnavailableError(`Kafka confirmed nothing in ${timeoutMs} ms.`);
    };
    try {
      for (const messages of partsOf(records, requestMaxBytes)) {
        // To connect counts too; what could not be sent in time is not sent later.
        const connected = await inTime(producer());
        const timeout = Math.max(1, Math.floor(deadline - performance.now()));
        await inTime(connected.send({ topic, messages, acks: -1, timeout }));
      }
    } catch (error) {
      if (protocolErrorOf(error) === 'UNKNOWN_TOPIC_OR_PARTITION') {
        await withAdmin(kafka, (admin) => createTopic(admin, topic));
      }
      throw asUnavailable(error);
    }
  };

  const settle = async (
    { consumer }: Subscription,
    handle: DeliveryHandler,
    delivery: Delivery,
  ): Promise<void> => {
    const outcome = await handle(delivery);
    const failed = { ...delivery, failures: delivery.failures + 1 };
    switch (outcome.kind) {
      case 'done':
        return;
      case 'retry':
        await aside.redeliver(consumer, failed, outcome.delayMs);
        return;
      case 'dead':
        await aside.bury(consumer, failed, outcome.reason);
    }
  };

  const waitingIn = (consumers: readonly string[]): Promise<ReadonlyMap<string, number>> =>
    withAdmin(kafka, async (admin) => {
      const ends = new Map(
        (await admin.fetchTopicOffsets(topic)).map(({ partition, high, low }) => [
          partition,
          { high: Number(high), low: Number(low) },
        ]),
      );
      const waiting = new Map<string, number>();
      for (const consumer of consumers) {
        const [found] = await admin.fetchOffsets({ groupId: groupOf(consumer), topics: [topic] });
        const counts = (found?.partitions ?? []).map(({ partition, offset }) => {
          const { high = 0, low = 0 } = ends.get(partition) ?? {};
          return Math.max(0, high - Math.max(low, Number(offset)));
        });
        waiting.set(
          consumer,
          counts.reduce((sum, count) => sum + count, 0),
        );
      }
      return waiting;
    });

  return {
    name: 'kafka',
    isTransactional: false,
    async declare(subscriptions) {
      await aside.declare(subscriptions);
      const open = subscriptions.filter(({ consumer }) => !declared.has(consumer));
      if (open.length === 0) return;
      await withAdmin(kafka, async (admin) => {
        await createTopic(admin, topic);
        await Promise.all(
          open.map(({ consumer }) =>
            keepStartPositions({
              ...{ admin, topic },
              groupId: groupOf(consumer),
              createMember: createMember(consumer),
            }),
          ),
        );
      });
      for (const { consumer } of open) declared.add(consumer);
    },
    publish: (events, { timeoutMs }) => send(events.map(recordOf), timeoutMs),
    async consume(subscription, handle) {
      const { consumer, types } = subscription;
      const returning = await aside.consume(subscription, async (delivery) => {
        await send([recordFor(consumer, delivery)], publishTimeoutMs);
        return { kind: 'done' };
      });
      const reading = readPartitions({
        ...{ consumer, types, topic, prefetch, log },
        createMember: createMember(consumer),
        settle: (delivery) => settle(subscription, handle, delivery),
      });
      return {
        async stop() {
          await Promise.all([returning.stop(), reading.stop()]);
        },
      };
    },
    redeliver: (consumer, delivery, delayMs) => aside.redeliver(consumer, delivery, delayMs),
    bury: (consumer, delivery, reason) => aside.bury(consumer, delivery, reason),
    deadLetters: (consumer, limit) => aside.deadLetters(consumer, limit),
    replay: (consumer, id) => aside.replay(consumer, id),
    drop: (consumer, id) => aside.drop(consumer, id),
    async lag(consumers) {
      const kept = await aside.lag(consumers);
      const waiting = await waitingIn(consumers);
      return kept.map((each) => ({
        ...each,
        waiting: each.waiting + (waiting.get(each.consumer) ?? 0),
      }));
    },
    async close() {
      await (await producing?.catch(() => undefined))?.disconnect();
      await aside.close();
    },
  };
}

/**
 * Not the idempotent producer of the library: it gives up after some attempts, then numbers other events like those, and a broker
 * takes them for duplicates. An event that is there twice is known by its id.
 */
async function openProducer(kafka: Kafka): Promise<Producer> {
  const producer = kafka.producer({
    createPartitioner: Partitioners.DefaultPartitioner,
    allowAutoTopicCreation: false,
  });
  await producer.connect();
  return producer;
}

/** Creates the topic if it is missing, with the copies that the brokers make of a new one. */
async function createTopic(
  admin: Parameters<Parameters<typeof withAdmin>[1]>[0],
  topic: string,
): Promise<void> {
  try {
    await admin.fetchTopicMetadata({ topics: [topic] });
  } catch (error) {
    if (protocolErrorOf(error) !== 'UNKNOWN_TOPIC_OR_PARTITION') throw error;
    await admin.createTopics({ topics: [{ topic, numPartitions: partitions }] });
  }
}
