import type { Duplex } from 'node:stream';

/**
 * Writes to a socket in one piece what one turn of the event loop brings for it: a system call costs more than what it
 * sends. Nothing waits for longer than the turn.
 */
export class TurnWrites {
  private readonly socket: Pick<Duplex, 'cork' | 'uncork'>;
  private isHeld = false;

  constructor(socket: Pick<Duplex, 'cork' | 'uncork'>) {
    this.socket = socket;
  }

  /** Calls `write`, now. What it writes, or has written by the end of the turn, goes out then, with all else. */
  gather(write: () => void): void {
    if (this.isHeld) {
      write();
      return;
    }
    this.isHeld = true;
    this.socket.cork();
    write();
    // After whatever `write` has put off in the same way, as undici does on a connection that was idle.
    setImmediate(this.release);
  }

  private readonly release = (): void => {
    this.isHeld = false;
    this.socket.uncork();
  };
}
