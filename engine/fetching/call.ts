import { callIdHeader } from '../../common/call-headers.ts';
import type { Clock } from '../../common/clock.ts';
import { correlationHeader } from '../../common/correlation.ts';
import { messageWithFullStop } from '../../common/errors.ts';
import { BodyBytes } from './body-bytes.ts';
import type { Connection } from './connection.ts';
import type { Connections, PlacedCall } from './connections.ts';
import type { Expiring, ExpiryQueue } from './expiry-queue.ts';
import { SubgraphFailure } from './failure.ts';
import { ResponseHead } from './response-head.ts';
import type { Cancellable, SubgraphRequest, SubgraphResponse } from './types.ts';

/** The settings and connections that all calls to one subgraph share. */
export interface Target {
  readonly connections: Connections;
  readonly path: string;
  /** Basic credentials from the subgraph's address, for calls without an `authorization` header of their own. */
  readonly authorization: string | undefined;
  readonly maxBytes: number;
  readonly expiries: ExpiryQueue;
  readonly clock: Clock;
  /** Returns an id that is unique among all calls. */
  readonly nextId: () => number;
}

/** How a call reports its result. */
export interface Outcome {
  resolve(response: SubgraphResponse): void;
  reject(error: SubgraphFailure): void;
}

const baseHeaders: readonly string[] = [
  'content-type',
  'application/json',
  'accept',
  'application/graphql-response+json, application/json;q=0.9',
];

/** A call with less time left is not sent again: deadlines are checked only this often. */
const minResendMs = 20;

/**
 * One call to a subgraph: undici's dispatch handler, with its deadline and its cancellation in one object. It uses
 * undici's raw header lists, because only a few response headers are read. A resend is a new Call object, so late
 * events of the first one are ignored.
 */
export class Call implements PlacedCall, Cancellable, Expiring {
  readonly expiresAt: number;
  queueIndex = -1;
  readonly isExclusive: boolean;
  isOver = false;
  wasSent = false;
  sentAt = 0;
  private readonly request: SubgraphRequest;
  private readonly target: Target;
  private readonly timeoutMs: number;
  private readonly outcome: Outcome;
  /** Whether it was sent before, on another connection. */
  private readonly isResend: boolean;
  private id: string | undefined;
  private connection: Connection | undefined;
  /** Whether it was the only call on its connection when it was sent. */
  private wasAlone = false;
  private head: ResponseHead | undefined;
  private body: BodyBytes | undefined;

  /**
   * `startedAt` is when `timeoutMs` starts. `isResend` means that the call was sent before and now needs a connection
   * of its own.
   */
  constructor(
    request: SubgraphRequest,
    target: Target,
    startedAt: number,
    timeoutMs: number,
    outcome: Outcome,
    isResend = false,
  ) {
    this.request = request;
    this.target = target;
    this.timeoutMs = timeoutMs;
    this.expiresAt = startedAt + timeoutMs;
    this.outcome = outcome;
    this.isResend = isResend;
    this.isExclusive = isResend || request.operationKind !== 'query';
  }

  start(now: number): void {
    const { expiries, connections } = this.target;
    const { context, operationKind } = this.request;
    if (this.timeoutMs === 0) {
      this.fail(
        'SUBGRAPH_TIMEOUT',
        'was not called: the deadline of the request has passed.',
        true,
      );
      return;
    }
    if (connections.isClosing && !this.isResend) {
      this.fail('SUBGRAPH_ERROR', 'could not be called: the HTTP client is closed.', true);
      return;
    }
    expiries.add(this);
    // A started mutation continues after its client disconnects: half a change would be worse.
    if (operationKind === 'query') context.cancellation?.add(this);
    if (!this.isOver) connections.place(this, now);
  }

  sendOn(connection: Connection, now: number): void {
    const { path, connections } = this.target;
    this.connection = connection;
    this.sentAt = now;
    this.wasAlone = connection.size === 0;
    if (connections.pipelining.depth > 1) this.id = String(this.target.nextId());
    const request = {
      path,
      method: 'POST' as const,
      headers: this.headers(),
      body: this.request.body,
      // In undici's terms: whether it may be sent on a connection behind a call without a response yet.
      idempotent: !this.isExclusive,
      blocking: this.isExclusive,
    };
    connection.send(this, request, !this.isExclusive && connections.pipelining.isOn(now));
  }

  /** Called when the connection closes before the call's turn, or when the call waits too long behind others. */
  resend(): void {
    const { clock } = this.target;
    const now = clock.now();
    if (this.wasSent && this.isExclusive) {
      this.fail('SUBGRAPH_ERROR', 'could not be called: the connection was closed.');
    } else if (this.expiresAt - now <= minResendMs) this.expire();
    else {
      this.end();
      this.leave();
      const { request, target, timeoutMs, outcome } = this;
      const startedAt = this.expiresAt - timeoutMs;
      const isResend = this.isResend || this.wasSent;
      new Call(request, target, startedAt, timeoutMs, outcome, isResend).start(now);
    }
  }

