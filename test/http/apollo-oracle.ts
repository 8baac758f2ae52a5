import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { fastify, type FastifyInstance } from 'fastify';
import { GraphQLError } from 'graphql';
import { systemClock } from '../../common/clock.ts';
import { developmentIdentityKey } from '../../common/development-keys.ts';
import { messageOf } from '../../common/errors.ts';
import { createLogger } from '../../common/logger.ts';
import { anonymous, type Viewer } from '../../common/viewer.ts';
import {
  operationLimits,
  SupergraphGateway,
  type SupergraphGatewayOptions,
} from '../../engine/index.ts';
import { createProblemMapper } from '../../gateway/calls/subgraph-errors.ts';
import { limitsSection } from '../../gateway/config/limits.ts';
import { serverSection } from '../../gateway/config/server.ts';
import { errorFormat } from '../../gateway/http/client-error.ts';
import { createHttpServer } from '../../gateway/http/http-server.ts';
import { createSubgraphIdentity } from '../../gateway/identity/subgraph-identity.ts';
import { claimsOf, rolePolicies } from '../../gateway/identity/viewer-access.ts';

/** An Apollo Server with our gateway in its slot, as its own integration for Fastify serves it. */
export interface ApolloOracle {
  readonly url: string;
  stop(): Promise<void>;
}

/** The options of an oracle. */
export interface ApolloOracleOptions {
  readonly supergraph: string;
  /** The viewer; anonymous by default. */
  readonly viewerOf?: (request: IncomingMessage) => Promise<Viewer>;
  readonly urlOf?: SupergraphGatewayOptions['urlOf'];
  /** The rules of our edge are in front of it: it does not get invalid requests. */
  readonly isBehindEdge?: boolean;
}

/** Starts it with the gateway's error messages, limits and access rules; the HTTP part is Apollo's. */
export async function startApolloOracle({
  supergraph,
  viewerOf = () => Promise.resolve(anonymous),
  urlOf,
  isBehindEdge = false,
}: ApolloOracleOptions): Promise<ApolloOracle> {
  const log = createLogger('gateway', 'silent');
  const mode = 'development';
  const format = errorFormat(mode);
  const limits = limitsSection.parse({});
  const identityFor = createSubgraphIdentity(developmentIdentityKey, systemClock);
  const server = new ApolloServer<OracleContext>({
    gateway: new SupergraphGateway({
      supergraphSdl: supergraph,
      logger: log,
      exposeQueryPlan: true,
      ...(urlOf && { urlOf }),
      subgraphHeaders: ({ context, subgraph }) => ({
        'x-gateway-identity': identityFor((context as unknown as OracleContext).viewer, subgraph),
      }),
      access: {
        claims: (context) => claimsOf((context as unknown as OracleContext).viewer),
        policies: rolePolicies,
      },
      mapProblem: createProblemMapper({ mode, log }),
    }),
    nodeEnv: mode,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    formatError: (_formatted, error) =>
      format(
        error instanceof GraphQLError
          ? error
          : new GraphQLError(messageOf(error), { originalError: error as Error }),
      ),
    parseOptions: { maxTokens: limits.maxTokens },
    validationOptions: { maxErrors: 10 },
    plugins: [operationLimits({ limits }), ApolloServerPluginLandingPageDisabled()],
    logger: log,
  });
  await server.start();
  const app: FastifyInstance = isBehindEdge
    ? createHttpServer(serverSection.parse({}), { log, addressOf: () => '' })
    : fastify();
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    exposeHeadRoute: false,
    handler: fastifyApolloHandler(server, {
      context: async ({ raw }) => ({ viewer: await viewerOf(raw) }),
    }),
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`,
    stop: async () => {
      app.server.closeAllConnections();
      await app.close();
      await server.stop();
    },
  };
}

interface OracleContext {
  readonly viewer: Viewer;
}
