import { parse } from 'graphql';
import type { GatewayGraphQLResponse } from '../apollo-interface.ts';
import type { GraphQLDataSource } from './graphql-data-source.ts';
import type { RequestContext, SubgraphFetch, SubgraphResult } from './types.ts';

/** Why a data source is asked, in the words of @apollo/gateway. */
export const requestKinds = {
  incoming: 'incoming operation',
  healthCheck: 'health check',
} as const;

/**
 * The slower path: subgraphs reached through the data sources of `buildService`, a RemoteGraphQLDataSource for example.
 * `exposeDocument` passes them the parsed operation too.
 */
export function fetchThroughDataSources(
  dataSources: ReadonlyMap<string, GraphQLDataSource>,
  exposeDocument: boolean,
): SubgraphFetch {
  return async ({ subgraph, body, path, context }) => {
    const dataSource = dataSources.get(subgraph);
    const { incoming } = context;
    if (!dataSource)
      throw new Error(`Expected buildService to give a data source for "${subgraph}".`);
    if (!incoming) throw new Error('Data sources of buildService need a request of Apollo Server.');
    // Hooks of @apollo/gateway read `variables` without asking whether there are any.
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

/** A data source that uses a fetch: for supergraph managers, which ask subgraphs for their schemas through one. */
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
        context: alone,
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

/** The context of a call that no client asked for. */
const alone: RequestContext = {
  cancellation: undefined,
  deadlineAt: undefined,
  correlationId: undefined,
  headersFor: () => [],
  incoming: undefined,
};
