import { ApolloGateway, type SupergraphSdlHook } from '@apollo/gateway';
import type { GatewayInterface } from '@apollo/server-gateway-interface';
import type { Clock } from '../common/clock.ts';
import type { Logger } from '../common/logger.ts';
import { createSubgraphPool } from './fetching/undici-data-source.ts';

/** What a gateway needs to execute operations. Each operation's context value is a `GatewayContext`. */
export interface ExecutionOptions {
  /** Gives the supergraph, and calls back with each new one. */
  readonly supergraphSdl: SupergraphSdlHook;
  /** Whether a client that asks for it gets the query plan with the answer. */
  readonly exposeQueryPlan: boolean;
  readonly subgraphTimeoutMs: number;
  readonly maxResponseBytes: number;
  /** Connections to one subgraph. */
  readonly maxConnections: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Makes what Apollo Server has in its `gateway` slot. */
export type CreateExecution = (options: ExecutionOptions) => GatewayInterface;

/** Executes with ApolloGateway over an HTTP client of our own: deadlines, size caps, no redirects, no telemetry. */
export const createApolloExecution: CreateExecution = (options) => {
  // The constructor starts probes of cloud metadata and an exporter unless the environment says this.
  // eslint-disable-next-line no-restricted-properties -- It is read from nowhere else.
  process.env.APOLLO_TELEMETRY_DISABLED = 'true';
  const pool = createSubgraphPool({ ...options, timeoutMs: options.subgraphTimeoutMs });
  const gateway = new ApolloGateway({
    supergraphSdl: options.supergraphSdl,
    buildService: ({ name, url = '' }) => pool.dataSource(name, url),
    __exposeQueryPlanExperimental: options.exposeQueryPlan,
    logger: options.log,
  });
  return {
    load: (apollo) => gateway.load(apollo),
    onSchemaLoadOrUpdate: (callback) => gateway.onSchemaLoadOrUpdate(callback),
    stop: async () => {
      await gateway.stop();
      await pool.close();
    },
  };
};
