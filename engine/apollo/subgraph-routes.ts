import { systemClock } from '../../common/clock.ts';
import { messageOf } from '../../common/errors.ts';
import { dataSourceOf, fetchThroughDataSources, requestKinds } from '../fetching/data-source.ts';
import { deadline } from '../fetching/deadline.ts';
import { enforceDeadline } from '../fetching/enforced-deadline.ts';
import type { EventSource } from '../fetching/event-source.ts';
import {
  createEventStreams,
  eventStreamDefaults,
  type EventStreams,
} from '../fetching/event-streams.ts';
import { SubgraphFailure } from '../fetching/failure.ts';
import type {
  GraphQLDataSource,
  ServiceEndpointDefinition,
} from '../fetching/graphql-data-source.ts';
import { createHttpClient, type HttpClient, httpClientDefaults } from '../fetching/http-client.ts';
import { layered } from '../fetching/layers.ts';
import type { FetchLayer, SubgraphFetch } from '../fetching/types.ts';
import type { SubgraphAddress } from '../supergraph/supergraph.ts';
import type { SupergraphGatewayOptions } from './supergraph-gateway-options.ts';

/** The options for calling subgraphs. */
type RouteOptions = Pick<
  SupergraphGatewayOptions,
  | 'buildService'
  | 'enforceDeadline'
  | 'eventStreams'
  | 'http'
  | 'layers'
  | 'queryPlannerConfig'
  | 'urlOf'
>;

/**
 * The fetch functions and data sources of all subgraphs. They outlive a supergraph update: connections stay open, and a
 * subgraph whose address is unchanged keeps its data source and its layers, with their state (such as an open breaker).
 */
export class SubgraphRoutes {
  private readonly options: RouteOptions;
  private readonly http: HttpClient;
  private readonly streams: EventStreams;
  private readonly dataSources = new Map<string, { url: string; source: GraphQLDataSource }>();
  private readonly routes = new Map<string, { address: string; fetch: SubgraphFetch }>();

  constructor(options: RouteOptions) {
    this.options = options;
    this.http = createHttpClient({ ...httpClientDefaults, ...options.http });
    const { timeoutMs, maxResponseBytes: maxEventBytes } = {
      ...httpClientDefaults,
      ...options.http,
    };
    this.streams = createEventStreams({
      ...eventStreamDefaults,
      timeoutMs,
      maxEventBytes,
      ...options.eventStreams,
    });
  }

  /** The fetch for the subgraphs of one supergraph: over HTTP through all layers, or through data sources. */
  fetchFor(subgraphs: readonly SubgraphAddress[]): SubgraphFetch {
    if (this.options.buildService) return this.throughDataSources(subgraphs);
    const fetches = new Map(subgraphs.map((each) => [each.name, this.route(each)]));
    const unknown = this.http.fetchFrom(new Map());
    return (request) => (fetches.get(request.subgraph) ?? unknown)(request);
  }

  /** Opens subscriptions at the subgraphs of one supergraph. */
  eventsFor(subgraphs: readonly SubgraphAddress[]): EventSource {
    const routeFor = this.options.eventStreams?.routeFor;
    const sources = new Map(
      this.addressesOf(subgraphs).map(({ name, url }) => [
        name,
        this.streams.sourceAt(url, routeFor?.(name)),
      ]),
    );
    return (request, sink) => (sources.get(request.subgraph) ?? withoutAddress)(request, sink);
  }

  /** The subgraphs, each with the address that is actually called. */
  addressesOf(subgraphs: readonly SubgraphAddress[]): readonly SubgraphAddress[] {
    return subgraphs.map((each) => ({ name: each.name, url: this.addressOf(each) }));
  }

  /** The data source of a subgraph; reused while its address is unchanged. */
  dataSource({ name, url = '' }: ServiceEndpointDefinition): GraphQLDataSource {
    const known = this.dataSources.get(name);
    if (known?.url === url) return known.source;
    const source =
      this.options.buildService?.({ name, url }) ??
      dataSourceOf(name, this.overHttp({ name, url }));
    this.dataSources.set(name, { url, source });
    return source;
  }

  /** Queries `__typename` from each subgraph. Rejects with the name of the first subgraph that fails. */
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

  /** Closes the connections once the calls in flight have ended. */
  async close(): Promise<void> {
    await Promise.all([this.http.close(), this.streams.close()]);
  }

  /** The layers around one subgraph's calls; reused while its address is unchanged. */
  private route(subgraph: SubgraphAddress): SubgraphFetch {
    const { name } = subgraph;
    const address = this.addressOf(subgraph);
    const known = this.routes.get(name);
    if (known?.address === address) return known.fetch;
    const fetch = layered(this.overHttp(subgraph), this.options.layers ?? []);
    this.routes.set(name, { address, fetch });
    return fetch;
  }

  private throughDataSources(subgraphs: readonly SubgraphAddress[]): SubgraphFetch {
    const { queryPlannerConfig } = this.options;
    const exposesDocument = queryPlannerConfig?.exposeDocumentNodeInFetchNode === true;
    const sources = subgraphs.map((each) => [each.name, this.dataSource(each)] as const);
    const fetch = fetchThroughDataSources(new Map(sources), exposesDocument);
    return layered(fetch, this.deadlineOfDataSources());
  }

  /** A data source has no deadline unless its author implemented one. */
  private deadlineOfDataSources(): readonly FetchLayer[] {
    const { enforceDeadline: isEnforced = true, http } = this.options;
    if (!isEnforced) return [];
    const { timeoutMs, clock = systemClock } = { ...httpClientDefaults, ...http };
    return [
      deadline({ timeoutMsFor: () => timeoutMs, sendRemainingTime: false, clock }),
      enforceDeadline({ clock }),
    ];
  }

  private overHttp(subgraph: SubgraphAddress): SubgraphFetch {
    return this.http.fetchFrom(new Map([[subgraph.name, this.addressOf(subgraph)]]));
  }

  private addressOf({ name, url }: SubgraphAddress): string {
    return this.options.urlOf?.(name, url) ?? url;
  }
}

const withoutAddress: EventSource = ({ subgraph }, sink) => {
  const problem = 'has no address for subscriptions.';
  const failure = new SubgraphFailure('SUBGRAPH_ERROR', subgraph, problem, { neverStarted: true });
  const telling = setImmediate(() => {
    sink.end(failure);
  });
  return {
    close: () => {
      clearImmediate(telling);
    },
  };
};
