import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { type GraphQLSchema, OperationTypeNode } from 'graphql';
import {
  callIdFrom,
  callIdHeader,
  clientAddressFrom,
  clientAddressHeader,
  remainingTimeFrom,
  remainingTimeHeader,
} from '../../common/call-headers.ts';
import { systemClock } from '../../common/clock.ts';
import { closeWithConnection } from '../../common/close-with-connection.ts';
import { correlationHeader, correlationIdFrom } from '../../common/correlation.ts';
import { createDocumentStore } from '../../common/document-store.ts';
import { AppError, messageOf } from '../../common/errors.ts';
import { findLongHeader } from '../../common/header-limits.ts';
import { createHttpDrain } from '../../common/http-drain.ts';
import { identityHeader, type IdentityVerifier } from '../../common/identity-token.ts';
import type { ListenAddress } from '../../common/listen-failure.ts';
import type { Logger } from '../../common/logger.ts';
import type { Running } from '../../common/process.ts';
import { traceparentFrom, traceparentHeader } from '../../common/trace-context.ts';
import type { Viewer } from '../../common/viewer.ts';
import { withoutSchemas } from '../../common/without-schemas.ts';
import { bindHttp } from './bind-http.ts';
import type { PublicRoute, SubgraphContext } from './define-subgraph.ts';
import { logUnexpected, toFormattedError } from './errors.ts';
import { createRequestTime, finishRequest, withinRequestTime } from './request-time.ts';
import { serveHealth } from './serve-health.ts';
import { type EventsRequest, serveEvents } from './streams/serve-events.ts';
import { withoutSubscriptionConditions } from './subscription-conditions.ts';

/** The maximum size of a request: a batch of representations is larger than what a client sends. */
const bodyLimitBytes = 2 * 1024 * 1024;

/** The dependencies of a subgraph's HTTP server. */
export interface HttpServerDependencies<TContext extends SubgraphContext> {
  readonly schema: GraphQLSchema;
  readonly verifyIdentity: IdentityVerifier;
  readonly introspection: boolean;
  readonly context: (request: SubgraphContext) => TContext;
  readonly publicRoutes: readonly PublicRoute[];
  /** Runs a trivial query on the database. */
  readonly askDatabase: () => Promise<void>;
  readonly log: Logger;
}

/** Where a server listens, and how long it takes to stop. */
export interface ListenSettings extends ListenAddress {
  readonly drainDelayMs: number;
  readonly drainTimeoutMs: number;
}

/** A listening server. `stop` finishes requests in flight, then closes. */
export interface ListeningServer extends Running {
  readonly url: string;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The viewer, on paths that need a signed identity. */
    viewer?: Viewer;
  }
}

/**
 * Serves a subgraph: `POST /graphql` for callers with a signed identity (401 for others); without one, `/healthz`,
 * which says that the process answers, `/readyz`, which says that its database answers and that it is not stopping, and
 * the public routes. Throws a StartupError when it cannot listen.
 */
export async function listen<TContext extends SubgraphContext>(
  dependencies: HttpServerDependencies<TContext>,
  address: ListenSettings,
): Promise<ListeningServer> {
  const { log } = dependencies;
  const { drainDelayMs: delayMs, drainTimeoutMs: timeoutMs } = address;
  const drain = createHttpDrain(log);
  const app = fastify({
    ...withoutSchemas,
    bodyLimit: bodyLimitBytes,
    // Any member name is valid: the gateway forwards what a client may send.
    onProtoPoisoning: 'ignore',
    onConstructorPoisoning: 'ignore',
    connectionTimeout: 15_000,
    requestTimeout: 15_000,
    keepAliveTimeout: 65_000,
    logger: false,
    http: { ServerResponse: drain.Response },
    // While the server stops, requests on open connections are still answered, and the connection is closed afterwards.
    return503OnClosing: false,
  });
  drain.track(app.server);
  answerErrorsAsJson(app, log);
  app.addHook('onRequest', (request, _reply, done) => {
    const message = findLongHeader(request.headers);
    done(
      message === undefined ? undefined : Object.assign(new Error(message), { statusCode: 431 }),
    );
  });
  serveHealth(app, { ...dependencies, isDraining: () => drain.isDraining });
  for (const route of dependencies.publicRoutes) {
    app.get(route.path, (_request, reply) => {
      const { body, maxAgeSeconds } = route.answer();
      return reply.header('cache-control', `public, max-age=${maxAgeSeconds}`).send(body);
    });
  }
  await serveGraphQL(app, dependencies);
  return {
    url: await bindHttp(app, address),
    stop: () => drain.run(() => app.close(), { delayMs, timeoutMs }),
    waitsFor: () => drain.waitsFor(),
  };
}

