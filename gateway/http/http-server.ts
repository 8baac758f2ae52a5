import type { AddressInfo, Socket } from 'node:net';
import {
  fastify,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { correlationHeader, correlationIdFrom } from '../../common/correlation.ts';
import { StartupError } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';
import { answerErrorsAsJson, sendError, toErrorBody } from './json-errors.ts';

/** What a client may cost the server before anything is looked at. */
export interface HttpLimits {
  readonly bodyLimitBytes: number;
  readonly maxConnections: number;
  readonly headersTimeoutMs: number;
  readonly receiveTimeoutMs: number;
}

/**
 * An HTTP server that knows no addresses yet. Every answer carries the correlation id; every error is JSON; only
 * `application/json` is read, up to the limit; a slow client is cut off.
 */
export function createHttpServer(limits: HttpLimits, log: Logger): FastifyInstance {
  const loggerInstance: FastifyBaseLogger = log;
  const app: FastifyInstance = fastify({
    loggerInstance,
    genReqId: ({ headers }) => correlationIdFrom(headers[correlationHeader]),
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: 'correlationId',
    }),
    bodyLimit: limits.bodyLimitBytes,
    requestTimeout: limits.receiveTimeoutMs,
    // Node looks for slow clients this often; its default of 30 s would double every deadline above.
    http: {
      headersTimeout: limits.headersTimeoutMs,
      connectionsCheckingInterval: Math.min(1_000, limits.headersTimeoutMs),
    },
    keepAliveTimeout: 65_000,
    // While the server stops, requests on open connections are still answered, and the connection then closed.
    return503OnClosing: false,
    clientErrorHandler: answerUnreadable,
  });
  app.server.maxConnections = limits.maxConnections;
  app.removeContentTypeParser('text/plain');
  const hasUsableHost = usableHosts();
  app.addHook('onRequest', (request, reply, done) => {
    void reply.header(correlationHeader, request.id).header('x-content-type-options', 'nosniff');
    if (!hasUsableHost(request)) sendError(reply, 'BAD_REQUEST', 'The Host header is no host.');
    else if (!isUtf8(request)) sendError(reply, 'BAD_REQUEST', 'The charset must be utf-8.', 415);
    else done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    request.log.info(
      {
        method: request.method,
        // Without the query string: it may hold a whole operation, or a secret that should not have been there.
        path: pathOf(request.url),
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime),
        ...request.operationNote,
      },
      'answered',
    );
    done();
  });
  answerErrorsAsJson(app);
  return app;
}

function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
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

/** Nearly all requests name the same host, which need not be read again. */
function usableHosts(): (request: FastifyRequest) => boolean {
  let usable: string | undefined;
  return ({ headers: { host } }) => {
    if (host !== undefined && host === usable) return true;
    if (!URL.canParse(`http://${host ?? ''}/`)) return false;
    usable = host;
    return true;
  };
}

/** JSON between systems is UTF-8 (RFC 8259 §8.1); read as anything else it would mean something else. */
function isUtf8({ headers }: FastifyRequest): boolean {
  if (headers['content-type'] === 'application/json') return true;
  const [, charset] = /;\s*charset="?([^";\s]*)/i.exec(headers['content-type'] ?? '') ?? [];
  return charset === undefined || /^utf-?8$/i.test(charset);
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
