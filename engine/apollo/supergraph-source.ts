import type {
  GraphQLDataSource,
  ServiceEndpointDefinition,
} from '../fetching/graphql-data-source.ts';

/** What a source of supergraphs may use: as in `@apollo/gateway`. */
export interface SupergraphSdlHookOptions {
  /** Puts a supergraph in place of the current one; throws, and changes nothing, when it cannot be served. */
  readonly update: (updatedSupergraphSdl: string) => void;
  /**
   * The same for a supergraph so large that requests should not wait until it is read: they have their turn meanwhile.
   * Rejects, and changes nothing, when it cannot be served. One that comes later takes precedence.
   */
  readonly updateInSlices: (updatedSupergraphSdl: string) => Promise<void>;
  /** Asks every subgraph of a supergraph for its `__typename`. Rejects with the name of the first that does not answer. */
  readonly healthCheck: (supergraphSdl: string) => Promise<void>;
  /** The data source by which the gateway reaches a subgraph. */
  readonly getDataSource: (definition: ServiceEndpointDefinition) => GraphQLDataSource;
}

/** What a source gives at first; `cleanup` is called when the gateway stops. */
export interface InitialSupergraph {
  readonly supergraphSdl: string;
  readonly cleanup?: () => Promise<void>;
}

/** A source of supergraphs that is a function. */
export type SupergraphSdlHook = (options: SupergraphSdlHookOptions) => Promise<InitialSupergraph>;

/** A source of supergraphs, such as `IntrospectAndCompose`. */
export interface SupergraphManager {
  initialize(options: SupergraphSdlHookOptions): Promise<InitialSupergraph>;
}