async function serveGraphQL<TContext extends SubgraphContext>(
  app: FastifyInstance,
  { schema, verifyIdentity, introspection, context, log }: HttpServerDependencies<TContext>,
): Promise<void> {
  const apollo = new ApolloServer<TContext>({
    schema,
    introspection,
    documentStore: createDocumentStore(),
    // The gateway sends each operation in full: registered texts would only take memory.
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    formatError: toFormattedError,
    plugins: [
      fastifyApolloDrainPlugin(app),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      errorLog(log),
      changesAreFinished,
      sendExtensions,
      withoutSubscriptionConditions,
    ],
    stopOnTerminationSignals: false,
    logger: log,
  });
  await apollo.start();
  const stopping = new AbortController();
  app.addHook('preClose', (done) => {
    stopping.abort();
    done();
  });
  const streamEvents = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { correlationId } = requestContextOf(request);
    reply.hijack();
    for (const [name, value] of Object.entries(reply.getHeaders())) {
      if (value !== undefined) reply.raw.setHeader(name, value);
    }
    await serveEvents(
      (request.body ?? {}) as EventsRequest,
      reply.raw,
      {
        schema,
        context: () => context(requestContextOf(request)),
        format: (error) => {
          logUnexpected(error, correlationId, log);
          return toFormattedError(error.toJSON(), error);
        },
      },
      stopping.signal,
    ).catch((error: unknown) => {
      log.error({ err: error, correlationId }, 'a subscription failed');
      reply.raw.destroy();
    });
  };
  const execute = fastifyApolloHandler(apollo, {
    context: (request) => Promise.resolve(context(requestContextOf(request))),
  });
  app.route({
    method: 'POST',
    url: '/graphql',
    onRequest: (request, reply, done) => {
      const header = request.headers[identityHeader];
      const viewer = typeof header === 'string' ? verifyIdentity(header) : undefined;
      if (viewer) request.viewer = viewer;
      void reply.header(correlationHeader, correlationIdOf(request));
      const callId = callIdFrom(request.headers[callIdHeader]);
      if (callId !== undefined) void reply.header(callIdHeader, callId);
      done(
        viewer
          ? undefined
          : new AppError('UNAUTHENTICATED', 'A valid signed identity is required.'),
      );
    },
    // Cache hints of the schema (`@cacheControl`) are meant for responses that do not depend on the viewer.
    onSend: (request, reply, _payload, done) => {
      if (request.viewer?.kind !== 'anonymous') void reply.header('cache-control', 'no-store');
      done();
    },
    handler: (request, reply) => {
      closeWithConnection(reply.raw);
      if (request.headers.accept === 'text/event-stream') return streamEvents(request, reply);
      const time = createRequestTime(
        remainingTimeFrom(request.headers[remainingTimeHeader]),
        systemClock,
      );
      reply.raw.once('close', () => {
        if (!reply.raw.writableFinished) time.end();
      });
      return withinRequestTime(time, () => execute.call(app, request, reply));
    },
  });
}

/**
 * A query is abandoned when its client no longer waits; a mutation that has started is not: half a change would be
 * worse.
 */
const changesAreFinished: ApolloServerPlugin<SubgraphContext> = {
  requestDidStart: () =>
    Promise.resolve({
      didResolveOperation: ({ operation }) => {
        if (operation?.operation === OperationTypeNode.MUTATION) finishRequest();
        return Promise.resolve();
      },
    }),
};

/** Sends resolvers' messages for the gateway with the data. */
const sendExtensions: ApolloServerPlugin<SubgraphContext> = {
  requestDidStart: () =>
    Promise.resolve({
      willSendResponse: ({ contextValue: { extensions }, response: { body } }) => {
        if (body.kind === 'single' && Object.keys(extensions).length > 0)
          body.singleResult.extensions = { ...body.singleResult.extensions, ...extensions };
        return Promise.resolve();
      },
    }),
};

/** Logs errors where the correlation id is known; `formatError` does not receive it. */
function errorLog(log: Logger): ApolloServerPlugin<SubgraphContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didEncounterErrors: ({ errors, contextValue }) => {
          for (const error of errors) logUnexpected(error, contextValue.correlationId, log);
          return Promise.resolve();
        },
      }),
  };
}

function requestContextOf(request: FastifyRequest): SubgraphContext {
  // The onRequest hook has refused requests without a viewer.
  if (!request.viewer)
    throw new AppError('UNAUTHENTICATED', 'A valid signed identity is required.');
  return {
    viewer: request.viewer,
    correlationId: correlationIdOf(request),
    traceparent: traceparentFrom(request.headers[traceparentHeader]),
    clientAddress: clientAddressFrom(request.headers[clientAddressHeader]),
    extensions: {},
  };
}

function correlationIdOf(request: FastifyRequest): string {
  const known = request.headers[correlationHeader];
  const id = correlationIdFrom(known);
  request.headers[correlationHeader] = id;
  return id;
}

function answerErrorsAsJson(app: FastifyInstance, log: Logger): void {
  const toBody = (code: string, message: string) => ({
    errors: [{ message, extensions: { code } }],
  });
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send(toBody('NOT_FOUND', 'This address does not exist.')),
  );
  app.setErrorHandler((error, request, reply) => {
    if (error instanceof AppError && error.code === 'UNAUTHENTICATED') {
      return reply.code(401).send(toBody(error.code, error.message));
    }
    const { statusCode: status = 500 } = error as { readonly statusCode?: number };
    if (status === 413) {
      const message = `The body may have ${bodyLimitBytes} bytes.`;
      return reply.code(413).send(toBody('PAYLOAD_TOO_LARGE', message));
    }
    if (status < 500) return reply.code(status).send(toBody('BAD_REQUEST', messageOf(error)));
    log.error({ err: error, correlationId: correlationIdOf(request) }, 'request failed');
    return reply.code(500).send(toBody('INTERNAL_SERVER_ERROR', 'Internal error'));
  });
}
