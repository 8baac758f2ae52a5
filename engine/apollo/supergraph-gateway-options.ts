import type { AccessOptions } from '../access/options.ts';
import type { GatewayGraphQLRequestContext, GatewayInterface } from '../apollo-interface.ts';
import type { ComparisonOptions } from '../comparison/options.ts';
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

/** What `SupergraphGateway` writes its log to: the methods of ApolloGateway's `logger`. */
export interface GatewayLog {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** Headers for a subgraph, by name. */
export type SubgraphHeaders = Readonly<Record<string, string>>;

/** The options of ApolloGateway that matter, by their names there, and below them our own. */
export interface SupergraphGatewayOptions {
  /** The supergraph, or where it comes from: a hook, or a manager such as `IntrospectAndCompose`. */
  readonly supergraphSdl: string | SupergraphSdlHook | SupergraphManager;
  /** A data source for each subgraph: for what only a `RemoteGraphQLDataSource` does; the slower path. */
  readonly buildService?: (definition: ServiceEndpointDefinition) => GraphQLDataSource;
  /** Default: the console, from `info` on, or from `debug` on with `debug`. */
  readonly logger?: GatewayLog;
  readonly debug?: boolean;
  /** Settings of Apollo's planner, where that one plans. */
  readonly queryPlannerConfig?: ApolloPlannerConfig;

  /** Default: `own`. */
  readonly planner?: PlannerChoice;
  /** The most bytes that operations may occupy: documents, plans and what is compiled from them. Default: 32 MiB. */
  readonly planCacheBytesMax?: number;
  /** How many of the most used operations are planned at once on a new supergraph. Default: 200. */
  readonly warmedOperations?: number;
  /** Shows the query plan to tools that ask for it. Default: false. */
  readonly exposeQueryPlan?: boolean;
  /**
   * Looks at the subgraphs of each supergraph, with the addresses that they are reached at, before it is served; throws to
   * refuse it.
   */
  readonly checkSubgraphs?: (subgraphs: readonly SubgraphAddress[]) => void;
  /** The address of a subgraph in place of the one in the supergraph. */
  readonly urlOf?: (subgraph: string, url: string) => string;
  /** How subgraphs are reached over HTTP. */
  readonly http?: Partial<HttpClientOptions>;
  /** Whether the calls of data sources end at `http.timeoutMs`, or earlier with their request. Default: true. */
  readonly enforceDeadline?: boolean;
  /** Layers around the HTTP client, outermost first; applied once to each subgraph, anew when its address changes. */
  readonly layers?: readonly FetchLayer[];
  /** Headers that a subgraph receives for a request of Apollo Server; `context` is its context value. */
  readonly subgraphHeaders?: (options: {
    readonly context: GatewayGraphQLRequestContext['context'];
    readonly subgraph: string;
  }) => SubgraphHeaders;
  /** All that subgraph calls share for a request of Apollo Server; instead of `subgraphHeaders`. */
  readonly requestContext?: (incoming: GatewayGraphQLRequestContext) => RequestContext;
  /** Which labels of progressive `@override` are active, those with a percentage aside. */
  readonly overrideLabels?: (options: {
    readonly context: GatewayGraphQLRequestContext['context'];
    readonly labels: readonly string[];
  }) => Iterable<string>;
  /** What a client reads of a subgraph's problem. Default: what the subgraph reported, as ApolloGateway tells it. */
  readonly mapProblem?: ProblemMapper;
  /** Enforces `@authenticated`, `@requiresScopes` and `@policy`, before anything is planned. Default: they have no effect. */
  readonly access?: AccessOptions<GatewayGraphQLRequestContext['context']>;
  /** Directives that something in front of this gateway enforces, so that it need not warn of them. */
  readonly enforcedDirectives?: readonly string[];
  /** Another gateway, such as ApolloGateway, of which some queries are asked, too, to compare the answers. */
  readonly compareWith?: GatewayInterface | ComparisonOptions;
  /** A number from 0 up to 1: decides `@override(label: "percent(n)")`, and what is compared. Default: Math.random. */
  readonly random?: () => number;
}

/* eslint-disable no-console -- this is the logger of a program that brings none of its own */
/** The console as ApolloGateway's default logger uses it. */
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
