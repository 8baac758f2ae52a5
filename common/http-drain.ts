import { type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from './logger.ts';

/** How long each part of stopping takes. */
export interface DrainTimes {
  /** Still listening, while whoever sends requests learns from `/readyz` to send them elsewhere. */
  readonly delayMs: number;
  /** For what is in flight after that, until it is cut off. */
  readonly timeoutMs: number;
}

/** The end of an HTTP server, in an order in which no request need fail. */
export interface HttpDrain {
  /** The class of the server's responses: while it drains, each says that its connection closes. */
  readonly Response: typeof ServerResponse;
  /** Follows the connections of a server that does not listen yet; one that it cannot take is logged. */
  follow(server: Server): void;
  /** True from the beginning of `run`, for readiness to tell. */
  readonly isDraining: boolean;
  /** Goes through the parts: the delay, the end of what is idle and of listening (`close`), what is in flight. */
  run(close: () => Promise<unknown>, times: DrainTimes): Promise<void>;
  /** The requests and connections that `run` waits for, in words. */
  waitsFor(): readonly string[];
}

/** What is known of a connection. */
interface Connection {
  /** Its latest request, until the head of the answer is written. */
  latest: ServerResponse | undefined;
  latestSince: number;
  hasAsked: boolean;
}

const lookEveryMs = 50;

/** A client that has connected ahead of need and sends nothing is waited for this long. */
const silenceMs = 500;

/** The most requests that are told one by one. */
const toldMax = 5;
const pathMaxChars = 100;

/** Prepares the end of one server. The log says what was in flight when it was cut off. */
export function createHttpDrain(log: Logger): HttpDrain {
  const connections = new Map<Socket, Connection>();
  let server: Server | undefined;
  let isDraining = false;

  class DrainedResponse extends ServerResponse {
    constructor(...args: ConstructorParameters<typeof ServerResponse>) {
      // eslint-disable-next-line no-restricted-syntax -- the arguments of one call, passed on
      super(...args);
      const connection = connections.get(args[0].socket);
      if (!connection) return;
      connection.latest = this;
      connection.latestSince = performance.now();
      connection.hasAsked = true;
    }

    /** Only the last of several requests on a connection may close it: those before would take it from the others. */
    override writeHead(...args: unknown[]): this {
      const connection = connections.get(this.req.socket);
      if (connection?.latest === this) {
        connection.latest = undefined;
        if (isDraining) this.shouldKeepAlive = false;
      }
      // eslint-disable-next-line no-restricted-syntax -- the arguments of one call, passed on
      return super.writeHead(...(args as [number]));
    }
  }

  const waitsFor = (): readonly string[] => {
    const waiting = [...connections.values()];
    const requests = waiting.flatMap(({ latest, latestSince }) =>
      latest ? [describe(latest, performance.now() - latestSince)] : [],
    );
    const others = waiting.length - requests.length;
    return [
      ...requests.slice(0, toldMax),
      ...(requests.length > toldMax ? [`${requests.length - toldMax} more requests`] : []),
      ...(others > 0 ? [others === 1 ? 'a connection' : `${others} connections`] : []),
    ];
  };

  return {
    Response: DrainedResponse as typeof ServerResponse,
    follow(followed) {
      server = followed;
      // Such as too many open files: without a listener it would end the process. Why it does not listen is told there.
      server.on('error', (error) => {
        if (followed.listening) log.error({ err: error }, 'a connection could not be taken');
      });
      server.on('connection', (socket) => {
        connections.set(socket, { latest: undefined, latestSince: 0, hasAsked: false });
        socket.once('close', () => connections.delete(socket));
      });
    },
    get isDraining() {
      return isDraining;
    },
    async run(close, { delayMs, timeoutMs }) {
      isDraining = true;
      if (delayMs > 0) await pause(delayMs);
      const closesAt = performance.now();
      // Node waits for keep-alive connections to end by themselves: each is closed as soon as it is idle.
      const closeIdle = (): void => {
        server?.closeIdleConnections();
        if (performance.now() - closesAt < silenceMs) return;
        // To Node these are not idle but about to send a request.
        for (const [socket, { hasAsked }] of connections) {
          if (!hasAsked && socket.bytesRead === 0) socket.destroy();
        }
      };
      closeIdle();
      const looking = setInterval(closeIdle, lookEveryMs);
      const deadline = setTimeout(() => {
        log.warn({ deadlineMs: timeoutMs, waitedFor: waitsFor() }, 'what was in flight is cut off');
        server?.closeAllConnections();
      }, timeoutMs);
      try {
        await close();
      } finally {
        clearInterval(looking);
        clearTimeout(deadline);
      }
    },
    waitsFor,
  };
}

/** Without the query string, which may hold a whole operation. */
function describe({ req }: ServerResponse, elapsedMs: number): string {
  const { method = '', url = '' } = req;
  const [path = ''] = url.slice(0, pathMaxChars).split('?', 1);
  return `${method} ${path} for ${(elapsedMs / 1_000).toFixed(1)} s`;
}
