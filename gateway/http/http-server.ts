import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { fastify, type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { HttpDrain } from '../../common/http-drain.ts';
import { listenFailure } from '../../common/listen-failure.ts';
import type { Logger } from '../../common/logger.ts';
import { withoutSchemas } from '../../common/without-schemas.ts';
import { createAccessLog } from './access-log.ts';
import type { ClientAddress } from './client-address.ts';
import { readJsonBodies } from './edge-json.ts';
import { cutOffSlowReaders } from './edge-slow-readers.ts';
import { createAnswerUnreadable } from './edge-unreadable.ts';
import { createEdge, type Edge, type EdgeOptions } from './edge.ts';
import { Exchange, exchangeOf } from './exchange.ts';
import { answerErrorsAsJson } from './json-errors.ts';

/** What a client may cost the server before anything is looked at. */
export interface HttpLimits {
  readonly bodyLimitBytes: number;
  readonly maxConnections: number;
  readonly headersTimeoutMs: number;
  readonly receiveTimeoutMs: number;
  readonly sendTimeoutMs: number;
}

/** Answers an exchange in front of the server's routes, or leaves it to them: then `false`, at most its body read. */
export type Lane = (exchange: Exchange) => Promise<boolean> | false;

/** What a server is made of. */
export interface HttpServerDependencies {
  readonly log: Logger;
  readonly addressOf: ClientAddress;
  readonly lane?: Lane | undefined;
  /** Who may read the answers; without it, no page of another origin. */
  readonly edge?: Partial<EdgeOptions>;
  /** Ends the server; without it, the connections are the caller's to close. */
  readonly drain?: HttpDrain | undefined;
}

/**
 * An HTTP server that knows no addresses yet. Every request passes the rules of the edge, then the lane, if there is one,
 * then the routes. Every answer carries the correlation id; every error is JSON; only `application/json` is read, up to
 * the limit; a client that sends or reads slowly is cut off.
 */
export function createHttpServer(
  limits: HttpLimits,
  { log, addressOf, lane, edge: edgeOptions, drain }: HttpServerDependencies,
): FastifyInstance {
  const edge = createEdge(edgeOptions);
  const loggerInstance: FastifyBaseLogger = log;
  let isClosing = false;
  const app: FastifyInstance = fastify({
    ...withoutSchemas,
    loggerInstance,
    genReqId: (request) => exchangeOf(request).correlationId,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.bodyLimitBytes,
    // While the server stops, requests on open connections are still answered, and the connection then closed.
    return503OnClosing: false,
    clientErrorHandler: createAnswerUnreadable(edge.headers, log),
    serverFactory: (route) => {
      const onRequest = oneWayIn(
        { log, addressOf, edge },
        () => (isClosing ? undefined : lane),
        route,
      );
      const server = createServer(
        {
          requestTimeout: limits.receiveTimeoutMs,
          headersTimeout: limits.headersTimeoutMs,
          // Node looks for slow clients this often; its default of 30 s would double every deadline above.
          connectionsCheckingInterval: Math.min(1_000, limits.headersTimeoutMs),
          keepAliveTimeout: 65_000,
          // The edge asks for it, and says so in JSON; as it does to expectations.
          requireHostHeader: false,
          ...(drain && { ServerResponse: drain.Response }),
        },
        onRequest,
      );
      return server.on('checkExpectation', onRequest);
    },
  });
  app.server.maxConnections = limits.maxConnections;
  drain?.follow(app.server);
  cutOffSlowReaders(app.server, limits.sendTimeoutMs);
  app.removeContentTypeParser('text/plain');
  readJsonBodies(app);
  app.setChildLoggerFactory((_log, _bindings, _options, request) => {
    const own: FastifyBaseLogger = exchangeOf(request).log;
    return own;
  });
  app.addHook('preParsing', (request, _reply, payload, done) => {
    const { body } = exchangeOf(request.raw);
    done(null, body ? Readable.from(body) : payload);
  });
  app.addHook('preClose', (done) => {
    isClosing = true;
    done();
  });
  answerErrorsAsJson(app);
  return app;
}

/** The way of every request: the edge, the lane, the routes; and at its end a line in the log. */
function oneWayIn(
  {
    log,
    addressOf,
    edge,
  }: Pick<HttpServerDependencies, 'log' | 'addressOf'> & { readonly edge: Edge },
  openLane: () => Lane | undefined,
  route: (request: IncomingMessage, response: ServerResponse) => void,
): (request: IncomingMessage, response: ServerResponse) => void {
  const note = createAccessLog(log);
  const toRoutes = (exchange: Exchange): void => {
    exchange.leaveToRoutes();
    route(exchange.request, exchange.response);
  };
  return (request, response) => {
    const exchange = new Exchange(request, response, { log, addressOf, headers: edge.headers });
    response.once('close', () => note(exchange));
    if (!edge.admit(exchange)) return;
    const answered = openLane()?.(exchange) ?? false;
    if (answered === false) toRoutes(exchange);
    else {
      answered.then(
        (isAnswered) => {
          if (!isAnswered) toRoutes(exchange);
        },
        (error: unknown) => {
          exchange.log.error({ err: error }, 'request failed');
          response.destroy();
        },
      );
    }
  };
}

/** Listens and gives the URL. Throws a StartupError when it cannot. */
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
  return `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
}
