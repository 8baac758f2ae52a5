import { setImmediate as turn } from 'node:timers/promises';
import type { WebSocket } from 'ws';

/** How many sockets are pinged before others get their turn. */
const atOnce = 100;

/** Pings all WebSockets of a server, and cuts off those that do not answer until the next time. */
export class SocketPings {
  private readonly sockets: ReadonlySet<WebSocket>;
  private readonly unanswered = new Set<WebSocket>();
  private readonly timer: NodeJS.Timeout;
  private readonly onPong: (this: WebSocket) => void;
  private readonly onClose: (this: WebSocket) => void;

  /** `sockets` are those that are open at a time. One timer and one listener for all: many are open, and quiet. */
  constructor(sockets: ReadonlySet<WebSocket>, everyMs: number) {
    const { unanswered } = this;
    const forget = function (this: WebSocket): void {
      unanswered.delete(this);
    };
    this.sockets = sockets;
    this.onPong = forget;
    this.onClose = forget;
    this.timer = setInterval(() => {
      this.pingAll().catch(() => undefined);
    }, everyMs).unref();
  }

  /** Awaits the answers of a socket. */
  add(socket: WebSocket): void {
    socket.on('pong', this.onPong).on('close', this.onClose);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async pingAll(): Promise<void> {
    let pinged = 0;
    for (const socket of [...this.sockets]) {
      if (socket.readyState !== socket.OPEN) continue;
      if (this.unanswered.has(socket)) socket.terminate();
      else {
        this.unanswered.add(socket);
        socket.ping();
      }
      pinged += 1;
      if (pinged % atOnce === 0) await turn();
    }
  }
}
