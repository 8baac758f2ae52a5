import { resolve } from 'node:path';
import { createLogger } from '../common/logger.ts';
import { runProcess } from '../common/process.ts';
import { readTogether } from '../common/settings.ts';
import { openHome } from '../subgraphs/kit/database/open-home.ts';
import { loadDatabaseSettings, processEnvironment } from '../subgraphs/kit/load-settings.ts';
import {
  createNotifications,
  notificationsSchema,
} from './consumers/notifications/create-notifications.ts';
import { createContacts } from './create-contacts.ts';
import { bringTablesUpToDate, producers } from './event-tables.ts';
import { loadEventSettings } from './load-settings.ts';
import { openBus } from './open-bus.ts';
import { startEvents } from './start-events.ts';

/** The process of events: relays of the outboxes, and notifications. */
await runProcess(async () => {
  const [database, settings] = readTogether([
    () => loadDatabaseSettings(processEnvironment),
    () => loadEventSettings(processEnvironment),
  ]);
  const log = createLogger('events', settings.logLevel);
  const home = await openHome(database, log);
  try {
    await bringTablesUpToDate(home, settings.migrationsAtStart);
    const bus = await openBus(settings.events, home, log);
    const notifications = createNotifications({
      config: settings.notifications,
      contacts: createContacts(settings.users),
      dataDir: resolve(database.dataDir),
      log,
    });
    const events = startEvents({
      ...{ home, bus, log, producers },
      config: settings.events,
      consumers: notifications.senders.map((consumer) => ({
        consumer,
        schema: notificationsSchema,
      })),
    });
    log.info({ bus: bus.name }, 'events are carried');
    return {
      async stop() {
        await events.stop();
        await notifications.close();
        await bus.close();
        await home.close();
      },
      waitsFor: () => [...(events.waitsFor?.() ?? []), ...home.waitsFor()],
    };
  } catch (error) {
    await home.close();
    throw error;
  }
});
