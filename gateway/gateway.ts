import type { FastifyReply } from 'fastify';
import { type Clock, systemClock } from '../common/clock.ts';
import { messageOf, StartupError } from '../common/errors.ts';
import { createHttpDrain } from '../common/http-drain.ts';
import { createLogger, type Logger } from '../common/logger.ts';
import type { Running } from '../common/process.ts';
import { anonymous } from '../common/viewer.ts';
import { callLayersOf, longestTimeoutMs } from './call-layers.ts';
import { identityKeyFor, requireIdentityKeys } from './config/identity-keys.ts';
import type { GatewayConfig } from './config/load.ts';
import { networksOf } from './config/rate-limits.ts';
import { settingsForNobody, settingsOf } from './config/subgraphs.ts';
import { createExecution } from './graph-execution.ts';
import { createAdmission } from './http/admission.ts';
import { clientAddressBehind } from './http/client-address.ts';
import { clientErrorFormat } from './http/client-error.ts';
import { createCors } from './http/cors.ts';
import { createDirectLane } from './http/direct-lane.ts';
import { createDoor, reportTurnedAway } from './http/door.ts';
import type { EdgeOptions } from './http/edge.ts';
import { type Exchange, exchangeOf } from './http/exchange.ts';
import { createGatewayLimits } from './http/gateway-limits.ts';
import { serveGraphiQL } from './http/graphiql/page.ts';
import { createGraphQLServer, graphqlPath, serveGraphQL } from './http/graphql.ts';
import { serveHealth } from './http/health.ts';
import { createHttpServer, listen } from './http/http-server.ts';
import { KnownOperations } from './http/known-operations.ts';
import { asksForPage, sendLandingPage } from './http/landing-page.ts';
import { NegotiatedTypes } from './http/negotiated-types.ts';
import { openPersistedDocuments } from './http/persisted-documents/persisted-documents.ts';
import {
  createAnonymousContextFactory,
  createContextFactory,
  createIdentify,
} from './http/request-context.ts';
import { createRequestRates, noRequestRates, type RequestRates } from './http/request-rates.ts';
import { serveSandbox } from './http/sandbox.ts';
import { serveSessions, sessionPaths } from './http/sessions.ts';
import { type Authenticate, createAuthenticate } from './identity/authenticate.ts';
import { createJsonWebKeys, type JsonWebKeys } from './identity/json-web-keys.ts';
import { requireViewer } from './identity/require-viewer.ts';
import {
  createSubgraphHeaders,
  createSubgraphIdentity,
  type SubgraphHeaders,
} from './identity/subgraph-identity.ts';
import { createMemoryRateLimiter } from './limits/rate/rate-limiter.ts';
import { reportPlanCache } from './plan-cache-report.ts';
import { probeSubgraphs } from './supergraph/probe-subgraph.ts';
import { openSupergraphFile, type SupergraphFile } from './supergraph/supergraph-file.ts';
import { invalidSupergraph } from './supergraph/supergraph.ts';
import type { SupergraphGateway } from './supergraph-gateway.ts';

/** What a gateway takes from outside, besides its settings. */
export interface GatewayDependencies {
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
  const parts = { ...defaultsFor(config), ...dependencies };
  const { clock } = parts;
  const { requestTimeoutMs, drainDelayMs: delayMs, drainTimeoutMs: timeoutMs } = config.server;

