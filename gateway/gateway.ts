import type { FastifyReply } from 'fastify';
import { type Clock, systemClock } from '../common/clock.ts';
import type { OnSessionsEnded } from '../common/ended-sessions.ts';
import { AppError, messageOf, StartupError } from '../common/errors.ts';
import type { HearEvents } from '../common/event-feed.ts';
import { createHttpDrain } from '../common/http-drain.ts';
import { createLogger, type Logger } from '../common/logger.ts';
import type { Running } from '../common/process.ts';
import { anonymous } from '../common/viewer.ts';
import type { SupergraphGateway } from '../engine/apollo/supergraph-gateway.ts';
import type { EventChannels } from '../engine/channels/event-channels.ts';
import type { CallbackEvents } from '../engine/fetching/callback-events.ts';
import type { SubgraphAddress } from '../engine/supergraph/supergraph.ts';
import { type Application, plainApplication } from './application.ts';
import { callLayersOf, longestTimeoutMs } from './call-layers.ts';
import { openChannels } from './channels/open-channels.ts';
import { identityKeyFor, requireIdentityKeys } from './config/identity-keys.ts';
import type { GatewayConfig } from './config/load.ts';
import { networksOf } from './config/rate-limits.ts';
import {
  eventRouteOf,
  hasCallbacks,
  settingsOfUnknownSubgraphs,
  settingsOf,
} from './config/subgraphs.ts';
import { createSupergraphGateway } from './graph-execution.ts';
import { createDoor, reportTurnedAway } from './http/door.ts';
import { createAdmission } from './http/edge/admission.ts';
import { clientAddressBehind } from './http/edge/client-address.ts';
import { createCors } from './http/edge/cors.ts';
import type { EdgeOptions } from './http/edge/edge.ts';
import type { Exchange } from './http/exchange.ts';
import { graphqlPath, serveGraphQLAddress } from './http/graphql-routes.ts';
import { serveHealth } from './http/health.ts';
import { createHttpServer, listen } from './http/http-server.ts';
import { serveGraphiQL } from './http/pages/graphiql/page.ts';
import { asksForPage, sendLandingPage } from './http/pages/landing-page.ts';
import { serveSandbox } from './http/pages/sandbox.ts';
import { openPersistedDocuments } from './http/persisted-documents/persisted-documents.ts';
import { runOwnOperations } from './http/pipeline/own-operations.ts';
import { createIdentify, identifyAnonymous, identifyViewer } from './http/request-context.ts';
import { createRequestRates, noRequestRates, type RequestRates } from './http/request-rates.ts';
import { openApiOf } from './http/rest/openapi.ts';
import { matcherOf, type RestRoute } from './http/rest/rest-route.ts';
import { describedBy } from './http/rest/rest-service.ts';
import { serveRest } from './http/rest/serve-rest.ts';
import { serveSessions } from './http/sessions.ts';
import { openCallbackServer } from './http/streams/callback-server.ts';
import { serveWebSockets } from './http/streams/web-sockets.ts';
import { type Authenticate, createAuthenticate } from './identity/authenticate.ts';
import { createAtCredentialsEnd } from './identity/credentials-end.ts';
import { createEndedSessions, type EndedSessions } from './identity/ended-sessions.ts';
import { createJsonWebKeys, type JsonWebKeys } from './identity/json-web-keys.ts';
import { requireViewer } from './identity/require-viewer.ts';
import {
  createSubgraphHeaders,
  createSubgraphIdentity,
  type SubgraphHeaders,
  type SubgraphIdentity,
} from './identity/subgraph-identity.ts';
import { Opened } from './opened.ts';
import { createOperations } from './operations.ts';
import { reportPlanCache } from './plan-cache-report.ts';
import { createMemoryRateLimiter } from './rates/rate-limiter.ts';
import { openRestAnswers } from './rest-answers.ts';
import { checkAddresses } from './supergraph/check-addresses.ts';
import { invalidSupergraph } from './supergraph/invalid-supergraph.ts';
import { probeSubgraphs } from './supergraph/probe-subgraph.ts';
import { openSupergraphFile, type SupergraphFile } from './supergraph/supergraph-file.ts';
import { openUsageLog } from './usage/usage-log.ts';

