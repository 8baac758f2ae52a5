import type { Client, Dispatcher } from 'undici';
import type { TurnWrites } from './turn-writes.ts';

/** A call as its connection sees it. */
export interface CallOnConnection extends Dispatcher.DispatchHandler {
  /** Whether it must have a connection to itself: a mutation, or a query that is asked again. */
  readonly isAlone: boolean;
  /** Whether anybody still waits for it. */
  readonly isOver: boolean;
  /** Whether it has been written to the connection. */
  readonly wasSent: boolean;
  /** Milliseconds since the Unix epoch. */
  readonly askedAt: number;
  /** Asks again on a connection of its own. */
  askAgain(): void;
}

/** Who has connections, and is told what becomes of them. */
export interface ConnectionOwner {
  /** Undici has done with the last call, but may not yet have left the callback that said so. */
  onEmpty(connection: Connection): void;
  onGone(connection: Connection): void;
}

/**
 * One connection from its first call until it closes, and the calls on it in the order in which they are answered. When
 * it closes, calls that stood behind the one being answered are asked again.
 */
export class Connection {
  /** Once it is open. */
  writes: TurnWrites | undefined;
  private readonly client: Client;
  private readonly owner: ConnectionOwner;
  private readonly calls: CallOnConnection[] = [];
  /** How many of the calls are not over. */
  private waitedFor = 0;
  private isGone = false;

  constructor(client: Client, owner: ConnectionOwner) {
    this.client = client;
    this.owner = owner;
    const close = (): void => void this.destroy();
    client.on('disconnect', close).on('connectionError', close);
  }

  /** How many calls it has, with those whose answer nobody waits for. */
  get size(): number {
    return this.calls.length;
  }

  get isOpen(): boolean {
    return !this.isGone;
  }

  /** The call whose turn it is. */
  get first(): CallOnConnection | undefined {
    return this.calls[0];
  }

  get isWaitedFor(): boolean {
    return this.waitedFor > 0;
  }

  /** `isShared` says that others may follow it, now: then it waits for them until the end of the turn. */
  send(call: CallOnConnection, request: Dispatcher.DispatchOptions, isShared: boolean): void {
    this.calls.push(call);
    this.waitedFor += 1;
    const dispatch = (): void => void this.client.dispatch(request, call);
    if (this.writes && isShared) this.writes.gather(dispatch);
    else dispatch();
  }

  /** Undici has done with a call. */
  end(call: CallOnConnection): void {
    const { calls } = this;
    if (calls[0] === call) calls.shift();
    else {
      const at = calls.indexOf(call);
      if (at === -1) return;
      calls.splice(at, 1);
    }
    if (!call.isOver) this.waitedFor -= 1;
    if (calls.length === 0 && !this.isGone) this.owner.onEmpty(this);
  }

  /** Nobody waits for a call any longer: its answer is dropped, or all of the connection when no other call needs it. */
  drop(): void {
    this.waitedFor -= 1;
    // While it connects nothing hangs yet: undici gives up by itself, and connections stay counted.
    if (this.waitedFor === 0 && this.calls[0]?.wasSent) void this.destroy();
  }

  /** Calls that were sent and stand behind another one since this time or longer. */
  *behindSince(time: number): Iterable<CallOnConnection> {
    if (!this.calls[0]?.wasSent) return;
    for (const call of this.calls.slice(1)) {
      if (!call.isOver && call.wasSent && call.askedAt <= time) yield call;
    }
  }

  /** Closes it, whatever is on it. Ends when it is closed. */
  async destroy(): Promise<void> {
    if (this.isGone) return;
    this.isGone = true;
    this.owner.onGone(this);
    // They move on first, so that what undici then tells about the old connection is not heard.
    for (const call of this.calls.splice(0)) if (!call.isOver) call.askAgain();
    await this.client.destroy(closed);
  }
}

/** What undici is told when a connection is over; nobody reads it. */
const closed = new Error('The connection is over.');