  /** The client disconnected. */
  cancel(): void {
    this.fail('SUBGRAPH_ERROR', 'was cancelled: the client disconnected.');
  }

  /** The deadline passed. */
  expire(): void {
    const { connection } = this;
    const isItsTurn = this.wasSent && connection?.first === this;
    this.fail(
      'SUBGRAPH_TIMEOUT',
      `did not answer within ${this.timeoutMs} ms.`,
      !this.wasSent && !this.isResend,
    );
    if (isItsTurn) this.closeConnection(connection);
  }

  onConnect(): void {
    // Throw: aborting the call in undici's own way closes the connection.
    if (this.isOver) throw callEnded;
    this.wasSent = true;
  }

  onHeaders(status: number, rawHeaders: Buffer[]): boolean {
    if (status < 200 || this.isOver) return true;
    this.head = new ResponseHead(status, rawHeaders);
    if (this.id !== undefined && !this.isOwn(this.head)) {
      if (this.isExclusive) this.fail('SUBGRAPH_ERROR', 'answered a different call.');
      this.closeConnection(this.connection);
      return true;
    }
    const problem = this.head.problem(this.target.maxBytes, this.request.context.correlationId);
    if (problem === undefined) return true;
    const { connection } = this;
    this.fail('SUBGRAPH_ERROR', problem);
    // A response that names this call is only this call's problem: the calls behind it still get theirs.
    if (this.head.callId === undefined) this.closeConnection(connection);
    return true;
  }

  onData(chunk: Buffer): boolean {
    this.body ??= new BodyBytes(this.target.maxBytes);
    const problem = this.body.count(chunk);
    if (problem !== undefined) {
      const { connection } = this;
      this.fail('SUBGRAPH_ERROR', problem);
      this.closeConnection(connection);
    } else if (!this.isOver) this.body.add(chunk);
    return true;
  }

  onComplete(): void {
    this.noteTime();
    this.connection?.end(this);
    if (this.isOver) return;
    this.end();
    this.outcome.resolve({
      body: this.body?.toString() ?? '',
      cacheControl: this.head?.cacheControl,
    });
  }

  onError(error: Error): void {
    const { connections, clock } = this.target;
    this.connection?.end(this);
    if (this.isOver) return;
    if (this.wasSent) connections.pipelining.onDisruption(clock.now());
    this.connection = undefined;
    const neverStarted = !this.wasSent && !this.isResend;
    this.fail(
      'SUBGRAPH_ERROR',
      `could not be called: ${messageWithFullStop(error)}`,
      neverStarted,
      error,
    );
  }

  private headers(): string[] {
    const { context, headers } = this.request;
    const { correlationId } = context;
    const { authorization } = this.target;
    const own = [...baseHeaders];
    if (correlationId !== undefined) own.push(correlationHeader, correlationId);
    if (this.id !== undefined) own.push(callIdHeader, this.id);
    if (authorization !== undefined && !hasHeader(headers, 'authorization')) {
      own.push('authorization', authorization);
    }
    return own.concat(headers);
  }

  /**
   * Whether a response belongs to this call. When the subgraph does not name the call, only a call that was alone on
   * its connection can tell; otherwise it may be a surplus response to an earlier call.
   */
  private isOwn({ callId }: ResponseHead): boolean {
    this.target.connections.pipelining.onResponse(callId === this.id);
    return callId === this.id || (callId === undefined && this.wasAlone);
  }

  private fail(
    code: 'SUBGRAPH_ERROR' | 'SUBGRAPH_TIMEOUT',
    problem: string,
    neverStarted = false,
    cause?: Error,
  ): void {
    if (this.isOver) return;
    this.end();
    if (this.wasSent) this.noteTime();
    this.leave();
    const details = { neverStarted, status: this.head?.status, cause };
    this.outcome.reject(new SubgraphFailure(code, this.request.subgraph, problem, details));
  }

  private noteTime(): void {
    const now = this.target.clock.now();
    this.target.connections.pipelining.onDuration(now - this.sentAt, now);
  }

  private end(): void {
    this.isOver = true;
    this.target.expiries.delete(this);
    this.request.context.cancellation?.delete(this);
  }

  /** Stops waiting for the response; the connection is closed when no other call needs it. */
  private leave(): void {
    if (this.connection) this.connection.drop();
    else this.target.connections.forget(this);
  }

  /** Closes the connection: what is still to come on it belongs to no call. */
  private closeConnection(connection: Connection | undefined): void {
    if (!connection?.isOpen) return;
    this.target.connections.pipelining.onDisruption(this.target.clock.now());
    void connection.destroy();
  }
}

/** The error for undici when a call ends before it is sent; it is never shown. */
const callEnded = new Error('The call is over.');

function hasHeader(headers: readonly string[], name: string): boolean {
  return headers.some((text, at) => at % 2 === 0 && text.toLowerCase() === name);
}
