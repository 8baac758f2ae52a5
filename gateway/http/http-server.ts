import { createServer, maxHeaderSize, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { fastify, type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { hostAndPort } from '../../common/host-and-port.ts';
import type { HttpDrain } from '../../common/http-drain.ts';
import { listenFailure } from '../../common/listen-failure.ts';
import type { Logger } from '../../common/logger.ts';
import { withoutSchemas } from '../../common/without-schemas.ts';
import { HeldBytes } from './edge/body.ts';
import type { ClientAddress } from './edge/client-address.ts';
import { createEdge, type EdgeOptions } from './edge/edge.ts';
import { readJsonBodies } from './edge/json.ts';
import { cutOffSlowReaders } from './edge/slow-readers.ts';
import { answerConnects, createAnswerUnreadable } from './edge/unreadable.ts';
import { type Doorkeeper, oneWayIn, type Operations } from './edge/way-in.ts';
import { exchangeOf } from './exchange.ts';
import { answerErrorsAsJson } from './json-errors.ts';

/** Limits on what a client may cost the server before its request is examined. */
export interface HttpLimits {
  readonly bodyLimitBytes: number;
  /** The bytes of all bodies that are being received. */
  readonly bodiesMaxBytes: number;
  readonly maxConnections: number;
  readonly headersTimeoutMs: number;
  readonly receiveTimeoutMs: number;
  readonly sendTimeoutMs: number;
}

/** The dependencies of a server. */
export interface HttpServerDependencies {
  readonly log: Logger;
  readonly addressOf: ClientAddress;
  /** Counts and admits requests; without it, all are admitted. */
  readonly door?: Doorkeeper | undefined;
  /** Without it, the routes handle everything. */
  readonly operations?: Operations | undefined;
  /** Which origins may read responses; without it, no page of another origin. */
  readonly edge?: Partial<EdgeOptions>;
  /** Stops the server; without it, closing the connections is up to the caller. */
  readonly drain?: HttpDrain | undefined;
}

/**
 * An HTTP server without routes. Every request passes the rules of the edge, then the door, and is answered by the
 * operations or by the routes. Every response has the correlation id; every error is JSON; only `application/json` is
 * read, up to the limit; a client that sends or reads slowly is disconnected.
 */
export function createHttpServer(
  limits: HttpLimits,
  { log, addressOf, door, operations, edge: edgeOptions, drain }: HttpServerDependencies,
): FastifyInstance {
  const edge = createEdge(edgeOptions);
  const answerUnreadable = createAnswerUnreadable(edge.headers, log);
  const loggerInstance: FastifyBaseLogger = log;
  const app: FastifyInstance = fastify({
    ...withoutSchemas,
    loggerInstance,
    genReqId: (request) => exchangeOf(request).correlationId,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.bodyLimitBytes,
    // A longer part of a path would get an answer of Fastify's own. The target is within Node.js' limit of headers.
    routerOptions: { maxParamLength: maxHeaderSize },
    // While the server stops, requests on open connections are still answered, and the connection is closed afterwards.
    return503OnClosing: false,
    clientErrorHandler: answerUnreadable,
    serverFactory: (route) => {
      const onRequest = oneWayIn({
        log,
        addressOf,
        edge,
        door,
        bodies: {
          bodyLimitBytes: limits.bodyLimitBytes,
          held: new HeldBytes(limits.bodiesMaxBytes),
        },
        operations,
        route,
      });
      const server: Server = createServer(
        {
          requestTimeout: limits.receiveTimeoutMs,
          headersTimeout: limits.headersTimeoutMs,
          // How often Node.js looks for slow clients; its default of 30 s would double every deadline above.
          connectionsCheckingInterval: Math.min(1_000, limits.headersTimeoutMs),
          keepAliveTimeout: 65_000,
          // The edge requires it and refuses with JSON; it handles expectations too.
          requireHostHeader: false,
          ...(drain && { ServerResponse: drain.Response }),
        },
        onRequest,
      );
      answerConnects(server, answerUnreadable);
      // A client that waits for 100 is told to continue when its body is read, and not earlier.
      return server.on('checkExpectation', onRequest).on('checkContinue', onRequest);
    },
  });
  app.server.maxConnections = limits.maxConnections;
  drain?.track(app.server);
  cutOffSlowReaders(app.server, limits.sendTimeoutMs);
  app.removeContentTypeParser('text/plain');
  readJsonBodies(app);
  app.setChildLoggerFactory((_log, _bindings, _options, request) => {
    const own: FastifyBaseLogger = exchangeOf(request).log;
    return own;
  });
  app.addHook('preParsing', (request, _reply, payload, done) => {
    const { body, refusal } = exchangeOf(request.raw);
    if (refusal) done(refusal);
    else done(null, body ? Readable.from(body) : payload);
  });
  answerErrorsAsJson(app);
  return app;
}

/** Listens and returns the URL. Throws a StartupError when it cannot. */
export async function listen(
  app: FastifyInstance,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw listenFailure(error, { host, port, portSetting: 'GATEWAY_PORT' });
  }
  const { port: bound } = app.server.address() as AddressInfo;
  return `http://${hostAndPort(host, bound)}`;
}
