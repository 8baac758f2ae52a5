import type { Running } from '../common/process.ts';
import type { DatabaseHome } from '../subgraphs/kit/database/database.ts';
import { openWakeUps } from '../subgraphs/kit/database/wake-ups.ts';
import { wakeUpChannel } from './bus/embedded/embedded-tables.ts';
import { type ConsumersOptions, createConsumers } from './create-consumers.ts';
import { bringTablesUpToDate, producers } from './event-tables.ts';
import { openBus } from './open-bus.ts';
import { startEvents } from './start-events.ts';

/** The dependencies of event processing on an open database. */
export interface OpenEventsOptions extends ConsumersOptions {
  readonly home: DatabaseHome;
}

/** Running event processing. */
export interface CarriedEvents extends Running {
  waitsFor(): readonly string[];
  /** What it still waits for; empty once everything runs. */
  missing(): readonly string[];
}

/**
 * Starts event processing: the relay of each outbox, and the consumers. Throws StartupError when migrations are
 * pending and the settings reserve them for `npm run migrate`. `stop` leaves the database open.
 */
export async function openEvents({ home, ...options }: OpenEventsOptions): Promise<CarriedEvents> {
  const { settings, log } = options;
  await bringTablesUpToDate(home, settings.migrationsAtStart);
  const wakeUps = await openWakeUps(home.listen, wakeUpChannel);
  const bus = await openBus(settings.events, home, log, wakeUps);
  const consumers = createConsumers(options);
  const events = startEvents({
    ...{ home, bus, log, producers, wakeUps },
    config: settings.events,
    consumers: consumers.all,
  });
  log.info({ bus: bus.name }, 'events are carried');
  return {
    async stop() {
      await events.stop();
      await consumers.close();
      await bus.close();
      await wakeUps.close();
    },
    waitsFor: () => events.waitsFor?.() ?? [],
    missing: () => (events.isCarrying() ? [] : [bus.name === 'embedded' ? 'consumers' : bus.name]),
  };
}
