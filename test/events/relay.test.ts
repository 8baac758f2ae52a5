import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeOnEachDatabase } from '../support/database.ts';
import { createEventHouse, type EventHouse } from './event-house.ts';
import { expectInOrder, writeMany } from './many-events.ts';

describeOnEachDatabase('events/relay', (open) => {
  let house: EventHouse;

  beforeAll(async () => {
    house = await createEventHouse(open);
    await house.bus.declare([{ consumer: 'all', types: ['shop.order.cancelled.v1'] }]);
  });
  afterAll(() => house.close());

  it('threat 78: four relays publish 1,000 events once each, those of a customer in their order', async () => {
    await writeMany(house, 1_000, 50);
    const relays = Array.from({ length: 4 }, () => house.startRelay());
    await house.drained();
    await Promise.all(relays.map((relay) => relay.stop()));
    const published = await house.messagesOf('all');
    expect(published).toHaveLength(1_000);
    expectInOrder(published);
  });
});
