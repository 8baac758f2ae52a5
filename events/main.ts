import { resolve } from 'node:path';
import { createLogger } from '../common/logger.ts';
import { requireFreePorts } from '../common/require-free-ports.ts';
import { runProgram } from '../common/run-program.ts';
import { readTogether } from '../common/settings.ts';
import { openHome } from '../subgraphs/kit/database/open-home.ts';
import { loadDatabaseSettings, processEnvironment } from '../subgraphs/kit/load-settings.ts';
import { loadHealthAddress } from './load-health-address.ts';
import { loadEventSettings } from './load-settings.ts';
import { type CarriedEvents, openEvents } from './open-events.ts';
import { openHealthServer } from './open-health-server.ts';

const usage = `Carries the events of the shop: publishes what is in the outboxes, and runs fulfilment, notifications and analytics, until it is told
to stop.

Usage: node events/main.js`;

/** The events process: outbox relays and consumers. */
await runProgram(usage, async () => {
  const [database, settings, address] = readTogether([
    () => loadDatabaseSettings(processEnvironment),
    () => loadEventSettings(processEnvironment),
    () => loadHealthAddress(processEnvironment),
  ]);
  const log = createLogger('events', settings.logLevel);
  const home = await openHome(database, log, {
    beforeOpening: () => requireFreePorts([address]),
  });
  let started: CarriedEvents | undefined;
  try {
    const dataDir = resolve(database.dataDir);
    const events = await openEvents({ home, settings, dataDir, log, isMeasured: true });
    started = events;
    const health = await openHealthServer({
      ...{ address, log },
      askDatabase: () => home.ask(),
      missing: () => events.missing(),
      metrics: () => events.metrics(),
    });
    log.info({ url: health.url }, 'listening');
    return {
      async stop() {
        health.leave();
        await events.stop();
        await health.close();
        await home.close();
      },
      waitsFor: () => [...events.waitsFor(), ...home.waitsFor()],
    };
  } catch (error) {
    await started?.stop();
    await home.close();
    throw error;
  }
});
