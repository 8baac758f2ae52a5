import { buildConnector, Client } from 'undici';
import type { Clock } from '../../common/clock.ts';
import { BatchedWrites } from './batched-writes.ts';
import { type CallOnConnection, Connection, type ConnectionOwner } from './connection.ts';
import { skipContinueResponse } from './interim-responses.ts';
import type { Pipelining } from './pipelining.ts';

/** A call that can be placed on a connection. */
export interface PlacedCall extends CallOnConnection {
  sendOn(connection: Connection, now: number): void;
}

/** How long a call may wait behind others before it is sent again elsewhere, and how often that is checked. */
const maxBehindMs = 50;
const checkIntervalMs = 20;

/**
 * The connections to one origin. A call is pipelined behind others when `Pipelining` allows it. Otherwise it gets an
 * idle or a new connection, or waits, first come, first served; `limitInFlight` bounds how many calls wait. A few busy
 * connections are better than many: the one used last is filled first.
 */
export class Connections implements ConnectionOwner {
  readonly pipelining: Pipelining;
  private readonly origin: string;
  private readonly max: number;
  private readonly clock: Clock;
  // Shared by all connections, because it caches the TLS sessions.
  private readonly connect = buildConnector({});
  private readonly all = new Set<Connection>();
  private readonly idle: Connection[] = [];
  private readonly emptied: Connection[] = [];
  private readonly waiting = new Set<PlacedCall>();
  /** The connection on which calls are currently pipelined. */
  private filling: Connection | undefined;
  private checkTimer: NodeJS.Timeout | undefined;
  private checkAt = 0;
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

  /** Sends a call now, or as soon as a connection is free. */
  place(call: PlacedCall, now: number): void {
    const connection = this.waiting.size === 0 ? this.connectionFor(call, now) : undefined;
    if (connection) call.sendOn(connection, now);
    else this.waiting.add(call);
  }

  /** Removes a waiting call. */
  forget(call: PlacedCall): void {
    this.waiting.delete(call);
  }

  /** Resolves when all calls have ended and all connections are closed. */
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
    const mayFollow = !call.isExclusive && this.pipelining.isOn(now);
    const { filling } = this;
    if (mayFollow && filling && this.canFollowOn(filling, now)) return this.behind(filling, now);
    const free = this.idle.pop() ?? (this.all.size < this.max ? this.open() : undefined);
    if (free) {
      if (!call.isExclusive) this.filling = free;
      return free;
    }
    if (!mayFollow) return undefined;
    for (const each of this.all) if (this.canFollowOn(each, now)) return this.behind(each, now);
    return undefined;
  }

  private canFollowOn({ first, size }: Connection, now: number): boolean {
    if (first === undefined || first.isExclusive || size >= this.pipelining.depth) return false;
    if (this.pipelining.isFresh(first.sentAt, now)) return true;
    this.pipelining.onDuration(now - first.sentAt, now);
    return false;
  }

  private behind(connection: Connection, now: number): Connection {
    this.pipelining.earnResend();
    if (this.checkTimer === undefined) this.scheduleCheck(now);
    return connection;
  }

  private open(): Connection {
    // Undici's own timeouts are off: each call has one deadline for connecting, headers and body together.
    const client = new Client(this.origin, {
      connect: (options, done) => {
        this.connect(options, (error, socket) => {
          if (!socket) {
            done(error, null);
            return;
          }
          connection.writes = new BatchedWrites(socket);
          client.once('connect', () => skipContinueResponse(socket));
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

  /** Moves calls that have waited behind others for too long to connections of their own, as far as there are any. */
  private readonly check = (): void => {
    const now = this.clock.now();
    // The process was busy for a while; responses may have arrived already and are read next.
    if (now - this.checkAt > checkIntervalMs) {
      this.scheduleCheck(now);
      // But only once: a process that is always busy must still check.
      this.checkAt = Number.POSITIVE_INFINITY;
      return;
    }
    let isNeeded = false;
    for (const connection of [...this.all]) {
      if (connection.size < 2) continue;
      isNeeded = true;
      for (const call of connection.waitingSince(now - maxBehindMs)) {
        this.pipelining.onDisruption(now);
        const hasRoom = this.idle.length > 0 || this.all.size < this.max;
        if (hasRoom && this.waiting.size === 0 && this.pipelining.spendResend()) call.resend();
      }
    }
    this.checkTimer = undefined;
    if (isNeeded) this.scheduleCheck(now);
  };

  private scheduleCheck(now: number): void {
    this.checkAt = now + checkIntervalMs;
    this.checkTimer = setTimeout(this.check, checkIntervalMs);
  }

  private settleSoon(): void {
    if (this.isSettling) return;
    this.isSettling = true;
    // Not immediately: what undici still reads in the callback that emptied a connection belongs to no call.
    queueMicrotask(this.settle);
  }

  private readonly settle = (): void => {
    this.isSettling = false;
    for (const connection of this.emptied) if (connection.isOpen) this.idle.push(connection);
    this.emptied.length = 0;
    if (this.waiting.size > 0) this.placeWaiting();
    if (this.onDrained) this.closeFinished(this.onDrained);
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

  private closeFinished(onDrained: () => void): void {
    if (this.waiting.size > 0) return;
    for (const connection of [...this.all]) {
      if (!connection.hasPendingCalls) this.closing.push(connection.destroy());
    }
    if (this.all.size === 0) onDrained();
  }
}