/** What a gateway gets from outside, besides its settings. */
export interface GatewayDependencies {
  readonly clock?: Clock;
  /** Fetches keys and probes subgraphs; operations use another client. */
  readonly fetch?: typeof globalThis.fetch;
  readonly log?: Logger;
  /** Where fields with `@event` have their events from, instead of the broker of the settings. */
  readonly channels?: EventChannels;
  /** Hears the bus of this process, for the channels of the settings (`subscriptions.channelsOfEvents`). */
  readonly hearEvents?: HearEvents;
  /** The graph that it serves. Default: one of which only the supergraph is known. */
  readonly application?: Application;
}

/** A listening gateway. */
export interface Gateway extends Running {
  readonly url: string;
}

/**
 * Builds everything, in the order in which a request passes through it, and listens. `stop` finishes requests in flight
 * within the drain deadline. Throws StartupError for a supergraph that cannot be served, a missing key, or a taken
 * port.
 */
export async function createGateway(
  config: GatewayConfig,
  dependencies: GatewayDependencies = {},
): Promise<Gateway> {
  const parts = { ...defaultsFor(config), ...dependencies };
  const opened = new Opened();
  try {
    return await openGateway(config, parts, opened);
  } catch (error) {
    await opened.close().catch((failure: unknown) => {
      parts.log.error({ err: failure }, 'cleanup after a failed start failed');
    });
    throw error;
  }
}

