import type { FastifyRequest } from 'fastify';
import { AppError } from '../common/errors.ts';
import { identityHeader } from '../common/identity-token.ts';
import type { Logger } from '../common/logger.ts';
import { createSemaphore, type Semaphore } from '../common/semaphore.ts';
import { createServiceIdentitySigner } from '../common/service-identity.ts';
import { SettingsError } from '../common/settings.ts';
import { traceparentFrom, traceparentHeader } from '../common/trace-context.ts';
import { createProblemMapper } from './calls/subgraph-errors.ts';
import { identityKeyFor } from './config/identity-keys.ts';
import type { GatewayConfig } from './config/load.ts';
import { settingsOf } from './config/subgraphs.ts';
import { type Exchange, exchangeOf } from './http/exchange.ts';
import { failureOf, type RunOperation } from './http/own-operation.ts';
import type { Identify } from './http/request-context.ts';
import { answerByGraph, type AnswerRoute, resultOf } from './http/rest/answer-route.ts';
import type { Problem } from './http/rest/problem.ts';
import type { RestRoute } from './http/rest/rest-route.ts';
import type { RestService, RestServiceClient, ServiceCall } from './http/rest/rest-service.ts';
import type { SubgraphIdentity } from './identity/subgraph-identity.ts';
import { Opened } from './opened.ts';

/** The dependencies of answers. */
export interface RestAnswersDependencies {
  readonly services: readonly RestService[];
  /** Runs the documents of routes. */
  readonly run: RunOperation;
  readonly identify: Identify;
  readonly identityOf: SubgraphIdentity;
  readonly log: Logger;
}

/** What answers each route. */
export interface RestAnswers {
  readonly answerOf: (route: RestRoute) => AnswerRoute;
  /** Closes the connections to services. */
  close(): Promise<void>;
}

/** The name of the gateway as a service, in the identity that it signs for the services it calls. */
const serviceName = 'gateway';

/**
 * Answers routes by the graph; or, for those of `services`, directly by the service, with the limits of calls to its
 * subgraph. Throws a SettingsError when the address of a service is missing.
 */
export async function openRestAnswers(
  config: GatewayConfig,
  dependencies: RestAnswersDependencies,
): Promise<RestAnswers> {
  const opened = new Opened();
  const byService = new Map<RestRoute, (byGraph: AnswerRoute) => AnswerRoute>();
  for (const service of dependencies.services) {
    const client = opened.add(await openClient(config, service));
    const places = placesFor(config, service.subgraph);
    for (const { route } of service.routes) {
      byService.set(route, (byGraph) =>
        answerByService({ ...dependencies, config, service, client, places, route, byGraph }),
      );
    }
  }
  return {
    answerOf: (route) => {
      const byGraph = answerByGraph(route, dependencies.run);
      return byService.get(route)?.(byGraph) ?? byGraph;
    },
    close: () => opened.close(),
  };
}

function openClient(
  config: GatewayConfig,
  { subgraph, open }: RestService,
): Promise<RestServiceClient> {
  const { grpcAddress: address } = settingsOf(config.subgraphs, subgraph);
  if (address === undefined) {
    throw new SettingsError([
      `subgraphs.each.${subgraph}.grpcAddress is missing: rest.answeredBy is services, and "${subgraph}" has one`,
    ]);
  }
  const signIdentity = createServiceIdentitySigner(
    { service: serviceName, audience: subgraph },
    identityKeyFor(config, subgraph),
  );
  return open({ address, signIdentity });
}

/** Limits concurrent calls as calls to the subgraph through the graph are; undefined for no limit. */
function placesFor({ calls, subgraphs }: GatewayConfig, subgraph: string): Semaphore | undefined {
  if (!calls.inFlightLimit) return undefined;
  const { maxWaiting, maxWaitMs, maxInFlight = subgraphs.maxConnections } = calls;
  return createSemaphore({
    name: `calls to the service of "${subgraph}"`,
    places: settingsOf(subgraphs, subgraph).maxInFlight ?? maxInFlight,
    maxWaiting,
    maxWaitMs,
  });
}

function answerByService({
  config,
  service: { subgraph },
  client,
  places,
  route,
  byGraph,
  identify,
  identityOf,
  log,
}: RestAnswersDependencies & {
  readonly config: GatewayConfig;
  readonly service: RestService;
  readonly client: RestServiceClient;
  readonly places: Semaphore | undefined;
  readonly route: RestRoute;
  readonly byGraph: AnswerRoute;
}): AnswerRoute {
  const { mode, server, subgraphs } = config;
  const timeoutMs = settingsOf(subgraphs, subgraph).timeoutMs ?? subgraphs.timeoutMs;
  const toClientError = createProblemMapper({ mode, log });
  const operationKind = route.method === 'GET' ? 'query' : 'mutation';

  /** What the client sees of a failure, by the same rules as of a failed call through the graph. */
  const problemOf = (error: AppError, exchange: Exchange, gone: AbortSignal): Problem => {
    const { code, message, retryAfterSeconds } = error;
    const { correlationId } = exchange;
    const reported = {
      kind: 'reported',
      message,
      extensions: { code, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) },
    } as const;
    const context = {
      cancellation: undefined,
      deadlineAt: undefined,
      correlationId,
      headersFor: () => [],
      incoming: undefined,
    };
    const call = { subgraph, operationKind, body: '', headers: [], path: [], context } as const;
    // The call did not fail, it was cancelled: there is nothing to log, and the client is gone.
    const told = gone.aborted ? reported : toClientError(reported, call);
    const { message: detail, ...failure } = failureOf({ errors: [told] });
    return { detail, ...failure };
  };

  return async (request, input) => {
    const answer = client.answer(route, input);
    if (answer === undefined) return byGraph(request, input);
    const exchange = exchangeOf(request.raw);
    const viewer = await (exchange.viewer ??= identify(exchange));
    exchange.operation = { operationKind, operationName: route.operationId, cost: undefined };
    const gone = whenClientLeaves(exchange);
    let release: (() => void) | undefined;
    try {
      release = await places?.acquire();
      const leftMs = server.requestTimeoutMs - exchange.elapsedMs;
      const answered = await answer({
        identity: { [identityHeader]: identityOf(viewer, subgraph) },
        trace: traceOf(request, exchange),
        deadlineMs: Math.max(1, Math.min(timeoutMs, leftMs)),
        signal: gone,
      });
      return resultOf(answered);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return problemOf(error, exchange, gone);
    } finally {
      release?.();
    }
  };
}

function traceOf(request: FastifyRequest, { correlationId }: Exchange): ServiceCall['trace'] {
  return { correlationId, traceparent: traceparentFrom(request.headers[traceparentHeader]) };
}

/** Aborted when the client disconnects before it has the whole response. */
function whenClientLeaves(exchange: Exchange): AbortSignal {
  const gone = new AbortController();
  exchange.onLost = () => {
    gone.abort();
  };
  return gone.signal;
}
