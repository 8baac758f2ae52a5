import type { Server } from 'node:http';
import type { Socket } from 'node:net';

const lookEveryMsMax = 1_000;

/** Bytes that have to be gone by a time. */
interface Due {
  readonly bytes: number;
  readonly byMs: number;
}

/**
 * Cuts off clients that do not take what was sent to them: what a connection holds for its client must be gone within
 * `sendTimeoutMs`, or the connection is destroyed, at most a second later. Byte by byte is no way round it.
 */
export function cutOffSlowReaders(server: Server, sendTimeoutMs: number): void {
  const connections = new Set<Socket>();
  const due = new Map<Socket, Due>();
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => {
      connections.delete(socket);
      due.delete(socket);
    });
  });
  const look = setInterval(
    () => {
      const now = performance.now();
      for (const socket of connections) {
        const { writableLength: waiting, bytesWritten } = socket;
        const earlier = due.get(socket);
        if (waiting === 0) {
          if (earlier) due.delete(socket);
        } else if (!earlier || bytesWritten - waiting >= earlier.bytes) {
          due.set(socket, { bytes: bytesWritten, byMs: now + sendTimeoutMs });
        } else if (now >= earlier.byMs) {
          socket.destroy();
        }
      }
    },
    Math.min(lookEveryMsMax, sendTimeoutMs),
  ).unref();
  server.once('close', () => {
    clearInterval(look);
  });
}
