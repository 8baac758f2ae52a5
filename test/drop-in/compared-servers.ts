import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer, type ApolloServerPlugin, type BaseContext } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import type { GatewayExecutor, GatewayInterface } from '@apollo/server-gateway-interface';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import {
  type AnswerDifference,
  type ComparisonOptions,
  type ComparisonStatistics,
  SupergraphGateway,
  type SupergraphGatewayOptions,
} from '../../engine/index.ts';
import { until } from '../support/until.ts';
import { quiet } from './gateways.ts';
import { type Shop, startShop } from './shop.ts';

/** The `authorization` of every subgraph request of the gateway that `createApolloGateway` creates. */
const theirMark = 'ApolloGateway';

/** A real ApolloGateway whose requests the subgraphs can distinguish from ours. */
export function createApolloGateway(
  supergraphSdl: string,
  settings: Partial<RemoteGraphQLDataSource> = {},
): ApolloGateway {
  // Read when the gateway is constructed: without it, it looks for cloud metadata and reports home.
  process.env.APOLLO_TELEMETRY_DISABLED = 'true';
  return new ApolloGateway({
    supergraphSdl,
    logger: quiet,
    buildService: ({ url }) =>
      new RemoteGraphQLDataSource({
        url,
        willSendRequest: ({ request }) => request.http?.headers.set('authorization', theirMark),
        ...settings,
      }),
  });
}

/** An Apollo Server whose gateway is compared with another one. */
export interface ComparedServer {
  readonly gateway: SupergraphGateway;
  /** What the gateway has logged, except at its own startup. */
  readonly log: readonly string[];
  readonly differences: readonly AnswerDifference[];
  /** The body of the response to a query, as the client sees it. */
  ask(query: string, variables?: Record<string, unknown>): Promise<unknown>;
  post(body: unknown): Promise<unknown>;
  /** Waits until all sampled queries have been compared or dropped. */
  settled(): Promise<ComparisonStatistics>;
  stop(): Promise<void>;
}

/** The options of such a server. */
export interface ComparedServerOptions extends Partial<SupergraphGatewayOptions> {
  readonly supergraphSdl: string;
  readonly plugins?: ApolloServerPlugin[];
  /** Called when the response to a request has been sent. */
  readonly onSent?: () => void;
}

/** Starts a server that compares every query with the other gateway, unless the options say otherwise. */
export async function startCompared(
  other: GatewayInterface | ComparisonOptions,
  { plugins = [], onSent, ...options }: ComparedServerOptions,
): Promise<ComparedServer> {
  const log: string[] = [];
  const differences: AnswerDifference[] = [];
  const keep = (message: string): void => {
    if (!message.startsWith('Serving a supergraph')) log.push(message);
  };
  const gateway = new SupergraphGateway({
    logger: { debug: keep, info: keep, warn: keep, error: keep },
    compareWith: {
      sampleRate: 1,
      // Even on a slow machine, none is dropped or times out except where that is tested.
      maxInFlight: 100,
      timeoutMs: 60_000,
      onDifference: (difference) => differences.push(difference),
      ...('gateway' in other ? other : { gateway: other }),
    },
    ...options,
  });
  const server = new ApolloServer<BaseContext>({
    gateway,
    plugins,
    logger: quiet,
    allowBatchedHttpRequests: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
  });
  const { url } = await startStandaloneServer(server, {
    listen: { host: '127.0.0.1', port: 0 },
    context: async ({ res }) => {
      if (onSent) res.once('finish', onSent);
      return {};
    },
  });
  // The other gateway loads concurrently; ours does not wait for it.
  await until(() => log.length > 0);
  const post = async (body: unknown): Promise<unknown> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    });
    return [response.status, response.headers.get('cache-control'), await response.json()];
  };
  const statistics = (): ComparisonStatistics => {
    const counts = gateway.comparisonStatistics;
    if (!counts) throw new Error('Expected a gateway that compares.');
    return counts;
  };
  return {
    gateway,
    log,
    differences,
    post,
    ask: async (query, variables) => ((await post({ query, variables })) as unknown[]).at(-1),
    settled: async () => {
      await until(() => {
        const { sampled, equal, different, dropped } = statistics();
        return sampled === equal + different + dropped;
      });
      return statistics();
    },
    stop: () => server.stop(),
  };
}

/** A real ApolloGateway whose executor is wrapped. */
export function wrapApolloGateway(
  supergraphSdl: string,
  wrap: (executor: GatewayExecutor) => GatewayExecutor,
): GatewayInterface {
  const gateway = createApolloGateway(supergraphSdl);
  return {
    onSchemaLoadOrUpdate: (callback) => gateway.onSchemaLoadOrUpdate(callback),
    load: async (options) => {
      const { executor } = await gateway.load(options);
      return { executor: wrap(executor as GatewayExecutor) };
    },
    stop: () => gateway.stop(),
  };
}

/** Something to wait for, and the function that ends the wait. */
export function gate(): { readonly promise: Promise<void>; readonly release: () => void } {
  let release = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    release = resolve;
  });
  return { promise, release };
}

/** The methods of a gateway, for an object that overrides one of them. */
export function methodsOf(gateway: GatewayInterface): GatewayInterface {
  return {
    onSchemaLoadOrUpdate: (callback) => gateway.onSchemaLoadOrUpdate(callback),
    load: (options) => gateway.load(options),
    stop: () => gateway.stop(),
  };
}

/** A shop for the tests of a file, and servers over it that are stopped after each test. */
export function useComparedShop() {
  let running: Shop | undefined;
  const servers: ComparedServer[] = [];
  const shop = (): Shop => {
    if (!running)
      throw new Error('Expected a test to ask for the shop: it is started before the first one.');
    return running;
  };
  beforeAll(async () => {
    running = await startShop();
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
  });
  afterAll(() => running?.stop());
  return {
    shop,
    /** The running ones; a test that stops one removes it. */
    servers,
    start: async (
      other: Parameters<typeof startCompared>[0],
      options: Partial<ComparedServerOptions> = {},
    ): Promise<ComparedServer> => {
      const server = await startCompared(other, {
        supergraphSdl: shop().supergraphSdl,
        ...options,
      });
      servers.push(server);
      return server;
    },
    /** How many requests of the other gateway the subgraphs have received. */
    theirRequests: (): number =>
      shop().received.filter(({ authorization }) => authorization === theirMark).length,
  };
}
