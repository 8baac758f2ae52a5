import { type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type GraphQLError, parse } from 'graphql';
import { CloseCode, handleProtocols, makeServer } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { findLongHeader } from '../../../common/header-limits.ts';
import type { Logger } from '../../../common/logger.ts';
import type { Authenticate } from '../../identity/authenticate.ts';
import type { AtCredentialsEnd } from '../../identity/credentials-end.ts';
import type { ClientAddress } from '../edge/client-address.ts';
import type { Cors } from '../edge/cors.ts';
import { Exchange } from '../exchange.ts';
import { OperationRequest } from '../pipeline/operation-request.ts';
import type { Answer } from '../pipeline/stages.ts';
import { answerPings, sendPaced } from './paced-sockets.ts';
import { SocketEnd } from './socket-end.ts';
import { SocketOperations } from './socket-operations.ts';
import { SocketPings } from './socket-pings.ts';
import {
  EndedWithErrors,
  forbidden,
  serviceRestart,
  SocketResults,
  socketResultOf,
} from './web-socket-results.ts';

/** What WebSockets need. */
export interface WebSocketsDependencies {
  readonly path: string;
  readonly cors: Cors;
  /** The size of a message. */
  readonly maxMessageBytes: number;
  /** How long a client may take for its first message, and for the answer to a ping. */
  readonly initTimeoutMs: number;
  readonly heartbeatMs: number;
  readonly authenticate: Authenticate;
  readonly atCredentialsEnd: AtCredentialsEnd;
  readonly addressOf: ClientAddress;
  readonly isDraining: () => boolean;
  /** Runs a request for an operation. */
  readonly run: (request: OperationRequest) => Promise<Answer>;
  readonly log: Logger;
}

/** The WebSockets of a server. */
export interface WebSockets {
  /** Tells all clients that the server restarts (1012), and cuts off who does not answer in time. */
  stop(withinMs: number): Promise<void>;
}

/** A WebSocket of a client. */
interface Extra {
  readonly request: IncomingMessage;
  readonly end: SocketEnd;
  readonly operations: SocketOperations;
  /** Ends the watch over its credentials. */
  forgetCredentials: (() => void) | undefined;
}

/**
 * Serves operations of all kinds over WebSockets (graphql-transport-ws). The access token comes in `connection_init`, as
 * browsers can send no header; pages of other origins need the permission that CORS gives. Every operation passes the same
 * pipeline as one over HTTP.
 */
