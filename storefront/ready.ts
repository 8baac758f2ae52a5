/** What the services send to the process that started them, once they listen. */
export interface Ready {
  readonly gatewayUrl: string;
  /** The name and address of each subgraph. */
  readonly subgraphUrls: readonly (readonly [name: string, url: string])[];
  /** The gRPC address of products, as `host:port`. */
  readonly grpcAddress: string;
  /** The gRPC address of orders, as `host:port`. */
  readonly chatAddress: string;
  readonly hasDemonstrationData: boolean;
}
