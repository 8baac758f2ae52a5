import type {
  GraphQLDataSource,
  ServiceEndpointDefinition,
} from '../fetching/graphql-data-source.ts';

/** What a supergraph source can use: the same as in `@apollo/gateway`. */
export interface SupergraphSdlHookOptions {
  /** Replaces the current supergraph. Throws, and changes nothing, when the new one cannot be served. */
  readonly update: (updatedSupergraphSdl: string) => void;
  /**
   * Does the same in slices, so that requests are handled while a large supergraph is read. Rejects, and changes
   * nothing, when it cannot be served. A later update takes precedence.
   */
  readonly updateInSlices: (updatedSupergraphSdl: string) => Promise<void>;
  /**
   * Queries `__typename` from every subgraph of a supergraph. Rejects with the name of the first subgraph that fails.
   */
  readonly healthCheck: (supergraphSdl: string) => Promise<void>;
  /** The data source that the gateway uses for a subgraph. */
  readonly getDataSource: (definition: ServiceEndpointDefinition) => GraphQLDataSource;
}

/** The first supergraph of a source; `cleanup` is called when the gateway stops. */
export interface InitialSupergraph {
  readonly supergraphSdl: string;
  readonly cleanup?: () => Promise<void>;
}

/** A supergraph source that is a function. */
export type SupergraphSdlHook = (options: SupergraphSdlHookOptions) => Promise<InitialSupergraph>;

/** A supergraph source that is an object, such as `IntrospectAndCompose`. */
export interface SupergraphManager {
  initialize(options: SupergraphSdlHookOptions): Promise<InitialSupergraph>;
}
