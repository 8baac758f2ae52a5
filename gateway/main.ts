import { runGateway } from './run-gateway.ts';

/** The gateway in front of any supergraph. */
await runGateway();