async function openGateway(config: GatewayConfig, parts: Parts, opened: Opened): Promise<Gateway> {
  const { clock, log } = parts;
  const { server, landingPages } = config;
  const { sessionRoutes, rest, examples, sandboxOperation } = parts.application;
  const sessionPaths = new Set(sessionRoutes.map(({ path }) => path));
  const supergraph = opened.add(openSupergraphFile({ ...config.supergraph, log }));
  const sessions = createEndedSessions({
    rememberMs: config.accessTokens.maxLifetimeSeconds * 1000,
  });
  const { keys, authenticate, identityOf, subgraphHeaders } = createIdentity(
    config,
    parts,
    sessions,
  );
  const atCredentialsEnd = createAtCredentialsEnd(sessions, clock);
  const documents = opened.add(
    await openPersistedDocuments(config.persistedDocuments, {
      maxTokens: config.limits.maxTokens,
      log,
    }),
  );
  const { rates } = opened.add(await openRates(config, log));
  const usage = openUsageLog(config.usage, { clock, log });
  if (usage) opened.add(usage);
  const callbacks = hasCallbacks(config.subgraphs)
    ? opened.add(await openCallbackServer(config, log)).events
    : undefined;
  const shared = opened.add(await openSharedSessions(config, sessions, log));
  const channels = parts.channels ?? (await openChannelsOf(config, parts, opened));
  const execution = createGraphExecution(config, parts, {
    supergraph,
    channels,
    callbacks,
    onSessionsEnded: shared.tell,
  });
  opened.add({ close: () => execution.stop() });
  const identify = createIdentify(authenticate, (exchange, viewer) =>
    rates.countRequest(exchange, viewer),
  );
  const identifyForRest = createIdentify(authenticate, (exchange, viewer) =>
    rates.countRest(exchange, viewer),
  );
  const contexts = {
    authenticate,
    subgraphHeaders,
    publicHeadersFor: subgraphHeaders(anonymous, {}),
    requestTimeoutMs: server.requestTimeoutMs,
    clock,
  };
  const operations = createOperations(config, {
    execution,
    documents,
    rates,
    usage,
    identifyViewer: identifyViewer({ ...contexts, identify }),
    identifyAnonymous: identifyAnonymous(contexts),
    atCredentialsEnd,
    subgraphHeaders,
    clock,
    log,
  });

  const hasPages = landingPages.sandbox || landingPages.graphiql;
  const isPage = ({ request }: Exchange): boolean => hasPages && asksForPage(request);
  const sendPage = (reply: FastifyReply): FastifyReply => sendLandingPage(reply, landingPages);
  const drain = createHttpDrain(log);
  const admission = createAdmission(server);
  opened.add({ close: reportTurnedAway(admission, log) });
  const addressOf = clientAddressBehind(networksOf(config.rateLimits.trustedProxies));
  const edge = edgeOf(config, rest.routes);
  const app = createHttpServer(server, {
    log,
    addressOf,
    door: createDoor({
      admission,
      identify,
      identifyForRest,
      rates,
      graphqlPath,
      sessionPaths,
      isRestPath: matcherOf(rest.routes),
      isPage,
    }),
    operations: {
      takes: (exchange) => isOperation(exchange) && !isPage(exchange),
      answer: (exchange) => operations.ofClients.answer(exchange),
    },
    edge,
    drain,
  });

  await execution.load().catch((error: unknown) => {
    throw unservable(config.supergraph.path, error);
  });
  warnOfSettingsForNobody(config, execution.subgraphAddresses, log);
  const endReports = reportPlanCache({
    statistics: () => execution.planCacheStatistics,
    everyMs: config.planCache.reportEveryMs,
    log,
  });
  opened.add({ close: endReports });
  documents.checkOn(() => execution.schema);
  serveGraphQLAddress(app, hasPages ? sendPage : undefined);
  serveSessions(app, sessionRoutes, runOwnOperations(operations.own));
  if (rest.routes.length > 0) {
    const services = config.rest.answeredBy === 'services' ? rest.services : [];
    const answers = opened.add(
      await openRestAnswers(config, {
        services,
        run: runOwnOperations(operations.ofRest),
        identify: identifyForRest,
        identityOf,
        log,
      }),
    );
    serveRest(app, rest.routes, answers.answerOf);
    const openApi = openApiOf(describedBy(services, rest.routes), rest.info);
    app.get('/openapi.json', (_request, reply) => reply.send(openApi));
  }
  serveHealth(app, {
    clock,
    log,
    isDraining: () => drain.isDraining,
    areKeysKnown: () => keys.areKnown(),
    probeAll: () =>
      probeSubgraphs(execution.subgraphAddresses, {
        headersFor: subgraphHeaders(anonymous, {}),
        timeoutMs: config.subgraphs.timeoutMs,
        fetch: parts.fetch,
      }),
  });
  if (landingPages.graphiql) {
    const { accounts } = landingPages;
    serveGraphiQL(app, { examples, loginPath: sessionRoutes[0]?.path, accounts });
  }
  if (landingPages.sandbox) serveSandbox(app, graphqlPath, sandboxOperation);
  if (hasPages) app.get('/', (_request, reply) => sendPage(reply));

  let delayMs = 0;
  const { drainTimeoutMs: timeoutMs } = server;
  const sockets = config.subscriptions.webSockets
    ? serveWebSockets(app.server, {
        path: graphqlPath,
        cors: edge.cors,
        maxMessageBytes: server.bodyLimitBytes,
        initTimeoutMs: config.subscriptions.webSocketInitMs,
        heartbeatMs: config.subscriptions.heartbeatMs,
        authenticate,
        atCredentialsEnd,
        addressOf,
        isDraining: () => drain.isDraining,
        run: (request) => operations.ofClients.run(request),
        log,
      })
    : undefined;
  const close = async (): Promise<void> => {
    await Promise.all([sockets?.stop(server.drainTimeoutMs / 2), operations.subscriptions.stop()]);
    await app.close();
  };
  opened.add({ close: () => drain.run(close, { delayMs, timeoutMs }) });
  const url = await listen(app, server);
  // A gateway that never listened stops immediately.
  delayMs = server.drainDelayMs;
  return { url, stop: () => opened.close(), waitsFor: () => drain.waitsFor() };
}

