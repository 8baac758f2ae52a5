import { createLogger } from '../common/logger.ts';
import { runProcess } from '../common/process.ts';
import { type Application, plainApplication } from './application.ts';
import { loadGatewayConfig, processEnvironment } from './config/load.ts';
import { createGateway } from './gateway.ts';

/** Runs a gateway as this process, until it is told to stop. */
export async function runGateway(application: Application = plainApplication): Promise<void> {
  await runProcess(async () => {
    const config = loadGatewayConfig(processEnvironment, [], application.settings);
    const log = createLogger('gateway', config.telemetry.logLevel);
    const gateway = await createGateway(config, { application, log });
    log.info({ url: gateway.url }, 'listening');
    return gateway;
  });
}