  const supergraph = openSupergraph(config, parts);
  const { keys, authenticate, subgraphHeaders } = createIdentity(config, parts);
  const execution = createGraphExecution(config, parts, supergraph);
  const documentBytesMax = config.planCache.maxBytes / 6;
  const documents = await openPersistedDocuments(config.persistedDocuments, {
    maxTokens: config.limits.maxTokens,
    log: parts.log,
  }).catch((error: unknown) => {
    supergraph.close();
    throw error;
  });
  const known = config.server.directLane ? new KnownOperations(documentBytesMax) : undefined;
  const limits = createGatewayLimits(config.limits, config.mode);
  const counts = await openRates(config, parts.log);
  const { rates } = counts;
  documents.onUpdate(() => known?.clear());
  const graphql = createGraphQLServer({
    gateway: execution,
    mode: config.mode,
    limits,
    guarded: { names: new Set(config.rateLimits.guardedFields), rates },
    documents,
    known,
    documentBytesMax,
    log: parts.log,
  });
  const shared = { authenticate, subgraphHeaders, requestTimeoutMs, clock };
  const identify = createIdentify({ authenticate, rates });
  const asViewer = createContextFactory({ ...shared, identify });
  const asNobody = createAnonymousContextFactory(shared);
  const types = new NegotiatedTypes();
  const direct = {
    execution,
    types,
    createContext: asViewer,
    formatError: clientErrorFormat(config.mode),
    path: graphqlPath,
  };
  const lane =
    known &&
    createDirectLane({ ...direct, known, textOf: documents.textOf, limits: limits.direct });
  const addressOf = clientAddressBehind(networksOf(config.rateLimits.trustedProxies));
  const drain = createHttpDrain(parts.log);
  const admission = createAdmission(config.server);
  const { landingPages } = config;
  const hasPages = landingPages.sandbox || landingPages.graphiql;
  const isPage = (exchange: Exchange): boolean => hasPages && asksForPage(exchange.request);
  const sendPage = (reply: FastifyReply): FastifyReply => sendLandingPage(reply, landingPages);
  const app = createHttpServer(config.server, {
    log: parts.log,
    addressOf,
    door: createDoor({ admission, identify, rates, graphqlPath, sessionPaths, isPage }),
    lane,
    edge: edgeOf(config),
    drain,
  });

  const endTurnedAway = reportTurnedAway(admission, parts.log);
  let endReports = (): void => undefined;
  const stop = async (after = delayMs): Promise<void> => {
    await drain.run(() => app.close(), { delayMs: after, timeoutMs });
    supergraph.close();
    documents.close();
    endReports();
    endTurnedAway();
    await graphql.stop();
    counts.close();
  };

  await graphql.start().catch((error: unknown) => {
    supergraph.close();
    documents.close();
    throw unservable(config.supergraph.path, error);
  });
  endReports = reportPlanCache({
    statistics: () => execution.planCacheStatistics,
    everyMs: config.planCache.reportEveryMs,
    log: parts.log,
  });
  documents.checkOn(() => execution.schema);
  serveGraphQL(app, graphql, asViewer, types, documents.resolve, hasPages ? sendPage : undefined);
  serveSessions(app, async ({ raw }, operation) => {
    const contextValue = asNobody(exchangeOf(raw));
    const { body } = await graphql.executeOperation(operation, { contextValue });
    return body.kind === 'single' ? body.singleResult : body.initialResult;
  });
  serveHealth(app, {
    clock,
    log: parts.log,
    isDraining: () => drain.isDraining,
    areKeysKnown: () => keys.areKnown(),
    probeAll: () =>
      probeSubgraphs(supergraph.current().subgraphs, {
        headersFor: subgraphHeaders(anonymous, {}),
        timeoutMs: config.subgraphs.timeoutMs,
        fetch: parts.fetch,
      }),
  });
  if (landingPages.graphiql) serveGraphiQL(app, landingPages.accounts);
  if (landingPages.sandbox) serveSandbox(app, graphqlPath);
  if (hasPages) app.get('/', (_request, reply) => sendPage(reply));

  try {
    const url = await listen(app, config.server);
    return { url, stop: () => stop(), waitsFor: () => drain.waitsFor() };
  } catch (error) {
    await stop(0);
    throw error;
  }
}

type Parts = Required<GatewayDependencies>;

function defaultsFor({ telemetry }: GatewayConfig): Parts {
  return {
    clock: systemClock,
    fetch: globalThis.fetch,
    log: createLogger('gateway', telemetry.logLevel),
  };
}

/** Which subgraphs there are and where, by a file that is followed; one that lacks a key is refused. */
function openSupergraph(config: GatewayConfig, { log }: Parts): SupergraphFile {
  const file = openSupergraphFile({
    ...config.supergraph,
    urlOf: (subgraph) => settingsOf(config.subgraphs, subgraph).url,
    check: ({ subgraphs }) => {
      requireIdentityKeys(
        config,
        subgraphs.map(({ name }) => name),
      );
    },
    log,
  });
  const subgraphs = file.current().subgraphs.map(({ name }) => name);
  for (const name of settingsForNobody(config.subgraphs, subgraphs)) {
    log.warn(
      { subgraphs },
      `SUBGRAPH_${name}_… is set, and the supergraph has no such subgraph: the setting has no effect`,
    );
  }
  return file;
}

