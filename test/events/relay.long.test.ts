import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeOnEachDatabase } from '../support/database.ts';
import { createEventHouse, type EventHouse } from './event-house.ts';
import { expectInOrder, writeMany } from './many-events.ts';

describeOnEachDatabase('events/relay, for long', (open) => {
  let house: EventHouse;

  beforeAll(async () => {
    house = await createEventHouse(open);
    await house.bus.declare([{ consumer: 'all', types: ['shop.order.cancelled.v1'] }]);
  });
  afterAll(() => house.close());

  it('threat 78: four relays publish 10,000 events once each, while they are written, those of a customer in their order', async () => {
    const relays = Array.from({ length: 4 }, () => house.startRelay());
    await writeMany(house, 10_000, 200);
    await house.drained();
    await Promise.all(relays.map((relay) => relay.stop()));
    const published = await house.messagesOf('all');
    expect(published).toHaveLength(10_000);
    expectInOrder(published);
  });
});
