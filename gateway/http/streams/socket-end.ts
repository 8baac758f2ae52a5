import type { WebSocket } from 'ws';

/** How long a socket that shall close may finish what it is answering. */
const waitMs = 5_000;

/**
 * Closes a WebSocket when it has answered the operations that began before: the one that ends the session may have come
 * over it, and its client would send it again.
 */
export class SocketEnd {
  private readonly socket: WebSocket;
  private readonly answering = new Set<string>();
  private code: number | undefined;

  constructor(socket: WebSocket) {
    this.socket = socket;
  }

  /** Closes the socket with this code, as soon as nothing is being answered. */
  close(code: number): void {
    if (this.code !== undefined) return;
    this.code = code;
    if (this.answering.size === 0) this.closeNow();
    else
      setTimeout(() => {
        this.closeNow();
      }, waitMs).unref();
  }

  /** An operation has begun that has one response. */
  begin(id: string): void {
    this.answering.add(id);
  }

  /** The last message of an operation is about to be sent. */
  finish(id: string): void {
    if (!this.answering.delete(id) || this.answering.size > 0) return;
    setImmediate(() => {
      if (this.code !== undefined && this.answering.size === 0) this.closeNow();
    });
  }

  private closeNow(): void {
    this.socket.close(this.code);
  }
}
