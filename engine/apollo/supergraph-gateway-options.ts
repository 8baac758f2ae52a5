import type { AccessOptions } from '../access/options.ts';
import type { GatewayGraphQLRequestContext, GatewayInterface } from '../apollo-interface.ts';
import type { EventChannels } from '../channels/event-channels.ts';
import type { ComparisonOptions } from '../comparison/options.ts';
import type { EventRoute, EventStreamOptions } from '../fetching/event-streams.ts';
import type {
  GraphQLDataSource,
  ServiceEndpointDefinition,
} from '../fetching/graphql-data-source.ts';
import type { HttpClientOptions } from '../fetching/http-client.ts';
import type { FetchLayer, ProblemMapper, RequestContext } from '../fetching/types.ts';
import type { PlannerChoice } from '../planning/choose.ts';
import type { ApolloPlannerConfig } from '../planning/planner.ts';
import type { SubgraphAddress } from '../supergraph/supergraph.ts';
import type { SupergraphManager, SupergraphSdlHook } from './supergraph-source.ts';

/** Where `SupergraphGateway` writes its log: the methods of ApolloGateway's `logger`. */
export interface GatewayLog {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** Headers for a subgraph, keyed by name. */
export type SubgraphHeaders = Readonly<Record<string, string>>;

/** Settings of subscriptions at subgraphs. */
export interface EventStreamSettings extends Partial<EventStreamOptions> {
  /** By which protocol, and where, a subgraph is subscribed to. Default: server-sent events, at its address. */
  readonly routeFor?: (subgraph: string) => EventRoute;
}

/** ApolloGateway's options that are supported, under their original names, followed by our own. */
export interface SupergraphGatewayOptions {
  /** The supergraph, or where it comes from: a hook, or a manager such as `IntrospectAndCompose`. */
  readonly supergraphSdl: string | SupergraphSdlHook | SupergraphManager;
  /** Creates a data source for each subgraph, for what only a `RemoteGraphQLDataSource` can do. This path is slower. */
  readonly buildService?: (definition: ServiceEndpointDefinition) => GraphQLDataSource;
  /** Default: the console, at level `info`, or `debug` when `debug` is set. */
  readonly logger?: GatewayLog;
  readonly debug?: boolean;
  /** Settings of Apollo's query planner, when `planner` selects it. */
  readonly queryPlannerConfig?: ApolloPlannerConfig;

  /** Default: `own`. */
  readonly planner?: PlannerChoice;
  /** The most memory that cached operations may use: documents, plans and compiled plans. Default: 32 MiB. */
  readonly planCacheBytesMax?: number;
  /** How many of the most used operations are planned ahead when a new supergraph arrives. Default: 200. */
  readonly warmedOperations?: number;
  /** Returns the query plan to tools that ask for it. Default: false. */
  readonly exposeQueryPlan?: boolean;
  /**
   * Inspects the subgraphs of each new supergraph, with the addresses that will be called, before it is served. Throws
   * to reject it.
   */
  readonly checkSubgraphs?: (subgraphs: readonly SubgraphAddress[]) => void;
  /** Overrides a subgraph's address from the supergraph. */
  readonly urlOf?: (subgraph: string, url: string) => string;
  /** Settings of the HTTP client that calls subgraphs. */
  readonly http?: Partial<HttpClientOptions>;
  /** Settings of subscriptions at subgraphs, for a gateway without Apollo Server. */
  readonly eventStreams?: EventStreamSettings;
  /** Where fields with `@event` have their events from, such as `new LocalChannels()`. */
  readonly channels?: EventChannels;
  /** How long channels may be away after a lost connection. Default: 30 s. */
  readonly channelsReconnectMs?: number;
  /**
   * Whether a data source's call ends after `http.timeoutMs`, or earlier when its request's deadline passes. Default:
   * true.
   */
  readonly enforceDeadline?: boolean;
  /** Layers around the HTTP client, outermost first. Applied once per subgraph, and again when its address changes. */
  readonly layers?: readonly FetchLayer[];
  /** Headers to send to a subgraph for a request of Apollo Server; `context` is the request's context value. */
  readonly subgraphHeaders?: (options: {
    readonly context: GatewayGraphQLRequestContext['context'];
    readonly subgraph: string;
  }) => SubgraphHeaders;
  /** What all subgraph calls of an Apollo Server request share; replaces `subgraphHeaders`. */
  readonly requestContext?: (incoming: GatewayGraphQLRequestContext) => RequestContext;
  /** The active labels of progressive `@override`, except those with a percentage. */
  readonly overrideLabels?: (options: {
    readonly context: GatewayGraphQLRequestContext['context'];
    readonly labels: readonly string[];
  }) => Iterable<string>;
  /**
   * What clients see of a subgraph's problem. Default: the errors that the subgraph reported, as ApolloGateway does.
   */
  readonly mapProblem?: ProblemMapper;
  /** Enforces `@authenticated`, `@requiresScopes` and `@policy` before planning. Default: not enforced. */
  readonly access?: AccessOptions<GatewayGraphQLRequestContext['context']>;
  /** Directives that another component enforces, so the gateway does not warn about them. */
  readonly enforcedDirectives?: readonly string[];
  /**
   * Another gateway, such as ApolloGateway, that also receives some of the queries so that the answers can be compared.
   */
  readonly compareWith?: GatewayInterface | ComparisonOptions;
  /**
   * Returns a number in [0, 1). Decides `@override(label: "percent(n)")` and which queries are compared. Default:
   * Math.random.
   */
  readonly random?: () => number;
}

/* eslint-disable no-console -- the default logger of a program that configures none */
/** Logs to the console in the way ApolloGateway's default logger does. */
export function consoleLog(isDebugging: boolean): GatewayLog {
  return {
    debug: (message) => {
      if (isDebugging) console.debug(message);
    },
    info: (message) => console.info(message),
    warn: (message) => console.warn(message),
    error: (message) => console.error(message),
  };
}
