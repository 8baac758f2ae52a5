import type {
  DocumentNode,
  ExecutionResult,
  GraphQLError,
  GraphQLFormattedError,
  GraphQLSchema,
  OperationDefinitionNode,
} from 'graphql';

/**
 * The contract between Apollo Server and a gateway: the part of `@apollo/server-gateway-interface` that is used here.
 * That package would install twenty packages for its types alone. Tests pass these types to Apollo Server and pass
 * ApolloGateway where they are expected, so the type check fails when the two diverge.
 */
export interface GatewayInterface {
  onSchemaLoadOrUpdate(callback: GatewaySchemaLoadOrUpdateCallback): GatewayUnsubscriber;
  load(options: { apollo: GatewayApolloConfig }): Promise<GatewayLoadResult>;
  stop(): Promise<void>;
}

export type GatewaySchemaLoadOrUpdateCallback = (schemaContext: {
  apiSchema: GraphQLSchema;
  coreSupergraphSdl: string;
}) => void;

export type GatewayUnsubscriber = () => void;

export interface GatewayApolloConfig {
  key?: string;
  keyHash?: string;
  graphRef?: string;
}

export interface GatewayLoadResult {
  executor: GatewayExecutor | null;
}

export type GatewayExecutor = (
  requestContext: GatewayGraphQLRequestContext,
) => Promise<GatewayExecutionResult>;

/* eslint-disable @typescript-eslint/no-explicit-any -- same as in the original: a gateway must accept every version of Apollo Server */
export type GatewayExecutionResult = ExecutionResult<Record<string, any>, Record<string, any>>;

export interface GatewayGraphQLRequestContext<TContext = Record<string, any>> {
  readonly request: GatewayGraphQLRequest;
  readonly response?: GatewayGraphQLResponse;
  logger: any;
  readonly schema: GraphQLSchema;
  readonly schemaHash: any;
  readonly context: TContext;
  readonly cache: any;
  readonly queryHash: string;
  readonly document: DocumentNode;
  readonly source: string;
  readonly operationName: string | null;
  readonly operation: OperationDefinitionNode;
  readonly errors?: readonly GraphQLError[];
  readonly metrics: any;
  debug?: boolean;
  /** A `GatewayCachePolicy`, since version 3. */
  readonly overallCachePolicy: any;
  readonly requestIsBatched?: boolean;
}

export interface GatewayGraphQLRequest {
  query?: string;
  operationName?: string;
  variables?: Record<string, any>;
  extensions?: Record<string, any>;
  http?: { readonly method: string; readonly url: string; readonly headers: FetcherHeaders };
}

export interface GatewayGraphQLResponse {
  data?: Record<string, any> | null;
  errors?: readonly GraphQLFormattedError[];
  extensions?: Record<string, any>;
  http?: { readonly headers: FetcherHeaders; status?: number };
}

/** The part of the Fetch standard's `Headers` that is used here. */
export interface FetcherHeaders extends Iterable<[string, string]> {
  append(name: string, value: string): void;
  delete(name: string): void;
  get(name: string): string | null;
  has(name: string): boolean;
  set(name: string, value: string): void;
  entries(): Iterator<[string, string]>;
  keys(): Iterator<string>;
  values(): Iterator<string>;
  [Symbol.iterator](): Iterator<[string, string]>;
}

export interface GatewayCachePolicy extends GatewayCacheHint {
  replace(hint: GatewayCacheHint): void;
  restrict(hint: GatewayCacheHint): void;
  policyIfCacheable(): Required<GatewayCacheHint> | null;
}

export interface GatewayCacheHint {
  maxAge?: number;
  scope?: any;
}