export function serveWebSockets(server: Server, parts: WebSocketsDependencies): WebSockets {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: parts.maxMessageBytes,
    autoPong: false,
    handleProtocols: (protocols) => handleProtocols(protocols),
  });
  const protocol = protocolFor(parts);
  const pings = new SocketPings(sockets.clients, Math.max(parts.heartbeatMs, parts.initTimeoutMs));
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const refusal = refusalOf(request, parts);
    if (refusal === undefined) {
      sockets.handleUpgrade(request, socket, head, (open) => {
        pings.add(open);
        answerPings(open);
        attach(protocol, open, request, parts);
      });
    } else {
      socket.end(`HTTP/1.1 ${refusal}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
    }
  });
  return {
    async stop(withinMs) {
      pings.stop();
      for (const client of sockets.clients) client.close(serviceRestart, 'Service restart');
      const deadline = setTimeout(() => {
        for (const client of sockets.clients) client.terminate();
      }, withinMs);
      await Promise.all(
        [...sockets.clients].map(
          (client) => new Promise((resolve) => client.once('close', resolve)),
        ),
      );
      clearTimeout(deadline);
    },
  };
}

/** The status line of a refusal; `undefined` admits the request. */
function refusalOf(
  { url = '', headers }: IncomingMessage,
  { path, cors, isDraining }: WebSocketsDependencies,
): string | undefined {
  if (findLongHeader(headers) !== undefined) return '431 Request Header Fields Too Large';
  if (url.split('?', 1)[0] !== path) return '404 Not Found';
  if (isDraining()) return '503 Service Unavailable';
  const { origin, host } = headers;
  if (origin === undefined || cors.headersFor(origin)) return undefined;
  return URL.canParse(origin) && new URL(origin).host === host ? undefined : '403 Forbidden';
}

type Protocol = ReturnType<typeof protocolFor>;

function protocolFor(parts: WebSocketsDependencies) {
  return makeServer<{ authorization?: unknown; Authorization?: unknown }, Extra>({
    connectionInitWaitTimeout: parts.initTimeoutMs,
    onConnect: async ({ connectionParams = {}, extra }) => {
      const { request, end } = extra;
      // That of the handshake says nothing of the operations: each message is one response.
      delete request.headers.accept;
      const given = connectionParams.authorization ?? connectionParams.Authorization;
      if (typeof given === 'string') request.headers.authorization = given;
      try {
        const viewer = await parts.authenticate(request.headers.authorization);
        extra.forgetCredentials = parts.atCredentialsEnd(viewer, () => {
          end.close(forbidden);
        });
        return true;
      } catch {
        return false;
      }
    },
    onSubscribe: async ({ extra: { request, end, operations } }, id, payload) => {
      end.begin(id);
      operations.begin(id, payload);
      const exchange = new Exchange(request, new ServerResponse(request), {
        log: parts.log,
        addressOf: parts.addressOf,
        headers: [],
      });
      const operation = new OperationRequest(exchange, payload);
      const answer = await parts.run(operation);
      if (operations.isReplaced(id, payload)) {
        if ('stream' in answer) answer.stream.leave();
        return never();
      }
      if ('stream' in answer) {
        end.finish(id);
        const results = new SocketResults(answer.stream, end);
        return { document: ofEvents, schema: notUsed, contextValue: results };
      }
      if (!('json' in answer)) throw new Error('Expected a single response, or events.');
      const result = socketResultOf(answer.json);
      if (!answer.hasData && result.errors) {
        operations.finish(id, payload);
        return result.errors;
      }
      return { document: ofOneAnswer, schema: notUsed, contextValue: result };
    },
    subscribe: ({ contextValue }) => contextValue as SocketResults,
    execute: ({ contextValue }) => contextValue as object,
    onNext: ({ extra: { operations } }, id, payload) => {
      return operations.isReplaced(id, payload) ? never() : undefined;
    },
    onComplete: ({ extra: { end, operations } }, id, payload) => {
      if (operations.isReplaced(id, payload)) return never();
      operations.finish(id, payload);
      end.finish(id);
      return undefined;
    },
    onError: ({ extra: { end, operations } }, id, payload, errors) => {
      if (operations.isReplaced(id, payload)) return never();
      end.finish(id);
      const [{ originalError } = {} as GraphQLError] = errors;
      if (!(originalError instanceof EndedWithErrors)) return undefined;
      return originalError.errors.map((error) => error.toJSON());
    },
  });
}

/** The library asks a document only for the kind of its operation. */
const ofEvents = parse('subscription { events }');
const ofOneAnswer = parse('{ answer }');
const notUsed = undefined as never;

/** What the library waits for where nothing more may happen. A new one each time: what waits for it is then forgotten. */
function never(): Promise<never> {
  return new Promise(() => undefined);
}

function attach(
  protocol: Protocol,
  socket: WebSocket,
  request: IncomingMessage,
  { log }: WebSocketsDependencies,
): void {
  socket.on('error', (error) => {
    log.info({ reason: error.message }, 'a WebSocket failed');
    socket.terminate();
  });
  // They repeat the headers, and are not read.
  request.rawHeaders = [];
  const extra: Extra = {
    request,
    end: new SocketEnd(socket),
    operations: new SocketOperations(),
    forgetCredentials: undefined,
  };
  const closed = protocol.opened(
    {
      protocol: socket.protocol,
      send: (text) => sendPaced(socket, text),
      close: (code, reason) => {
        socket.close(code, reason);
      },
      onMessage: (handle) => {
        socket.on('message', (data) => {
          handle((data as Buffer).toString()).catch((error: unknown) => {
            log.error({ err: error }, 'a message of a WebSocket could not be handled');
            socket.close(CloseCode.InternalServerError, 'Internal server error');
          });
        });
      },
    },
    extra,
  );
  socket.on('close', (code, reason) => {
    extra.forgetCredentials?.();
    void closed(code, reason.toString());
  });
}
