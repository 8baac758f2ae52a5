import { composeServices } from '@apollo/composition';
import {
  ApolloServer,
  type ApolloServerOptions,
  type ApolloServerPlugin,
  type BaseContext,
} from '@apollo/server';
import type { CreateServerForIntegrationTests } from '@apollo/server-integration-testsuite';
import type { FastifyInstance } from 'fastify';
import { type GraphQLSchema, parse, printSchema } from 'graphql';
import { systemClock } from '../../common/clock.ts';
import { createLogger } from '../../common/logger.ts';
import { anonymous } from '../../common/viewer.ts';
import { limitsSection } from '../../gateway/config/limits.ts';
import { serverSection } from '../../gateway/config/server.ts';
import { toClientError } from '../../gateway/http/client-error.ts';
import { createDirectLane, type DirectExecution } from '../../gateway/http/direct-lane.ts';
import { errorLog } from '../../gateway/http/error-log.ts';
import type { GatewayContext } from '../../gateway/http/gateway-context.ts';
import { createGatewayLimits } from '../../gateway/http/gateway-limits.ts';
import { graphqlPath, type GraphQLServer, serveGraphQL } from '../../gateway/http/graphql.ts';
import { createHttpServer, listen } from '../../gateway/http/http-server.ts';
import { KnownOperations, rememberOperations } from '../../gateway/http/known-operations.ts';
import { NegotiatedTypes } from '../../gateway/http/negotiated-types.ts';
import { operationRules } from '../../gateway/http/operation-rules.ts';
import { plainJsonStatus } from '../../gateway/http/plain-json-status.ts';
import {
  createAnonymousContextFactory,
  type CreateContext,
} from '../../gateway/http/request-context.ts';
import { retryAfter } from '../../gateway/http/retry-after.ts';
import type { Lane } from '../../gateway/http/way-in.ts';
import { type FetchLayer, SupergraphGateway } from '../../gateway/index.ts';

/**
 * What executes the suite's operations: its own schema in Apollo Server; the same with the direct lane in front, where
 * our engine executes what was met before; or our gateway in place of the schema, with the direct lane in front.
 */
export type SuiteExecution = 'schema' | 'direct lane' | 'gateway';

/** Servers for the suite, and what they were seen to do. */
export interface SuiteServers {
  readonly create: CreateServerForIntegrationTests;
  /** How many operations the direct lane has answered so far. */
  readonly answeredDirectly: () => number;
}

/** Serves each Apollo Server that the suite configures through our HTTP server, at its root as the suite wants it. */
export function createSuiteServers(execution: SuiteExecution): SuiteServers {
  let answered = 0;
  const counted =
    (lane: Lane): Lane =>
    (exchange) => {
      const answering = lane(exchange);
      if (answering === false) return false;
      return answering.then((isAnswered) => {
        if (isAnswered) answered += 1;
        return isAnswered;
      });
    };
  const create: CreateServerForIntegrationTests = async (config, options) => {
    const contexts: Contexts = new Map();
    const engine =
      config.gateway || execution === 'schema' ? undefined : await loadEngine(config, contexts);
    const known = engine && new KnownOperations();
    const { server, schema } = await startServer(
      execution === 'gateway' && engine ? behind(engine.gateway, config) : config,
      known,
    );
    const createContext: CreateContext = async (exchange) => {
      const context = (await options?.context?.()) ?? {};
      contexts.set(exchange.correlationId, context);
      // Ours as the prototype: copies that Apollo Server makes of a context keep it, and the suite does not see it.
      return Object.assign(Object.create(ourContext(exchange)) as GatewayContext, context);
    };
    const types = new NegotiatedTypes();
    const lane =
      engine &&
      known &&
      createDirectLane({
        known,
        execution: execution === 'gateway' ? engine.gateway : await engine.knowingAs(schema),
        types,
        limits: limits.direct,
        createContext,
        formatError: toClientError,
        path: graphqlPath,
      });
    const app = createHttpServer(settings, {
      log,
      addressOf: ({ socket }) => socket.remoteAddress ?? '',
      lane: lane && counted(lane),
    });
    serveAtRoot(app);
    serveGraphQL(app, server as unknown as GraphQLServer, createContext, types);
    return {
      server,
      url: await listen(app, { host: '127.0.0.1', port: 0 }),
      extraCleanup: async () => {
        app.server.closeAllConnections();
        await app.close();
        await engine?.stop();
      },
    };
  };
  return { create, answeredDirectly: () => answered };
}

