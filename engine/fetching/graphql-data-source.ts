import type {
  GatewayGraphQLRequest,
  GatewayGraphQLRequestContext,
  GatewayGraphQLResponse,
} from '../apollo-interface.ts';

/** A subgraph by name, and its address if it has one: as `@apollo/gateway` tells `buildService`. */
export interface ServiceEndpointDefinition {
  readonly name: string;
  readonly url?: string;
}

/** What a data source is asked: as in `@apollo/gateway`. */
export interface GraphQLDataSourceRequest {
  /** `incoming operation`, `health check` or `loading schema`. */
  kind: string;
  request: GatewayGraphQLRequest;
  context: GatewayGraphQLRequestContext['context'];
  /** The client's request; absent when no client asked. */
  incomingRequestContext?: GatewayGraphQLRequestContext;
  document?: GatewayGraphQLRequestContext['document'] | undefined;
  /** Where the answer belongs in the client's response: keys, and `@` for each item of a list. */
  pathInIncomingRequest?: (string | number)[];
}

/**
 * Asks one subgraph. `RemoteGraphQLDataSource` and all others of `@apollo/gateway` are such; the shape is repeated here so
 * that nobody has to have that package for its types.
 */
export interface GraphQLDataSource {
  process(options: GraphQLDataSourceRequest): Promise<GatewayGraphQLResponse>;
}
