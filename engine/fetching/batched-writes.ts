import type { Duplex } from 'node:stream';

/**
 * Batches the writes to a socket in one turn of the event loop: a system call costs more than the data it sends. No
 * write waits longer than the turn.
 */
export class BatchedWrites {
  private readonly socket: Pick<Duplex, 'cork' | 'uncork'>;
  private isCorked = false;

  constructor(socket: Pick<Duplex, 'cork' | 'uncork'>) {
    this.socket = socket;
  }

  /** Calls `write` immediately. Everything written until the end of the turn is sent together. */
  batch(write: () => void): void {
    if (this.isCorked) {
      write();
      return;
    }
    this.isCorked = true;
    this.socket.cork();
    write();
    // Runs after what `write` itself deferred, as undici does on an idle connection.
    setImmediate(this.flush);
  }

  private readonly flush = (): void => {
    this.isCorked = false;
    this.socket.uncork();
  };
}
