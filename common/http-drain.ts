import { type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from './logger.ts';

/** How long each phase of stopping takes. */
export interface DrainTimes {
  /** The server still listens, while load balancers learn from `/readyz` to send requests elsewhere. */
  readonly delayMs: number;
  /** How long requests in flight may then take before they are cut off. */
  readonly timeoutMs: number;
}

/** Stops an HTTP server in an order in which no request has to fail. */
export interface HttpDrain {
  /** The class for the server's responses; while draining, it closes each connection after its last response. */
  readonly Response: typeof ServerResponse;
  /** Tracks the connections of a server that does not listen yet; logs connections that cannot be accepted. */
  track(server: Server): void;
  /** True from the start of `run`, for the readiness check. */
  readonly isDraining: boolean;
  /** Runs the phases: the delay, closing idle connections and the listener (`close`), then requests in flight. */
  run(close: () => Promise<unknown>, times: DrainTimes): Promise<void>;
  /** Descriptions of the requests and connections that `run` waits for. */
  waitsFor(): readonly string[];
}

/** What is known about a connection. */
interface Connection {
  /** Its latest request, until the response head is written. */
  latest: ServerResponse | undefined;
  latestSince: number;
  hasSentRequest: boolean;
}

const checkEveryMs = 50;

/** How long a connection that never sends a request is waited for. */
const silenceMs = 500;

/** The most requests that are described one by one. */
const describedMax = 5;
const pathMaxChars = 100;

/** Creates the drain of one server. Logs what was in flight when it was cut off. */
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
      connection.hasSentRequest = true;
    }

    /** Only the last of several requests on a connection may close it; an earlier one would cut off the others. */
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
      ...requests.slice(0, describedMax),
      ...(requests.length > describedMax
        ? [`${requests.length - describedMax} more requests`]
        : []),
      ...(others > 0 ? [others === 1 ? 'a connection' : `${others} connections`] : []),
    ];
  };

  return {
    Response: DrainedResponse as typeof ServerResponse,
    track(followed) {
      server = followed;
      // Such as too many open files: without a listener, the error would end the process. Errors while starting to
      // listen are reported elsewhere.
      server.on('error', (error) => {
        if (followed.listening) log.error({ err: error }, 'a connection could not be accepted');
      });
      // One function for all connections: many are open, and most of them are quiet.
      const forget = function (this: Socket): void {
        connections.delete(this);
      };
      server.on('connection', (socket) => {
        connections.set(socket, { latest: undefined, latestSince: 0, hasSentRequest: false });
        socket.on('close', forget);
      });
    },
    get isDraining() {
      return isDraining;
    },
    async run(close, { delayMs, timeoutMs }) {
      isDraining = true;
      if (delayMs > 0) await pause(delayMs);
      const closesAt = performance.now();
      // Node waits until keep-alive connections end: close each as soon as it is idle.
      const closeIdle = (): void => {
        server?.closeIdleConnections();
        if (performance.now() - closesAt < silenceMs) return;
        // Node does not consider these idle, because they are about to send a request.
        for (const [socket, { hasSentRequest }] of connections) {
          if (!hasSentRequest && socket.bytesRead === 0) socket.destroy();
        }
      };
      closeIdle();
      const checking = setInterval(closeIdle, checkEveryMs);
      const deadline = setTimeout(() => {
        log.warn(
          { deadlineMs: timeoutMs, waitedFor: waitsFor() },
          'requests in flight are cut off',
        );
        server?.closeAllConnections();
      }, timeoutMs);
      try {
        await close();
      } finally {
        clearInterval(checking);
        clearTimeout(deadline);
      }
    },
    waitsFor,
  };
}

/** Without the query string, which may contain a whole operation. */
function describe({ req }: ServerResponse, elapsedMs: number): string {
  const { method = '', url = '' } = req;
  const [path = ''] = url.slice(0, pathMaxChars).split('?', 1);
  return `${method} ${path} for ${(elapsedMs / 1_000).toFixed(1)} s`;
}
