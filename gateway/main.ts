import { createLogger } from '../common/logger.ts';
import { runProcess } from '../common/process.ts';
import { loadGatewayConfig, processEnvironment } from './config/load.ts';
import { createGateway } from './gateway.ts';

await runProcess(async () => {
  const config = loadGatewayConfig(processEnvironment);
  const log = createLogger('gateway', config.telemetry.logLevel);
  const gateway = await createGateway(config, { log });
  log.info({ url: gateway.url }, 'listening');
  return gateway;
});
