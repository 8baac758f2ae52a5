import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Delivery } from '../../events/bus/bus.ts';
import { createEmbeddedBus } from '../../events/bus/embedded/embedded-bus.ts';
import { embeddedSchema, wakeUpChannel } from '../../events/bus/embedded/embedded-tables.ts';
import { type StartedEvents, startEvents } from '../../events/start-events.ts';
import { openWakeUps, type WakeUps } from '../../subgraphs/kit/database/wake-ups.ts';
import { describeOnEachDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { createEventHouse, type EventHouse, log } from './event-house.ts';
import { eventsConfig } from './events-config.ts';
import { writeMany } from './many-events.ts';

/** Nothing would be found within the test by looking. */
const pollMs = 60_000;

describeOnEachDatabase('events that wake those that serve them', (open) => {
  let house: EventHouse;
  let wakeUps: WakeUps;
  let started: StartedEvents | undefined;
  const consumer = 'woken';

  beforeEach(async () => {
    house = await createEventHouse(open);
    wakeUps = await openWakeUps(house.home.listen, wakeUpChannel);
  });
  afterEach(async () => {
    await started?.stop();
    await wakeUps.close();
    await house.close();
  });

  it('come from the outbox to a consumer at once, again when a retry is due, and when a command replays one', async () => {
    const database = house.home.connect<never>(embeddedSchema);
    const bus = createEmbeddedBus({ database, prefetch: 20, pollMs, wakeUps, log });
    await bus.declare([{ consumer, types: ['shop.order.cancelled.v1'] }]);
    started = startEvents({
      ...{ home: house.home, bus, producers: ['orders'], consumers: [], wakeUps, log },
      config: eventsConfig({ pollMs }),
    });
    const seen: Delivery[] = [];
    const consuming = await bus.consume(
      { consumer, types: ['shop.order.cancelled.v1'] },
      (delivery) => {
        seen.push(delivery);
        if (seen.length === 1) {
          return Promise.resolve({ kind: 'retry', delayMs: 300, reason: 'not yet' });
        }
        return Promise.resolve(
          seen.length === 2 ? { kind: 'dead', reason: 'no use' } : { kind: 'done' },
        );
      },
    );
    // Everything has looked once, and found nothing.
    await pause(1_000);

    const writtenAt = performance.now();
    await writeMany(house, 1, 1);
    await eventually(
      () => seen.length,
      (length) => length === 2,
      pollMs / 2,
    );
    const [letter] = await eventually(
      () => bus.deadLetters(consumer, 1),
      ({ length }) => length === 1,
    );
    // As of a process of its own, which serves nothing.
    const command = createEmbeddedBus({ database, prefetch: 20, pollMs, log });
    expect(await command.replay(consumer, letter?.id ?? '')).toBe(true);
    await eventually(
      () => seen.length,
      (length) => length === 3,
      pollMs / 2,
    );
    expect(performance.now() - writtenAt).toBeLessThan(pollMs / 2);
    await consuming.stop();
  });
});
