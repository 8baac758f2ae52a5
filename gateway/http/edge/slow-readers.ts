import type { Server } from 'node:http';
import type { Socket } from 'node:net';

const lookEveryMsMax = 1_000;

/** Bytes that must have been received by a time. */
interface Due {
  readonly bytes: number;
  readonly byMs: number;
}

/**
 * Disconnects clients that do not read what was sent to them: what a connection buffers for its client must be gone
 * within `sendTimeoutMs`, or the connection is destroyed at most a second later. Reading byte by byte does not extend
 * the time.
 */
export function cutOffSlowReaders(server: Server, sendTimeoutMs: number): void {
  const connections = new Set<Socket>();
  const due = new Map<Socket, Due>();
  // One function for all connections: many are open, and most of them are quiet.
  const forget = function (this: Socket): void {
    connections.delete(this);
    due.delete(this);
  };
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.on('close', forget);
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
