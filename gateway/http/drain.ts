import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

const lookEveryMs = 50;

/** A client that has connected ahead of need and sends nothing is waited for this long. */
const silenceMs = 500;

/** Stops listening, answers what is in flight, and cuts off what is still there after the deadline. */
export type Drain = (deadlineMs: number) => Promise<void>;

/** Prepares a server for its end; called before it listens. */
export function prepareDrain(app: FastifyInstance): Drain {
  const silent = trackSilentConnections(app);
  return async (deadlineMs) => {
    const startedAt = performance.now();
    // Node waits for keep-alive connections to end by themselves: each is closed as soon as it is idle.
    const closing = setInterval(() => {
      app.server.closeIdleConnections();
      if (performance.now() - startedAt < silenceMs) return;
      // To Node these are not idle but about to send a request.
      for (const socket of silent) if (socket.bytesRead === 0) socket.destroy();
    }, lookEveryMs);
    const deadline = setTimeout(() => {
      app.log.warn({ deadlineMs }, 'requests in flight were cut off');
      app.server.closeAllConnections();
    }, deadlineMs);
    try {
      await app.close();
    } finally {
      clearInterval(closing);
      clearTimeout(deadline);
    }
  };
}

/** The connections on which no request has come yet. */
function trackSilentConnections({ server }: FastifyInstance): ReadonlySet<Socket> {
  const silent = new Set<Socket>();
  server.on('connection', (socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  server.on('request', ({ socket }) => silent.delete(socket));
  return silent;
}