function isOperation({ path, request: { method } }: Exchange): boolean {
  return path === graphqlPath && (method === 'POST' || method === 'GET');
}

type Parts = Required<Omit<GatewayDependencies, 'channels' | 'hearEvents'>> &
  Pick<GatewayDependencies, 'channels' | 'hearEvents'>;

function defaultsFor({ telemetry }: GatewayConfig): Parts {
  return {
    clock: systemClock,
    fetch: globalThis.fetch,
    application: plainApplication,
    log: createLogger('gateway', telemetry.logLevel),
  };
}

/** The channels that the settings name, if they name any. */
async function openChannelsOf(
  { subscriptions }: GatewayConfig,
  { hearEvents: hear, log }: Parts,
  opened: Opened,
): Promise<EventChannels | undefined> {
  const channels = await openChannels(subscriptions, { hear, log });
  return channels && opened.add(channels);
}

/** Refuses a supergraph with a subgraph that cannot be addressed, or that has no key in production. */
function checkSubgraphs(config: GatewayConfig, subgraphs: readonly SubgraphAddress[]): void {
  checkAddresses(config.supergraph.path, subgraphs);
  requireIdentityKeys(
    config,
    subgraphs.map(({ name }) => name),
  );
}

function warnOfSettingsForNobody(
  { subgraphs: settings }: GatewayConfig,
  addresses: readonly SubgraphAddress[],
  log: Logger,
): void {
  const subgraphs = addresses.map(({ name }) => name);
  for (const name of settingsOfUnknownSubgraphs(settings, subgraphs)) {
    log.warn(
      { subgraphs },
      `SUBGRAPH_${name}_… is set, but the supergraph has no such subgraph: the setting has no effect`,
    );
  }
}

/** Which pages may read responses; they may also send the headers that are forwarded to subgraphs. */
function edgeOf(
  { server, cors, subgraphs }: GatewayConfig,
  routes: readonly RestRoute[],
): EdgeOptions {
  const ofRest = routes.flatMap(({ headers }) => Object.keys(headers?.shape ?? {}));
  return {
    cors: createCors({
      ...cors,
      requestHeaders: [...new Set([...ofRest, ...subgraphs.forwardedHeaders])],
      methods: [...new Set(['GET', 'POST', ...routes.map(({ method }) => method)])],
    }),
    hstsMaxAgeSeconds: server.hstsMaxAgeSeconds,
  };
}

/** Who the viewer is, by access tokens; and how subgraphs learn it, by signed identities. */
function createIdentity(
  config: GatewayConfig,
  { clock, fetch, log }: Parts,
  sessions: EndedSessions,
): {
  readonly keys: JsonWebKeys;
  readonly authenticate: Authenticate;
  readonly identityOf: SubgraphIdentity;
  readonly subgraphHeaders: SubgraphHeaders;
} {
  const { access, accessTokens, subgraphs } = config;
  const { jwksUrl: url, jwksTimeoutMs: timeoutMs } = accessTokens;
  const keys = createJsonWebKeys({ url, timeoutMs, fetch, clock, log });
  const identityOf = createSubgraphIdentity((subgraph) => identityKeyFor(config, subgraph), clock);
  const authenticate = createAuthenticate({
    ...accessTokens,
    keys,
    clock,
    isEnded: (viewer) => sessions.has(viewer),
  });
  return {
    keys,
    authenticate: access.requireAuthentication ? requireViewer(authenticate) : authenticate,
    identityOf,
    subgraphHeaders: createSubgraphHeaders(identityOf, subgraphs.forwardedHeaders),
  };
}

