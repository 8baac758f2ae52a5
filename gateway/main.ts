import { runGateway } from './run-gateway.ts';

/** The gateway for any supergraph. */
await runGateway();
