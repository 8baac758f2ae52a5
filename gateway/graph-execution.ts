import type { Clock } from '../common/clock.ts';
import type { OnSessionsEnded } from '../common/ended-sessions.ts';
import type { Logger } from '../common/logger.ts';
import type { AccessSettings } from '../engine/access/options.ts';
import type {
  EventStreamSettings,
  SupergraphGatewayOptions,
} from '../engine/apollo/supergraph-gateway-options.ts';
import { SupergraphGateway } from '../engine/apollo/supergraph-gateway.ts';
import type { SupergraphSdlHook } from '../engine/apollo/supergraph-source.ts';
import { type FetchLayerOptions, fetchLayers } from '../engine/fetching/layers.ts';
import type { SubgraphAddress } from '../engine/supergraph/supergraph.ts';
import { tellClientAddress } from './calls/client-address.ts';
import { followSessions } from './calls/session-changes.ts';
import { createProblemMapper } from './calls/subgraph-errors.ts';
import type { GatewayContext } from './http/gateway-context.ts';
import { claimsOf, rolePolicies } from './identity/viewer-access.ts';

/** What a gateway needs to execute operations. The context value of each operation is a `GatewayContext`. */
export interface ExecutionOptions {
  readonly mode: 'development' | 'production';
  /** Provides the supergraph, and calls back with each new one. */
  readonly supergraphSdl: SupergraphSdlHook;
  /** Throws to refuse a supergraph with these subgraphs. */
  readonly checkSubgraphs: (subgraphs: readonly SubgraphAddress[]) => void;
  /** The address to use for a subgraph, given the one in the supergraph. */
  readonly urlOf: (subgraph: string, url: string) => string;
  /** The longest timeout of any subgraph. */
  readonly subgraphTimeoutMs: number;
  readonly maxResponseBytes: number;
  /** Connections to one subgraph. */
  readonly maxConnections: number;
  /** How subscriptions at subgraphs are opened. */
  readonly eventStreams: EventStreamSettings;
  /** Where the events of fields with `@event` come from. */
  readonly channels: Pick<SupergraphGatewayOptions, 'channels' | 'channelsReconnectMs'> | undefined;
  readonly layers: FetchLayerOptions;
  readonly planCacheBytesMax: number;
  readonly warmedOperations: number;
  /** The maximum number of concurrent queries on one connection. */
  readonly pipeliningFor: (subgraph: string) => number;
  /** Called with the sessions that a mutation has ended. */
  readonly onSessionsEnded: OnSessionsEnded;
  readonly access: AccessSettings;
  /** Directives of the supergraph that the limits enforce. */
  readonly enforcedDirectives: readonly string[];
  readonly clock: Clock;
  readonly log: Logger;
}

/** Creates the engine, with the supergraph it follows, the layers around subgraph calls and the mapping of errors. */
export function createSupergraphGateway(options: ExecutionOptions): SupergraphGateway {
  const { mode, clock, log, subgraphTimeoutMs: timeoutMs, maxConnections, pipeliningFor } = options;
  return new SupergraphGateway({
    supergraphSdl: options.supergraphSdl,
    checkSubgraphs: options.checkSubgraphs,
    urlOf: options.urlOf,
    logger: log,
    planCacheBytesMax: options.planCacheBytesMax,
    warmedOperations: options.warmedOperations,
    http: {
      timeoutMs,
      maxConnections,
      maxResponseBytes: options.maxResponseBytes,
      pipeliningFor,
      clock,
    },
    eventStreams: options.eventStreams,
    ...options.channels,
    layers: [
      followSessions(options.onSessionsEnded),
      ...fetchLayers(options.layers, { clock, random: Math.random }),
      tellClientAddress,
    ],
    enforcedDirectives: options.enforcedDirectives,
    access: {
      ...options.access,
      claims: (context) => claimsOf((context as unknown as GatewayContext).viewer),
      policies: rolePolicies,
    },
    mapProblem: createProblemMapper({ mode, log }),
  });
}
