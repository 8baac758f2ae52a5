import { systemClock } from '../common/clock.ts';
import type { EventsConfig } from '../common/events-section.ts';
import type { Logger } from '../common/logger.ts';
import type { Running } from '../common/process.ts';
import type { DatabaseHome } from '../subgraphs/kit/database/database.ts';
import { openWakeUps } from '../subgraphs/kit/database/wake-ups.ts';
import type { Bus } from './bus/bus.ts';
import { wakeUpChannel } from './bus/embedded/embedded-tables.ts';
import { type Consumers, type ConsumersOptions, createConsumers } from './create-consumers.ts';
import { bringTablesUpToDate, producers } from './event-tables.ts';
import { createBacklog } from './metrics/backlog.ts';
import type { OpenMetrics } from './metrics/open-metrics.ts';
import { openBus } from './open-bus.ts';
import { readOutboxes } from './read-outboxes.ts';
import { startEvents } from './start-events.ts';

/** The dependencies of event processing on an open database. */
export interface OpenEventsOptions extends ConsumersOptions {
  readonly home: DatabaseHome;
  /** Whether it is measured; by default it is not. */
  readonly isMeasured?: boolean;
}

/** Running event processing. */
export interface CarriedEvents extends Running {
  waitsFor(): readonly string[];
  /** What it still waits for; empty once everything runs. */
  missing(): readonly string[];
  /** The metrics, in the text format of Prometheus. Rejects when nothing is measured. */
  metrics(): Promise<string>;
}

/**
 * Starts event processing: the relay of each outbox, and the consumers. Throws StartupError when migrations are
 * pending and the settings reserve them for `npm run migrate`. `stop` leaves the database open.
 */
export async function openEvents({
  home,
  isMeasured = false,
  ...options
}: OpenEventsOptions): Promise<CarriedEvents> {
  const { settings, log } = options;
  await bringTablesUpToDate(home, settings.migrationsAtStart);
  const wakeUps = await openWakeUps(home.listen, wakeUpChannel);
  const bus = await openBus(settings.events, home, log, wakeUps);
  const consumers = createConsumers(options);
  const metrics = isMeasured
    ? await openMetricsOf(bus, { home, config: settings.events, consumers: consumers.all, log })
    : undefined;
  const events = startEvents({
    ...{ home, bus, log, producers, wakeUps, metrics },
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
      await metrics?.close();
    },
    waitsFor: () => events.waitsFor?.() ?? [],
    metrics: () => metrics?.text() ?? Promise.reject(new Error('Nothing is measured.')),
    missing: () => (events.isCarrying() ? [] : [bus.name === 'embedded' ? 'consumers' : bus.name]),
  };
}

/** Its packages are loaded on demand. */
async function openMetricsOf(
  bus: Bus,
  {
    home,
    config,
    consumers,
    log,
  }: {
    readonly home: DatabaseHome;
    readonly config: EventsConfig;
    readonly consumers: Consumers['all'];
    readonly log: Logger;
  },
): Promise<OpenMetrics> {
  const { openMetrics } = await import('./metrics/open-metrics.ts');
  const names = consumers.map(({ consumer }) => consumer.name);
  return openMetrics({
    system: bus.name,
    readBacklog: createBacklog({
      readOutboxes: () => readOutboxes(home, config.outboxMax),
      readConsumers: () => bus.lag(names),
      clock: systemClock,
      log,
    }),
    log,
  });
}
