import type { Logger } from '../common/logger.ts';
import type { Running } from '../common/process.ts';
import type { DatabaseHome } from '../subgraphs/kit/database/database.ts';
import {
  createNotifications,
  notificationsSchema,
} from './consumers/notifications/create-notifications.ts';
import { createContacts } from './create-contacts.ts';
import { bringTablesUpToDate, producers } from './event-tables.ts';
import type { EventSettings } from './load-settings.ts';
import { openBus } from './open-bus.ts';
import { startEvents } from './start-events.ts';

/** What carries events on an open database. */
export interface OpenEventsOptions {
  readonly home: DatabaseHome;
  readonly settings: EventSettings;
  /** Where e-mails are files, unless there is a mail server. */
  readonly dataDir: string;
  readonly log: Logger;
}

/**
 * Starts what carries events: the relay of each outbox, and notifications. Throws StartupError when migrations are
 * pending and the settings leave them to `npm run migrate`. `stop` leaves the database open.
 */
export async function openEvents({
  home,
  settings,
  dataDir,
  log,
}: OpenEventsOptions): Promise<Running> {
  await bringTablesUpToDate(home, settings.migrationsAtStart);
  const bus = await openBus(settings.events, home, log);
  const notifications = createNotifications({
    config: settings.notifications,
    contacts: createContacts(settings.users),
    dataDir,
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
    },
    waitsFor: () => events.waitsFor?.() ?? [],
  };
}
