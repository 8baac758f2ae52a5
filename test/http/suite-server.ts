import type { AddressInfo } from 'node:net';
import { composeServices } from '@apollo/composition';
import { ApolloServer, type ApolloServerOptions, type BaseContext } from '@apollo/server';
import type { CreateServerForIntegrationTests } from '@apollo/server-integration-testsuite';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { fastify } from 'fastify';
import { type GraphQLSchema, parse, printSchema } from 'graphql';
import { createLogger } from '../../common/logger.ts';
import { type FetchLayer, SupergraphGateway } from '../../engine/index.ts';

type Config = ApolloServerOptions<BaseContext>;

const log = createLogger('gateway', 'silent');

/**
 * Serves each Apollo Server that the suite configures with Apollo's integration for Fastify, at its root as the suite
 * expects, with our gateway instead of the schema.
 */
export const createSuiteServer: CreateServerForIntegrationTests = async (config, options) => {
  const engine = config.gateway ? undefined : await loadEngine(config);
  const server = new ApolloServer(engine ? behind(engine.gateway, config) : config);
  await server.start();
  const app = fastify({ bodyLimit: 64 * 1024 * 1024 });
  app.route({
    method: ['GET', 'POST', 'OPTIONS', 'PUT', 'DELETE', 'PATCH', 'HEAD'],
    url: '/',
    handler: fastifyApolloHandler(server, {
      context: async () => (await options?.context?.()) ?? {},
    }),
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    server,
    url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`,
    extraCleanup: async () => {
      app.server.closeAllConnections();
      await app.close();
      await engine?.stop();
    },
  };
};

interface Engine {
  readonly gateway: SupergraphGateway;
  stop(): Promise<void>;
}

/** Our engine over the suite's schema as the only subgraph, which an Apollo Server in this process executes. */
async function loadEngine(config: Config): Promise<Engine> {
  const { schema, typeDefs, resolvers } = config as unknown as Record<string, unknown>;
  const { rootValue } = config;
  let subgraphSchema: GraphQLSchema | undefined;
  const subgraph = new ApolloServer({
    ...(schema === undefined ? { typeDefs, resolvers } : { schema }),
    rootValue,
    stopOnTerminationSignals: false,
    includeStacktraceInErrorResponses: false,
    plugins: [
      {
        serverWillStart: async ({ schema: started }) => {
          subgraphSchema = started;
        },
      },
    ],
  } as Config);
  await subgraph.start();
  if (!subgraphSchema) throw new Error('Expected a server that starts with a schema.');
  const { supergraphSdl, errors } = composeServices([
    { name: 'suite', typeDefs: parse(printSchema(subgraphSchema)) },
  ]);
  if (supergraphSdl === undefined) throw new Error(errors.join('\n'));
  const gateway = new SupergraphGateway({
    supergraphSdl,
    layers: [executedBy(subgraph)],
    logger: log,
  });
  return {
    gateway,
    stop: async () => {
      await gateway.stop();
      await subgraph.stop();
    },
  };
}

/** The configuration with a gateway in place of the schema. */
function behind(gateway: SupergraphGateway, config: Config): Config {
  const { rootValue, ...rest } = config;
  return {
    ...rest,
    schema: undefined,
    typeDefs: undefined,
    resolvers: undefined,
    gateway,
  };
}

/** Each call has the context that the suite passed with its request. */
function executedBy(server: ApolloServer): FetchLayer {
  return () =>
    async ({ body, context: { incoming } }) => {
      const { body: answer, http } = await server.executeOperation(
        JSON.parse(body) as { query: string },
        { contextValue: incoming?.context ?? {} },
      );
      const result = answer.kind === 'single' ? answer.singleResult : answer.initialResult;
      return { body: JSON.stringify(result), cacheControl: http.headers.get('cache-control') };
    };
}
