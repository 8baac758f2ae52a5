import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer, type ApolloServerOptions, type BaseContext } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import type { GatewayInterface } from '@apollo/server-gateway-interface';
import { SupergraphGateway, type SupergraphGatewayOptions } from '../../engine/index.ts';
import { patienceMs } from '../support/patience.ts';

/** The options that both gateways accept. */
export type SharedOptions = Pick<
  SupergraphGatewayOptions,
  'buildService' | 'debug' | 'logger' | 'queryPlannerConfig' | 'supergraphSdl'
>;

/** Creates either gateway. */
export type CreateGateway = (options: SharedOptions) => GatewayInterface;

export const quiet = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/** Both gateways, by name. */
export const gateways: Readonly<Record<'theirs' | 'ours', CreateGateway>> = {
  theirs: (options) => {
    // Read when the gateway is constructed: without it, it looks for cloud metadata and reports home.
    process.env.APOLLO_TELEMETRY_DISABLED = 'true';
    return new ApolloGateway({ logger: quiet, ...options });
  },
  ours: (options) => new SupergraphGateway({ logger: quiet, ...options }),
};

/** Apollo Server around a gateway, as in a user's program. */
export interface Served {
  readonly server: ApolloServer;
  readonly url: string;
  /** Sends a body as JSON. */
  post(body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
}

/** What a client sees of a response. */
export interface Answer {
  readonly status: number;
  readonly cacheControl: string | null;
  readonly body: unknown;
}

/** What a test does with a server. */
export type Scenario<T> = (served: Served) => Promise<T>;

/** The options of a server, without the gateway. */
export type ServerOptions = Omit<
  ApolloServerOptions<BaseContext>,
  'gateway' | 'resolvers' | 'schema' | 'typeDefs'
>;

/** Runs a scenario with each gateway; returns the results. `stop` is always called. */
export async function withEach<T>(
  make: (create: CreateGateway) => { readonly gateway: GatewayInterface } & ServerOptions,
  scenario: Scenario<T>,
): Promise<{ readonly theirs: T; readonly ours: T }> {
  const run = async (create: CreateGateway): Promise<T> => {
    const options = make(create);
    const server = new ApolloServer({
      logger: quiet,
      includeStacktraceInErrorResponses: false,
      stopOnTerminationSignals: false,
      ...options,
    });
    const { url } = await startStandaloneServer(server, {
      listen: { host: '127.0.0.1', port: 0 },
      context: async ({ req: { headers } }) => ({ authorization: headers.authorization }),
    });
    try {
      return await scenario({ server, url, post: (body, headers) => post(url, body, headers) });
    } finally {
      await server.stop();
    }
  };
  return { theirs: await run(gateways.theirs), ours: await run(gateways.ours) };
}

async function post(
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(patienceMs),
  });
  return {
    status: response.status,
    cacheControl: response.headers.get('cache-control'),
    body: await response.json(),
  };
}

function ignore(): void {
  // These tests check responses.
}
