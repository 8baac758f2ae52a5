import { buildConnector, Client } from 'undici';
import type { Clock } from '../../common/clock.ts';
import { type CallOnConnection, Connection, type ConnectionOwner } from './connection.ts';
import { readOnAfterContinue } from './interim-replies.ts';
import type { Pipelining } from './pipelining.ts';
import { TurnWrites } from './turn-writes.ts';

/** A call that waits for a connection. */
export interface PlacedCall extends CallOnConnection {
  sendOn(connection: Connection, now: number): void;
}

/** How long a call stands behind others before it is asked again elsewhere, and how often that is looked at. */
const patienceMs = 50;
const lookMs = 20;

/**
 * The connections to one origin. A call gets a place behind others where `Pipelining` allows it, else an idle or a new
 * connection, else it waits, first come, first served; `limitInFlight` in front bounds how many do. Few connections
 * are kept busy rather than many: the one used last is filled first.
 */
export class Connections implements ConnectionOwner {
  readonly pipelining: Pipelining;
  private readonly origin: string;
  private readonly max: number;
  private readonly clock: Clock;
  // One for all, since it keeps the TLS sessions.
  private readonly connect = buildConnector({});
  private readonly all = new Set<Connection>();
  private readonly idle: Connection[] = [];
  private readonly emptied: Connection[] = [];
  private readonly waiting = new Set<PlacedCall>();
  /** The connection that calls are put on, one behind the other. */
  private filling: Connection | undefined;
  private lookout: NodeJS.Timeout | undefined;
  private lookAt = 0;
  private isSettling = false;
  private closed: Promise<void> | undefined;
  private readonly closing: Promise<void>[] = [];
  private onDrained: (() => void) | undefined;

  constructor(origin: string, max: number, pipelining: Pipelining, clock: Clock) {
    this.origin = origin;
    this.max = max;
    this.pipelining = pipelining;
    this.clock = clock;
  }

  get isClosing(): boolean {
    return this.closed !== undefined;
  }

  /** Sends a call now, or when a connection can take it. */
  place(call: PlacedCall, now: number): void {
    const connection = this.waiting.size === 0 ? this.connectionFor(call, now) : undefined;
    if (connection) call.sendOn(connection, now);
    else this.waiting.add(call);
  }

  /** Forgets a call that waits. */
  forget(call: PlacedCall): void {
    this.waiting.delete(call);
  }

  /** Ends when all calls have been answered and the connections are closed. */
  close(): Promise<void> {
    this.closed ??= new Promise<void>((resolve) => {
      this.onDrained = resolve;
      this.settleSoon();
    }).then(async () => {
      await Promise.all(this.closing);
    });
    return this.closed;
  }

  onEmpty(connection: Connection): void {
    this.emptied.push(connection);
    this.settleSoon();
  }

  onGone(connection: Connection): void {
    this.all.delete(connection);
    const at = this.idle.indexOf(connection);
    if (at >= 0) this.idle.splice(at, 1);
    if (this.filling === connection) this.filling = undefined;
    this.settleSoon();
  }

  private connectionFor(call: PlacedCall, now: number): Connection | undefined {
    const mayFollow = !call.isAlone && this.pipelining.isOn(now);
    const { filling } = this;
    if (mayFollow && filling && this.canFollowOn(filling, now)) return this.behind(filling, now);
    const free = this.idle.pop() ?? (this.all.size < this.max ? this.open() : undefined);
    if (free) {
      if (!call.isAlone) this.filling = free;
      return free;
    }
    if (!mayFollow) return undefined;
    for (const each of this.all) if (this.canFollowOn(each, now)) return this.behind(each, now);
    return undefined;
  }

  private canFollowOn({ first, size }: Connection, now: number): boolean {
    if (first === undefined || first.isAlone || size >= this.pipelining.depth) return false;
    if (this.pipelining.isFresh(first.askedAt, now)) return true;
    this.pipelining.onTime(now - first.askedAt, now);
    return false;
  }

  private behind(connection: Connection, now: number): Connection {
    this.pipelining.earn();
    if (this.lookout === undefined) this.lookIn(now);
    return connection;
  }

  private open(): Connection {
    // Undici's own timeouts stay off: each call has one deadline for connecting, headers and body together.
    const client = new Client(this.origin, {
      connect: (options, done) => {
        this.connect(options, (error, socket) => {
          if (!socket) {
            done(error, null);
            return;
          }
          connection.writes = new TurnWrites(socket);
          client.once('connect', () => readOnAfterContinue(socket));
          done(null, socket);
        });
      },
      pipelining: this.pipelining.depth,
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    const connection: Connection = new Connection(client, this);
    this.all.add(connection);
    return connection;
  }

  /** Gives calls that have stood behind others for too long a connection of their own, as long as there are any. */
  private readonly look = (): void => {
    const now = this.clock.now();
    // When this process was busy for a while, the answers may be there already, and are read next.
    if (now - this.lookAt > lookMs) {
      this.lookIn(now);
      // But only once: a process that is always busy looks all the same.
      this.lookAt = Number.POSITIVE_INFINITY;
      return;
    }
    let isNeeded = false;
    for (const connection of [...this.all]) {
      if (connection.size < 2) continue;
      isNeeded = true;
      for (const call of connection.behindSince(now - patienceMs)) {
        this.pipelining.onHurt(now);
        const hasRoom = this.idle.length > 0 || this.all.size < this.max;
        if (hasRoom && this.waiting.size === 0 && this.pipelining.spend()) call.askAgain();
      }
    }
    this.lookout = undefined;
    if (isNeeded) this.lookIn(now);
  };

  private lookIn(now: number): void {
    this.lookAt = now + lookMs;
    this.lookout = setTimeout(this.look, lookMs);
  }

  private settleSoon(): void {
    if (this.isSettling) return;
    this.isSettling = true;
    // Not at once: what undici still reads in the callback that emptied a connection belongs to no call.
    queueMicrotask(this.settle);
  }

  private readonly settle = (): void => {
    this.isSettling = false;
    for (const connection of this.emptied) if (connection.isOpen) this.idle.push(connection);
    this.emptied.length = 0;
    if (this.waiting.size > 0) this.placeWaiting();
    if (this.onDrained) this.closeWhatIsDone(this.onDrained);
  };

  private placeWaiting(): void {
    const now = this.clock.now();
    for (const call of this.waiting) {
      const connection = this.connectionFor(call, now);
      if (!connection) return;
      this.waiting.delete(call);
      call.sendOn(connection, now);
    }
  }

  private closeWhatIsDone(onDrained: () => void): void {
    if (this.waiting.size > 0) return;
    for (const connection of [...this.all]) {
      if (!connection.isWaitedFor) this.closing.push(connection.destroy());
    }
    if (this.all.size === 0) onDrained();
  }
}
