import { createLogger } from '../common/logger.ts';
import { runProgram } from '../common/run-program.ts';
import { type Application, plainApplication } from './application.ts';
import { loadGatewayConfig, processEnvironment } from './config/load.ts';
import { createGateway } from './gateway.ts';

const usage = `Serves a supergraph to clients, until it is told to stop.

Usage: node gateway/main.js      any supergraph
       node storefront/gateway.js   that of the shop`;

/** Runs a gateway as this process, until it is told to stop. */
export async function runGateway(application: Application = plainApplication): Promise<void> {
  await runProgram(usage, async () => {
    const config = loadGatewayConfig(processEnvironment, [], application.settings);
    const log = createLogger('gateway', config.telemetry.logLevel);
    const gateway = await createGateway(config, { application, log });
    log.info({ url: gateway.url }, 'listening');
    return gateway;
  });
}
