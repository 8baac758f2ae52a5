import type { Client, Dispatcher } from 'undici';
import type { BatchedWrites } from './batched-writes.ts';

/** What a connection needs to know about a call. */
export interface CallOnConnection extends Dispatcher.DispatchHandler {
  /** Whether it needs a connection of its own: a mutation, or a query that is sent again. */
  readonly isExclusive: boolean;
  /** Whether the call has ended, so that its response is no longer needed. */
  readonly isOver: boolean;
  /** Whether it was written to the connection. */
  readonly wasSent: boolean;
  /** Milliseconds since the Unix epoch. */
  readonly sentAt: number;
  /** Sends the call again on a connection of its own. */
  resend(): void;
}

/** Owns connections, and is notified of their changes. */
export interface ConnectionOwner {
  /** Undici has finished the last call, but may still be inside the callback that reported it. */
  onEmpty(connection: Connection): void;
  onGone(connection: Connection): void;
}

/**
 * One connection and its calls, in the order of their responses. When it closes, the calls behind the one being
 * answered are sent again elsewhere.
 */
export class Connection {
  /** Set once the connection is open. */
  writes: BatchedWrites | undefined;
  private readonly client: Client;
  private readonly owner: ConnectionOwner;
  private readonly calls: CallOnConnection[] = [];
  /** How many of the calls have not ended. */
  private pendingCount = 0;
  private isGone = false;

  constructor(client: Client, owner: ConnectionOwner) {
    this.client = client;
    this.owner = owner;
    const close = (): void => void this.destroy();
    client.on('disconnect', close).on('connectionError', close);
  }

  /** The number of calls, including ended ones whose response is still to come. */
  get size(): number {
    return this.calls.length;
  }

  get isOpen(): boolean {
    return !this.isGone;
  }

  /** The call whose response comes next. */
  get first(): CallOnConnection | undefined {
    return this.calls[0];
  }

  get hasPendingCalls(): boolean {
    return this.pendingCount > 0;
  }

  /** `isShared` means that more calls may follow now; the write is then batched until the end of the turn. */
  send(call: CallOnConnection, request: Dispatcher.DispatchOptions, isShared: boolean): void {
    this.calls.push(call);
    this.pendingCount += 1;
    const dispatch = (): void => void this.client.dispatch(request, call);
    if (this.writes && isShared) this.writes.batch(dispatch);
    else dispatch();
  }

  /** Undici has finished a call. */
  end(call: CallOnConnection): void {
    const { calls } = this;
    if (calls[0] === call) calls.shift();
    else {
      const at = calls.indexOf(call);
      if (at === -1) return;
      calls.splice(at, 1);
    }
    if (!call.isOver) this.pendingCount -= 1;
    if (calls.length === 0 && !this.isGone) this.owner.onEmpty(this);
  }

  /** A call has ended early: its response is dropped, or the connection is closed when no other call needs it. */
  drop(): void {
    this.pendingCount -= 1;
    // While it is still connecting nothing can hang: undici gives up by itself, and connections stay counted.
    if (this.pendingCount === 0 && this.calls[0]?.wasSent) void this.destroy();
  }

  /** The calls that were sent, and have waited behind another one since `time` or longer. */
  *waitingSince(time: number): Iterable<CallOnConnection> {
    if (!this.calls[0]?.wasSent) return;
    for (const call of this.calls.slice(1)) {
      if (!call.isOver && call.wasSent && call.sentAt <= time) yield call;
    }
  }

  /** Closes the connection, whatever is on it. Resolves when it is closed. */
  async destroy(): Promise<void> {
    if (this.isGone) return;
    this.isGone = true;
    this.owner.onGone(this);
    // Move the calls first, so that undici's later events for the old connection are ignored.
    for (const call of this.calls.splice(0)) if (!call.isOver) call.resend();
    await this.client.destroy(connectionClosed);
  }
}

/** The error for undici when a connection is closed; it is never shown. */
const connectionClosed = new Error('The connection is over.');
