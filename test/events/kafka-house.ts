import type { Bus } from '../../events/bus/bus.ts';
import { createEmbeddedBus } from '../../events/bus/embedded/embedded-bus.ts';
import { embeddedSchema } from '../../events/bus/embedded/embedded-tables.ts';
import { createKafkaBus } from '../../events/bus/kafka/kafka-bus.ts';
import { openTestHome } from '../support/database.ts';
import { kafkaSource, type TestKafka } from '../support/kafka.ts';
import { ownPrefix } from '../support/rabbitmq.ts';
import { createEventHouse, type EventHouse, log } from './event-house.ts';

/** Brokers, and a database for what waits and dead letters. */
export interface KafkaHouse {
  readonly kafka: TestKafka;
  readonly house: EventHouse;
  readonly topic: string;
  /** A bus as of a process of its own; with another prefix, at a topic of its own. */
  readonly openBus: (prefix?: string) => Bus;
  readonly close: () => Promise<void>;
}

/** Opens brokers and a database; the names at the brokers are the test's own. */
export async function openKafkaHouse(): Promise<KafkaHouse> {
  if ('missing' in kafkaSource) throw new Error(kafkaSource.missing);
  const kafka = await kafkaSource.open();
  const house = await createEventHouse(openTestHome);
  const usualPrefix = ownPrefix();
  const opened: Bus[] = [];
  return {
    kafka,
    house,
    topic: `${usualPrefix}.events`,
    openBus(prefix = usualPrefix) {
      const bus = createKafkaBus({
        ...{ brokers: kafka.brokers, prefix, log },
        aside: createEmbeddedBus({
          database: house.home.connect(embeddedSchema),
          ...{ prefetch: 20, pollMs: 20, log },
        }),
        prefetch: 20,
        publishTimeoutMs: 10_000,
        handlerTimeoutMs: 5_000,
      });
      opened.push(bus);
      return bus;
    },
    async close() {
      await Promise.all(opened.map((bus) => bus.close()));
      await house.close();
      await kafka.stop();
    },
  };
}
