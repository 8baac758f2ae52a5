import type { GraphQLDataSource, ServiceEndpointDefinition } from '@apollo/gateway';
import { messageOf } from '../common/errors.ts';
import { dataSourceOf, fetchThroughDataSources, requestKinds } from './fetching/data-source.ts';
import { createHttpClient, type HttpClient, httpClientDefaults } from './fetching/http-client.ts';
import type { SubgraphFetch } from './fetching/types.ts';
import type { SubgraphAddress } from './planning/supergraph.ts';
import type { SupergraphGatewayOptions } from './supergraph-gateway-options.ts';

/** The options that say how subgraphs are reached. */
type AccessOptions = Pick<
  SupergraphGatewayOptions,
  'buildService' | 'http' | 'layers' | 'queryPlannerConfig' | 'urlOf'
>;

/** How a gateway reaches subgraphs, from one supergraph to the next: connections and data sources stay. */
export class SubgraphAccess {
  private readonly options: AccessOptions;
  private readonly http: HttpClient;
  private readonly dataSources = new Map<string, { url: string; source: GraphQLDataSource }>();

  constructor(options: AccessOptions) {
    this.options = options;
    this.http = createHttpClient({ ...httpClientDefaults, ...options.http });
  }

  /** The fetch for the subgraphs of one supergraph: over HTTP with all layers, or through data sources. */
  fetchFor(subgraphs: readonly SubgraphAddress[]): SubgraphFetch {
    const { buildService, layers = [], queryPlannerConfig } = this.options;
    if (buildService) {
      const exposesDocument = queryPlannerConfig?.exposeDocumentNodeInFetchNode === true;
      const sources = subgraphs.map((each) => [each.name, this.dataSource(each)] as const);
      return fetchThroughDataSources(new Map(sources), exposesDocument);
    }
    return layers.reduceRight((fetch, layer) => layer(fetch), this.overHttp(subgraphs));
  }

  /** The data source of a subgraph; the same one as long as its address stays. */
  dataSource({ name, url = '' }: ServiceEndpointDefinition): GraphQLDataSource {
    const known = this.dataSources.get(name);
    if (known?.url === url) return known.source;
    const source =
      this.options.buildService?.({ name, url }) ??
      dataSourceOf(name, this.overHttp([{ name, url }]));
    this.dataSources.set(name, { url, source });
    return source;
  }

  /** Asks each subgraph for its `__typename`. Rejects with the name of the first that does not answer. */
  async checkHealth(
    subgraphs: readonly SubgraphAddress[],
  ): Promise<readonly { readonly name: string }[]> {
    return Promise.all(
      subgraphs.map(async ({ name, url }) => {
        try {
          await this.dataSource({ name, url }).process({
            kind: requestKinds.healthCheck,
            request: { query: 'query __ApolloServiceHealthCheck__ { __typename }' },
            context: {},
          });
          return { name };
        } catch (cause) {
          throw new Error(`[${name}]: ${messageOf(cause)}`, { cause });
        }
      }),
    );
  }

  /** Closes connections when the calls in flight have ended. */
  close(): Promise<void> {
    return this.http.close();
  }

  private overHttp(subgraphs: readonly SubgraphAddress[]): SubgraphFetch {
    const { urlOf } = this.options;
    return this.http.fetchFrom(
      new Map(subgraphs.map(({ name, url }) => [name, urlOf?.(name, url) ?? url])),
    );
  }
}
