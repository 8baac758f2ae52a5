import type { AddressInfo } from 'node:net';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { fastify } from 'fastify';
import { systemClock } from '../../common/clock.ts';
import { developmentIdentityKey } from '../../common/development-keys.ts';
import { identityHeader } from '../../common/identity-token.ts';
import { createLogger } from '../../common/logger.ts';
import { anonymous } from '../../common/viewer.ts';
import { limitsSection } from '../../gateway/config/limits.ts';
import { createProblemMapper } from '../../gateway/fetching/subgraph-errors.ts';
import { clientErrorFormat } from '../../gateway/http/client-error.ts';
import { createSubgraphIdentity } from '../../gateway/identity/subgraph-identity.ts';
import { SupergraphGateway } from '../../gateway/index.ts';

/** An Apollo Server with our gateway in its slot, as its own integration for Fastify serves it: what we did not write. */
export interface ApolloOracle {
  readonly url: string;
  stop(): Promise<void>;
}

/** What an oracle is made of. */
export interface ApolloOracleOptions {
  readonly supergraph: string;
  readonly mode?: 'development' | 'production';
  readonly plugins?: readonly ApolloServerPlugin[];
}

/** Starts it with the same words for errors as the gateway has that ships, and nothing else of it. */
export async function startApolloOracle({
  supergraph,
  mode = 'development',
  plugins = [],
}: ApolloOracleOptions): Promise<ApolloOracle> {
  const log = createLogger('gateway', 'silent');
  const limits = limitsSection.parse({});
  const identityFor = createSubgraphIdentity(developmentIdentityKey, systemClock);
  const server = new ApolloServer({
    gateway: new SupergraphGateway({
      supergraphSdl: supergraph,
      logger: log,
      exposeQueryPlan: mode === 'development',
      subgraphHeaders: ({ subgraph }) => ({ [identityHeader]: identityFor(anonymous, subgraph) }),
      mapProblem: createProblemMapper({ mode, log }),
    }),
    nodeEnv: mode,
    introspection: mode === 'development',
    hideSchemaDetailsFromClientErrors: mode === 'production',
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    formatError: clientErrorFormat(mode),
    parseOptions: { maxTokens: limits.maxTokens },
    validationOptions: { maxErrors: 10 },
    plugins: [...plugins, ApolloServerPluginLandingPageDisabled()],
    logger: log,
  });
  await server.start();
  const app = fastify();
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    exposeHeadRoute: false,
    handler: fastifyApolloHandler(server),
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
