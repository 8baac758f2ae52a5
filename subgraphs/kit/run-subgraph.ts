import { resolve } from 'node:path';
import { createLogger } from '../../common/logger.ts';
import { requireFreePorts } from '../../common/require-free-ports.ts';
import { runProgram } from '../../common/run-program.ts';
import { readTogether } from '../../common/settings.ts';
import { openHome } from './database/open-home.ts';
import type { SubgraphContext, SubgraphDefinition } from './define-subgraph.ts';
import { loadDatabaseSettings, loadSubgraphSettings, processEnvironment } from './load-settings.ts';
import { listenAddressesOf, startSubgraph } from './start-subgraph.ts';

/** Runs one subgraph as its own process, configured by its environment, until it is told to stop. */
export function runSubgraph<TTables, TServices, TContext extends SubgraphContext>(
  definition: SubgraphDefinition<TTables, TServices, TContext>,
): Promise<void> {
  const environment = processEnvironment;
  return runProgram(usageOf(definition.name), async () => {
    const [settings, database] = readTogether([
      () => loadSubgraphSettings(definition, environment),
      () => loadDatabaseSettings(environment),
    ]);
    const log = createLogger(definition.name, settings.logLevel);
    const home = await openHome(database, log, {
      beforeOpening: () => requireFreePorts(listenAddressesOf(definition, settings, environment)),
    });
    try {
      const dataDir = resolve(database.dataDir);
      const server = await startSubgraph(definition, { settings, home, environment, dataDir });
      const { url, companionAddress } = server;
      log.info({ ...(companionAddress !== undefined && { companionAddress }), url }, 'listening');
      return {
        async stop() {
          await server.stop();
          await home.close();
        },
        waitsFor: () => [...(server.waitsFor?.() ?? []), ...home.waitsFor()],
      };
    } catch (error) {
      await home.close();
      throw error;
    }
  });
}

function usageOf(name: string): string {
  return `Serves the subgraph ${name} to the gateway, until it is told to stop.

Usage: node subgraphs/${name}/main.js`;
}
