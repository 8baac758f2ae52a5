import type { WebSocket } from 'ws';

/** How many bytes may wait for a client before nothing more is read from it. */
const waitingMaxBytes = 1_048_576;

/**
 * Sends a text to a client, and resolves when it has gone, or the socket is closed. A client that asks and does not read
 * the answers would fill the memory: nothing more is read from it until it has taken what waits.
 */
export function sendPaced(socket: WebSocket, text: string): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState !== socket.OPEN) resolve();
    else
      pace(socket, (done) => {
        // A socket that fails is closed, which ends its operations.
        socket.send(text, () => {
          done();
          resolve();
        });
      });
  });
}

/** Answers the pings of a client (RFC 6455 §5.5.3), as it takes the answers. For servers without `autoPong`. */
export function answerPings(socket: WebSocket): void {
  socket.on('ping', onPing);
}

/** One listener for all: many sockets are open, and quiet. */
function onPing(this: WebSocket, data: Buffer): void {
  if (this.readyState !== this.OPEN) return;
  pace(this, (done) => {
    this.pong(data, false, done);
  });
}

function pace(socket: WebSocket, write: (done: () => void) => void): void {
  write(() => {
    if (socket.isPaused && socket.bufferedAmount <= waitingMaxBytes / 2) socket.resume();
  });
  if (socket.bufferedAmount > waitingMaxBytes) socket.pause();
}
