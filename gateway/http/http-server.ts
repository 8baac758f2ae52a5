import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Readable } from 'node:stream';
import { fastify, type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { StartupError } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';
import { createAccessLog } from './access-log.ts';
import { edgeRules, refuse } from './edge.ts';
import { Exchange, exchangeOf, publish } from './exchange.ts';
import { answerErrorsAsJson, toErrorBody } from './json-errors.ts';

/** What a client may cost the server before anything is looked at. */
export interface HttpLimits {
  readonly bodyLimitBytes: number;
  readonly maxConnections: number;
  readonly headersTimeoutMs: number;
  readonly receiveTimeoutMs: number;
}

/** Answers an exchange in front of the server's routes, or leaves it to them: then `false`, at most its body read. */
export type Lane = (exchange: Exchange) => Promise<boolean> | false;

/**
 * An HTTP server that knows no addresses yet. Every request passes the rules of the edge, then the lane, if there is one,
 * then the routes. Every answer carries the correlation id; every error is JSON; only `application/json` is read, up to
 * the limit; a slow client is cut off.
 */
export function createHttpServer(limits: HttpLimits, log: Logger, lane?: Lane): FastifyInstance {
  const loggerInstance: FastifyBaseLogger = log;
  let isClosing = false;
  const app: FastifyInstance = fastify({
    loggerInstance,
    genReqId: (request) => exchangeOf(request).correlationId,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: limits.bodyLimitBytes,
    // While the server stops, requests on open connections are still answered, and the connection then closed.
    return503OnClosing: false,
    clientErrorHandler: answerUnreadable,
    serverFactory: (route) =>
      createServer(
        {
          requestTimeout: limits.receiveTimeoutMs,
          headersTimeout: limits.headersTimeoutMs,
          // Node looks for slow clients this often; its default of 30 s would double every deadline above.
          connectionsCheckingInterval: Math.min(1_000, limits.headersTimeoutMs),
          keepAliveTimeout: 65_000,
        },
        oneWayIn(log, () => (isClosing ? undefined : lane), route),
      ),
  });
  app.server.maxConnections = limits.maxConnections;
  app.removeContentTypeParser('text/plain');
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
  log: Logger,
  openLane: () => Lane | undefined,
  route: (request: IncomingMessage, response: ServerResponse) => void,
): (request: IncomingMessage, response: ServerResponse) => void {
  const rules = edgeRules();
  const note = createAccessLog(log);
  const toRoutes = (exchange: Exchange): void => {
    const { request, response, headers } = exchange;
    for (let at = 0; at < headers.length; at += 2) {
      response.setHeader(String(headers[at]), String(headers[at + 1]));
    }
    publish(exchange);
    route(request, response);
  };
  return (request, response) => {
    const exchange = new Exchange(request, response, log);
    response.once('close', () => note(exchange));
    for (const rule of rules) {
      const refusal = rule(request);
      if (refusal) {
        refuse(exchange, refusal);
        return;
      }
    }
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

/** Listens and gives the URL. Throws StartupError PORT_IN_USE. */
export async function listen(
  app: FastifyInstance,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new StartupError(
      'PORT_IN_USE',
      `Port ${port} on ${host} is in use.`,
      'Stop the process that has it, or give another port: GATEWAY_PORT=4010',
      { cause: error },
    );
  }
  const { port: bound } = app.server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
}

/** What cannot be read as HTTP never becomes a request: it is answered on the socket, and the socket closed. */
function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const status = unreadableStatus(error.code);
  const body = JSON.stringify(toErrorBody('BAD_REQUEST', status.slice(4)));
  const head = `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
  socket.end(`${head}\r\nconnection: close\r\n\r\n${body}`);
}

function unreadableStatus(code: string | undefined): string {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return '431 Request Header Fields Too Large';
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return '408 Request Timeout';
    default:
      return '400 Bad Request';
  }
}
