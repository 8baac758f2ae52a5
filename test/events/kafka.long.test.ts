import { describe } from '@jest/globals';
import { kafkaSource } from '../support/kafka.ts';
import { itKeepsTheContract } from './bus-contract.ts';
import { openKafkaHouse } from './kafka-house.ts';

const open = async () => {
  const house = await openKafkaHouse();
  return { bus: house.openBus(), close: house.close };
};

if ('missing' in kafkaSource) {
  describe.skip(`events/bus: Kafka: skipped, ${kafkaSource.missing}`, () => {
    itKeepsTheContract(open);
  });
} else {
  describe('events/bus: Kafka', () => {
    itKeepsTheContract(open);
  });
}
