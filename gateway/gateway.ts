import { type Clock, systemClock } from '../common/clock.ts';
import { messageOf, StartupError } from '../common/errors.ts';
import { createLogger, type Logger } from '../common/logger.ts';
import type { Running } from '../common/process.ts';
import { anonymous } from '../common/viewer.ts';
import { createApolloExecution, type CreateExecution } from './apollo-execution.ts';
import { identityKeyFor } from './config/identity-keys.ts';
import type { GatewayConfig } from './config/load.ts';
import { settingsOf } from './config/subgraphs.ts';
import { serveGraphiQL } from './http/graphiql/page.ts';
import { createGraphQLServer, type GraphQLServer, serveGraphQL } from './http/graphql.ts';
import { serveHealth } from './http/health.ts';
import { createHttpServer, drain, listen } from './http/http-server.ts';
import { createAnonymousContextFactory, createContextFactory } from './http/request-context.ts';
import { serveSessions } from './http/sessions.ts';
import { createAuthenticate } from './identity/authenticate.ts';
import { createJsonWebKeys } from './identity/json-web-keys.ts';
import { createSubgraphHeaders, createSubgraphIdentity } from './identity/subgraph-identity.ts';
import { probeSubgraphs } from './supergraph/probe-subgraph.ts';
import { openSupergraphFile } from './supergraph/supergraph-file.ts';
import { invalidSupergraph } from './supergraph/supergraph.ts';

/** What a gateway takes from outside, besides its settings. */
export interface GatewayDependencies {
  readonly createExecution?: CreateExecution;
  readonly clock?: Clock;
  /** Fetches keys and probes subgraphs; operations go their own way. */
  readonly fetch?: typeof globalThis.fetch;
  readonly log?: Logger;
}

/** A gateway that listens. */
export interface Gateway extends Running {
  readonly url: string;
}

/**
 * Builds everything, in the order in which a request meets it, and listens. `stop` answers what is in flight within
 * the drain deadline. Throws StartupError for a supergraph that cannot be served, a missing key, or a taken port.
 */
export async function createGateway(
  config: GatewayConfig,
  dependencies: GatewayDependencies = {},
): Promise<Gateway> {
  const { server, subgraphs, accessTokens, landingPages, mode } = config;
  const {
    createExecution = createApolloExecution,
    clock = systemClock,
    fetch = globalThis.fetch,
    log = createLogger('gateway', config.telemetry.logLevel),
  } = dependencies;
  let isDraining = false;

  // Which subgraphs there are, and where.
  const supergraph = openSupergraphFile({
    ...config.supergraph,
    urlOf: (subgraph) => settingsOf(subgraphs, subgraph).url,
    check: (next) => {
      for (const { name } of next.subgraphs) identityKeyFor(config, name);
    },
    log,
  });

  // Bytes: limits, timeouts, correlation id, errors as JSON.
  const app = createHttpServer(server, log);

  // Who asks, and how the subgraphs are told.
  const keys = createJsonWebKeys({
    url: accessTokens.jwksUrl,
    timeoutMs: accessTokens.jwksTimeoutMs,
    fetch,
    clock,
    log,
  });
  const authenticate = createAuthenticate({ ...accessTokens, keys, clock });
  const identityOf = createSubgraphIdentity((subgraph) => identityKeyFor(config, subgraph), clock);
  const subgraphHeaders = createSubgraphHeaders(identityOf, subgraphs.forwardedHeaders);
  const { requestTimeoutMs } = server;
  const context = createContextFactory({ authenticate, subgraphHeaders, requestTimeoutMs, clock });
  const asNobody = createAnonymousContextFactory({ subgraphHeaders, requestTimeoutMs, clock });

  // What is asked: parse, validate, plan, fetch, merge, shape.
  const execution = createExecution({
    supergraphSdl: ({ update }) => {
      supergraph.onUpdate(({ sdl }) => update(sdl));
      return Promise.resolve({ supergraphSdl: supergraph.current().sdl });
    },
    exposeQueryPlan: mode === 'development',
    subgraphTimeoutMs: subgraphs.timeoutMs,
    maxResponseBytes: subgraphs.maxResponseBytes,
    maxConnections: subgraphs.maxConnections,
    clock,
    log,
  });
  const graphql = createGraphQLServer({
    gateway: execution,
    mode,
    sandbox: landingPages.sandbox,
    log,
  });
  const stop = async (): Promise<void> => {
    isDraining = true;
    supergraph.close();
    await drain(app, server.drainTimeoutMs);
    await graphql.stop();
  };

  await start(graphql, config.supergraph.path, () => {
    supergraph.close();
  });

  // The addresses.
  serveGraphQL(app, graphql, context);
  serveSessions(app, async (request, reply, operation) => {
    const contextValue = await asNobody(request, reply);
    const { body } = await graphql.executeOperation(operation, { contextValue });
    return body.kind === 'single' ? body.singleResult : body.initialResult;
  });
  serveHealth(app, {
    clock,
    isDraining: () => isDraining,
    probeAll: () =>
      probeSubgraphs(supergraph.current().subgraphs, {
        headersFor: (subgraph) => subgraphHeaders(anonymous, {})(subgraph),
        timeoutMs: subgraphs.timeoutMs,
        fetch,
      }),
  });
  if (landingPages.graphiql) serveGraphiQL(app, landingPages.accounts);
  if (landingPages.sandbox) app.get('/', (_request, reply) => reply.redirect('/graphql'));

  try {
    return { url: await listen(app, server), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(graphql: GraphQLServer, file: string, release: () => void): Promise<void> {
  try {
    await graphql.start();
  } catch (error) {
    release();
    if (error instanceof StartupError) throw error;
    const [reason] = messageOf(error).split('\n', 1);
    throw invalidSupergraph(file, `cannot be served: ${reason}`, error);
  }
}
