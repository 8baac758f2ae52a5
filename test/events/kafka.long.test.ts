import { afterAll, beforeAll, describe } from '@jest/globals';
import { kafkaSource } from '../support/kafka.ts';
import { ownPrefix } from '../support/rabbitmq.ts';
import { itKeepsTheContractAtOnce } from './bus-contract.ts';
import { type KafkaHouse, openKafkaHouse } from './kafka-house.ts';

if ('missing' in kafkaSource) {
  const { missing } = kafkaSource;
  describe.skip(`events/bus: Kafka: skipped, ${missing}`, () => {
    itKeepsTheContractAtOnce(() => {
      throw new Error(missing);
    });
  });
} else {
  describe('events/bus: Kafka', () => {
    let opened: KafkaHouse;
    beforeAll(async () => {
      opened = await openKafkaHouse();
    });
    afterAll(() => opened.close());
    itKeepsTheContractAtOnce(() => opened.openBus(ownPrefix()));
  });
}
