import type {
  GatewayGraphQLRequest,
  GatewayGraphQLRequestContext,
  GatewayGraphQLResponse,
} from '../apollo-interface.ts';

/** The name of a subgraph, and its address if it has one: the argument of `buildService` in `@apollo/gateway`. */
export interface ServiceEndpointDefinition {
  readonly name: string;
  readonly url?: string;
}

/** The request to a data source: as in `@apollo/gateway`. */
export interface GraphQLDataSourceRequest {
  /** `incoming operation`, `health check` or `loading schema`. */
  kind: string;
  request: GatewayGraphQLRequest;
  context: GatewayGraphQLRequestContext['context'];
  /** The client's request; absent when there is no client. */
  incomingRequestContext?: GatewayGraphQLRequestContext;
  document?: GatewayGraphQLRequestContext['document'] | undefined;
  /** Where the data belongs in the client's response: keys, and `@` for each list. */
  pathInIncomingRequest?: (string | number)[];
}

/**
 * Calls one subgraph; `RemoteGraphQLDataSource` and the other data sources of `@apollo/gateway` implement it. Declared
 * here so that the package is not needed for its types.
 */
export interface GraphQLDataSource {
  process(options: GraphQLDataSourceRequest): Promise<GatewayGraphQLResponse>;
}
