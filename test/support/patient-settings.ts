import type { GatewaySettings } from '../../gateway/config/load.ts';

/** Settings by which a gateway turns no test away, however slow the machine is. */
export const patientSettings: GatewaySettings = {
  // One address asks for all tests of a file.
  rateLimits: { enabled: false },
  server: { minInFlight: 512, requestTimeoutMs: 60_000 },
  // No subgraph is given up but where that is what is tested.
  subgraphs: { timeoutMs: 60_000 },
};
