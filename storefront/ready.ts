/** What the services tell the process that started them, as a message, once they listen. */
export interface Ready {
  readonly gatewayUrl: string;
  /** The name of each subgraph, and its address. */
  readonly subgraphUrls: readonly (readonly [name: string, url: string])[];
  /** Where products serves gRPC, as `host:port`. */
  readonly grpcAddress: string;
  readonly hasDemonstrationData: boolean;
}
