import { resolve } from 'node:path';
import { createLogger } from '../common/logger.ts';
import { runProcess } from '../common/process.ts';
import { readTogether } from '../common/settings.ts';
import { openHome } from '../subgraphs/kit/database/open-home.ts';
import { loadDatabaseSettings, processEnvironment } from '../subgraphs/kit/load-settings.ts';
import { loadEventSettings } from './load-settings.ts';
import { openEvents } from './open-events.ts';

/** The process of events: relays of the outboxes, and notifications. */
await runProcess(async () => {
  const [database, settings] = readTogether([
    () => loadDatabaseSettings(processEnvironment),
    () => loadEventSettings(processEnvironment),
  ]);
  const log = createLogger('events', settings.logLevel);
  const home = await openHome(database, log);
  try {
    const events = await openEvents({ home, settings, dataDir: resolve(database.dataDir), log });
    return {
      async stop() {
        await events.stop();
        await home.close();
      },
      waitsFor: () => [...(events.waitsFor?.() ?? []), ...home.waitsFor()],
    };
  } catch (error) {
    await home.close();
    throw error;
  }
});
