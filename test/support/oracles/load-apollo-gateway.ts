import { ApolloGateway, LocalGraphQLDataSource } from '@apollo/gateway';
import { type GraphQLSchema, parse } from 'graphql';
import type { InWorld } from './schemas.ts';

/** Runs an operation through ApolloGateway. */
export type GatewayExecutor = (
  query: string,
  variables: Readonly<Record<string, unknown>>,
  context: InWorld,
) => Promise<unknown>;

/** An ApolloGateway in front of subgraphs that answer in this process. */
export async function loadApolloGateway(
  supergraphSdl: string,
  subgraphs: ReadonlyMap<string, GraphQLSchema>,
): Promise<GatewayExecutor> {
  // Read when the gateway is constructed: without it, it looks for cloud metadata and reports home.
  process.env.APOLLO_TELEMETRY_DISABLED = 'true';
  const logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  const gateway = new ApolloGateway({
    supergraphSdl,
    logger,
    buildService: ({ name }) => {
      const schema = subgraphs.get(name);
      if (!schema) throw new Error(`Expected a subgraph; got "${name}".`);
      return new LocalGraphQLDataSource(schema);
    },
  });
  const { executor } = await gateway.load();
  return (query, variables, context) =>
    executor({
      request: { query, variables },
      document: parse(query),
      queryHash: query,
      source: query,
      operationName: null,
      context,
      metrics: {},
      logger,
    } as never);
}

function ignore(): void {
  // What ApolloGateway logs is in its answer as well.
}