/** Which pages may read the answers; they may send what subgraphs are to hear, too. */
function edgeOf({ server, cors, subgraphs }: GatewayConfig): EdgeOptions {
  return {
    cors: createCors({ ...cors, requestHeaders: subgraphs.forwardedHeaders }),
    hstsMaxAgeSeconds: server.hstsMaxAgeSeconds,
  };
}

/** Who asks, by access tokens; and how subgraphs are told, by signed identities. */
function createIdentity(
  config: GatewayConfig,
  { clock, fetch, log }: Parts,
): {
  readonly keys: JsonWebKeys;
  readonly authenticate: Authenticate;
  readonly subgraphHeaders: SubgraphHeaders;
} {
  const { access, accessTokens, subgraphs } = config;
  const { jwksUrl: url, jwksTimeoutMs: timeoutMs } = accessTokens;
  const keys = createJsonWebKeys({ url, timeoutMs, fetch, clock, log });
  const identityOf = createSubgraphIdentity((subgraph) => identityKeyFor(config, subgraph), clock);
  const authenticate = createAuthenticate({ ...accessTokens, keys, clock });
  return {
    keys,
    authenticate: access.requireAuthentication ? requireViewer(authenticate) : authenticate,
    subgraphHeaders: createSubgraphHeaders(identityOf, subgraphs.forwardedHeaders),
  };
}

/** What is asked, once it is known to be valid: planned, fetched, merged and shaped. */
function createGraphExecution(
  { mode, subgraphs, calls, planCache, access, limits }: GatewayConfig,
  { clock, log }: Parts,
  supergraph: SupergraphFile,
): SupergraphGateway {
  return createExecution({
    mode,
    supergraphSdl: ({ updateInSlices }) => {
      supergraph.onUpdate(({ sdl }) => updateInSlices(sdl));
      return Promise.resolve({ supergraphSdl: supergraph.current().sdl });
    },
    subgraphTimeoutMs: longestTimeoutMs(subgraphs),
    maxResponseBytes: subgraphs.maxResponseBytes,
    maxConnections: subgraphs.maxConnections,
    layers: callLayersOf(calls, subgraphs),
    planCacheBytesMax: (planCache.maxBytes * 2) / 3,
    warmedOperations: planCache.warmedOperations,
    pipeliningFor: (subgraph) => settingsOf(subgraphs, subgraph).pipelining ?? subgraphs.pipelining,
    enforcedDirectives: limits.costMode === 'enforce' ? ['cost', 'listSize'] : [],
    access: {
      ...access,
      // Requests are refused before they come here; whoever logs in is not known yet.
      requireAuthentication: false,
      errors: { response: access.errorsIn, log: access.logUnauthorized },
    },
    clock,
    log,
  });
}

/** What counts requests: this process, or a Redis for all gateways. */
async function openRates(
  { rateLimits }: GatewayConfig,
  log: Logger,
): Promise<{ readonly rates: RequestRates; close(): void }> {
  const { enabled, redisUrl, redisKeyPrefix } = rateLimits;
  if (!enabled) return { rates: noRequestRates, close: doNothing };
  if (redisUrl === undefined) {
    return { rates: createRequestRates(rateLimits, createMemoryRateLimiter), close: doNothing };
  }
  const { openSharedCounters } = await import('./limits/rate/redis-rate-limiter.ts');
  const shared = await openSharedCounters(redisUrl, redisKeyPrefix, log);
  const rates = createRequestRates(rateLimits, shared.createRateLimiter);
  return { rates, close: () => shared.close() };
}

function doNothing(): void {
  // Nothing is open.
}

function unservable(file: string, error: unknown): StartupError {
  if (error instanceof StartupError) return error;
  const [reason] = messageOf(error).split('\n', 1);
  return invalidSupergraph(file, `cannot be served: ${reason}`, error);
}