type Config = ApolloServerOptions<BaseContext>;

/** The contexts that the suite gave to requests, by correlation id. */
type Contexts = Map<string | undefined, object>;

const log = createLogger('gateway', 'silent');
const settings = serverSection.parse({});
const limits = createGatewayLimits(limitsSection.parse({}), 'development');
const ourContext = createAnonymousContextFactory({
  authenticate: () => Promise.resolve(anonymous),
  subgraphHeaders: () => () => [],
  requestTimeoutMs: settings.requestTimeoutMs,
  clock: systemClock,
});

/** Starts a server with the plugins of our own server, as far as they go with any configuration. */
async function startServer(
  config: Config,
  known: KnownOperations | undefined,
): Promise<{ server: ApolloServer; schema: GraphQLSchema }> {
  let schema: GraphQLSchema | undefined;
  const ours = [
    overHttp(limits.plugin),
    operationRules(),
    overHttp(errorLog(log)),
    plainJsonStatus(),
    retryAfter(),
    ...(known ? [rememberOperations(known)] : []),
    noteSchema((started) => (schema = started)),
  ];
  const server = new ApolloServer({
    ...limits.serverOptions,
    ...config,
    plugins: [...(config.plugins ?? []), ...ours],
  } as Config);
  await server.start();
  if (!schema) throw new Error('Expected a server that starts with a schema.');
  return { server, schema };
}

/** A plugin that reads our context, which `executeOperation` of the suite does not give. */
function overHttp(plugin: ApolloServerPlugin<GatewayContext>): ApolloServerPlugin<GatewayContext> {
  return {
    ...plugin,
    requestDidStart: async (request) =>
      'noteOperation' in request.contextValue ? plugin.requestDidStart?.(request) : undefined,
  };
}

function noteSchema(note: (schema: GraphQLSchema) => void): ApolloServerPlugin {
  return { serverWillStart: async ({ schema }) => note(schema) };
}

/** Requests for `/` are those for `/graphql`: before anything else sees them. */
function serveAtRoot(app: FastifyInstance): void {
  app.server.prependListener('request', (request) => {
    request.url = request.url?.replace(/^\/(?=\?|$)/, '/graphql');
  });
}

interface Engine {
  readonly gateway: SupergraphGateway;
  /** The same, loaded without Apollo Server, for documents that were validated on a schema that differs from its own in the names of root types. */
  knowingAs(schema: GraphQLSchema): Promise<DirectExecution>;
  stop(): Promise<void>;
}

/** Our engine over the suite's schema as the only subgraph, which an Apollo Server in this process executes. */
async function loadEngine(config: Config, contexts: Contexts): Promise<Engine> {
  const { schema, typeDefs, resolvers } = config as unknown as Record<string, unknown>;
  const { rootValue } = config;
  const { server: subgraph, schema: subgraphSchema } = await startServer(
    {
      ...(schema === undefined ? { typeDefs, resolvers } : { schema }),
      rootValue,
      stopOnTerminationSignals: false,
      includeStacktraceInErrorResponses: false,
    } as Config,
    undefined,
  );
  const { supergraphSdl, errors } = composeServices([
    { name: 'suite', typeDefs: parse(printSchema(subgraphSchema)) },
  ]);
  if (supergraphSdl === undefined) throw new Error(errors.join('\n'));
  const gateway = new SupergraphGateway({
    supergraphSdl,
    layers: [executedBy(subgraph, contexts)],
    logger: log,
  });
  return {
    gateway,
    knowingAs: async (known) => {
      await gateway.load();
      return {
        schema: known,
        prepareDirect: (request) => gateway.prepareDirect({ ...request, schema: gateway.schema }),
      };
    },
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

/** Each call has the context that the suite gave to the request it is made for. */
function executedBy(server: ApolloServer, contexts: Contexts): FetchLayer {
  return () =>
    async ({ body, context: { incoming, correlationId } }) => {
      const { body: answer, http } = await server.executeOperation(
        JSON.parse(body) as { query: string },
        { contextValue: incoming?.context ?? contexts.get(correlationId) ?? {} },
      );
      const result = answer.kind === 'single' ? answer.singleResult : answer.initialResult;
      return { body: JSON.stringify(result), cacheControl: http.headers.get('cache-control') };
    };
}