/** Executes valid operations: plans, fetches, merges and shapes the response. */
function createGraphExecution(
  config: GatewayConfig,
  { clock, log }: Parts,
  {
    supergraph,
    channels,
    callbacks,
    onSessionsEnded,
  }: {
    readonly supergraph: SupergraphFile;
    readonly channels: EventChannels | undefined;
    readonly callbacks: CallbackEvents | undefined;
    readonly onSessionsEnded: OnSessionsEnded;
  },
): SupergraphGateway {
  const { mode, subgraphs, subscriptions, calls, planCache, access, limits } = config;
  return createSupergraphGateway({
    mode,
    supergraphSdl: ({ updateInSlices }) => {
      supergraph.onUpdate(updateInSlices);
      return Promise.resolve({ supergraphSdl: supergraph.current() });
    },
    checkSubgraphs: (addresses) => {
      checkSubgraphs(config, addresses);
    },
    urlOf: (subgraph, url) => settingsOf(subgraphs, subgraph).url ?? url,
    subgraphTimeoutMs: longestTimeoutMs(subgraphs),
    maxResponseBytes: subgraphs.maxResponseBytes,
    maxConnections: subgraphs.maxConnections,
    channels: channels && { channels, channelsReconnectMs: subscriptions.channelsReconnectMs },
    eventStreams: {
      callbacks,
      silenceMs: subscriptions.silenceMs,
      routeFor: (subgraph) => eventRouteOf(settingsOf(subgraphs, subgraph)),
    },
    layers: callLayersOf(calls, subgraphs, log),
    planCacheBytesMax: (planCache.maxBytes * 2) / 3,
    warmedOperations: planCache.warmedOperations,
    pipeliningFor: (subgraph) => settingsOf(subgraphs, subgraph).pipelining ?? subgraphs.pipelining,
    onSessionsEnded,
    enforcedDirectives: limits.costMode === 'enforce' ? ['cost', 'listSize'] : [],
    access: {
      ...access,
      // Unauthenticated requests are refused earlier; a request that logs in has no viewer yet.
      requireAuthentication: false,
      errors: { response: access.errorsIn, log: access.logUnauthorized },
    },
    clock,
    log,
  });
}

/** Counts requests: in this process, or in a Redis for all gateways. */
async function openRates(
  { rateLimits }: GatewayConfig,
  log: Logger,
): Promise<{ readonly rates: RequestRates; close(): void }> {
  const { enabled, redisUrl, redisKeyPrefix } = rateLimits;
  if (!enabled) return { rates: noRequestRates, close: doNothing };
  if (redisUrl === undefined) {
    return { rates: createRequestRates(rateLimits, createMemoryRateLimiter), close: doNothing };
  }
  const { openSharedCounters } = await import('./rates/redis-rate-limiter.ts');
  const shared = await openSharedCounters(redisUrl, redisKeyPrefix, log);
  const rates = createRequestRates(rateLimits, shared.createRateLimiter);
  return { rates, close: () => shared.close() };
}

/** Hears of ended sessions: in this process, or through a Redis from all gateways. */
async function openSharedSessions(
  { rateLimits: { redisUrl: url, redisKeyPrefix } }: GatewayConfig,
  { end }: EndedSessions,
  log: Logger,
): Promise<{ readonly tell: OnSessionsEnded; close(): void }> {
  if (url === undefined) return { tell: end, close: doNothing };
  const { shareEndedSessions } = await import('./identity/shared-ended-sessions.ts');
  return shareEndedSessions({ url, channel: `${redisKeyPrefix}:ended-sessions` }, end, log);
}

function doNothing(): void {
  // Nothing is open.
}

function unservable(file: string, error: unknown): StartupError {
  if (error instanceof StartupError) return error;
  const isRefused = error instanceof AppError && error.code === 'SUPERGRAPH_INVALID';
  const [reason] = messageOf(isRefused ? error.cause : error).split('\n', 1);
  return invalidSupergraph(file, `cannot be served: ${reason}`, error);
}
