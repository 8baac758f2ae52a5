import { parse } from 'graphql';
import type { GatewayGraphQLResponse } from '../apollo-interface.ts';
import type { GraphQLDataSource } from './graphql-data-source.ts';
import type { RequestContext, SubgraphFetch, SubgraphResult } from './types.ts';

/** The `kind` of a data source request, in the words of @apollo/gateway. */
export const requestKinds = {
  incoming: 'incoming operation',
  healthCheck: 'health check',
} as const;

/**
 * A slower fetch through the data sources of `buildService`, such as RemoteGraphQLDataSource. With `exposeDocument`,
 * they also receive the parsed operation.
 */
export function fetchThroughDataSources(
  dataSources: ReadonlyMap<string, GraphQLDataSource>,
  exposeDocument: boolean,
): SubgraphFetch {
  return async ({ subgraph, body, path, context }) => {
    const dataSource = dataSources.get(subgraph);
    const { incoming } = context;
    if (!dataSource)
      throw new Error(`Expected buildService to return a data source for "${subgraph}".`);
    if (!incoming)
      throw new Error('The data sources of buildService need a request from Apollo Server.');
    // Hooks of @apollo/gateway read `variables` without checking that it exists.
    const { query, variables = {}, ...rest } = JSON.parse(body) as RequestBody;
    const response = await dataSource.process({
      kind: requestKinds.incoming,
      request: { query, variables, ...rest },
      incomingRequestContext: incoming,
      context: incoming.context,
      document: exposeDocument ? parse(query) : undefined,
      pathInIncomingRequest: [...path],
    });
    return { body: response, cacheControl: undefined };
  };
}

/** A data source that uses a fetch: supergraph managers load subgraph schemas through it. */
export function dataSourceOf(subgraph: string, fetch: SubgraphFetch): GraphQLDataSource {
  return {
    process: async ({ request }) => {
      const { query, operationName, variables, extensions, http } = request;
      const response = await fetch({
        subgraph,
        operationKind: 'query',
        body: JSON.stringify({ query, operationName, variables, extensions }),
        headers: [...(http?.headers ?? [])].flat(),
        path: [],
        context: contextWithoutClient,
      });
      const result =
        typeof response.body === 'string'
          ? (JSON.parse(response.body) as SubgraphResult)
          : response.body;
      return result as GatewayGraphQLResponse;
    },
  };
}

interface RequestBody {
  readonly query: string;
  readonly operationName?: string;
  readonly variables?: Record<string, unknown>;
}

/** The context of a call that belongs to no client request. */
const contextWithoutClient: RequestContext = {
  cancellation: undefined,
  deadlineAt: undefined,
  correlationId: undefined,
  headersFor: () => [],
  incoming: undefined,
};
