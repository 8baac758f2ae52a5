import { callIdHeader } from '../../common/call-headers.ts';
import type { Clock } from '../../common/clock.ts';
import { correlationHeader } from '../../common/correlation.ts';
import { endOf } from '../../common/errors.ts';
import { BodyBytes } from './body-bytes.ts';
import type { Connection } from './connection.ts';
import type { Connections, PlacedCall } from './connections.ts';
import type { Expiring, ExpiryQueue } from './expiry-queue.ts';
import { SubgraphFailure } from './failure.ts';
import { ResponseHead } from './response-head.ts';
import type { Cancellable, SubgraphRequest, SubgraphResponse } from './types.ts';

/** Where calls of one subgraph go, and what holds for all of them. */
export interface Target {
  readonly connections: Connections;
  readonly path: string;
  /** What the address says of who asks, for calls that say nothing of it themselves. */
  readonly authorization: string | undefined;
  readonly maxBytes: number;
  readonly expiries: ExpiryQueue;
  readonly clock: Clock;
  /** Tells each call from all others. */
  readonly nextId: () => number;
}

/** What becomes of a call. */
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

/** Less time than this is not worth asking again in: a deadline is noticed up to so much later. */
const leastTimeMs = 20;

/**
 * One call: what undici tells about it, its deadline, and its cancellation, in one object. It takes undici's raw
 * header lists, since of all the headers of a response a few are looked at. Asked again, it is another object: what
 * still comes for the first one is dropped.
 */
export class Call implements PlacedCall, Cancellable, Expiring {
  readonly expiresAt: number;
  place = -1;
  readonly isAlone: boolean;
  isOver = false;
  wasSent = false;
  askedAt = 0;
  private readonly request: SubgraphRequest;
  private readonly target: Target;
  private readonly timeoutMs: number;
  private readonly outcome: Outcome;
  /** Whether it has been sent before, on another connection. */
  private readonly isAgain: boolean;
  private id: string | undefined;
  private connection: Connection | undefined;
  /** Whether no reply but its own was due on the connection when it was sent. */
  private wasFirst = false;
  private head: ResponseHead | undefined;
  private body: BodyBytes | undefined;

  /** `startedAt` is when its `timeoutMs` begin. `isAgain` says that it was sent before, and so goes alone now. */
  constructor(
    request: SubgraphRequest,
    target: Target,
    startedAt: number,
    timeoutMs: number,
    outcome: Outcome,
    isAgain = false,
  ) {
    this.request = request;
    this.target = target;
    this.timeoutMs = timeoutMs;
    this.expiresAt = startedAt + timeoutMs;
    this.outcome = outcome;
    this.isAgain = isAgain;
    this.isAlone = isAgain || request.operationKind !== 'query';
  }

  start(now: number): void {
    const { expiries, connections } = this.target;
    const { context, operationKind } = this.request;
    if (this.timeoutMs === 0) {
      this.fail('SUBGRAPH_TIMEOUT', 'was not asked: the time for the whole answer is over.', true);
      return;
    }
    if (connections.isClosing && !this.isAgain) {
      this.fail('SUBGRAPH_ERROR', 'could not be asked: The client is closed.', true);
      return;
    }
    expiries.add(this);
    // A mutation that has begun is finished for a client that has left: half a change would be worse.
    if (operationKind === 'query') context.cancellation?.add(this);
    if (!this.isOver) connections.place(this, now);
  }

  sendOn(connection: Connection, now: number): void {
    const { path, connections } = this.target;
    this.connection = connection;
    this.askedAt = now;
    this.wasFirst = connection.size === 0;
    if (connections.pipelining.depth > 1) this.id = String(this.target.nextId());
    const request = {
      path,
      method: 'POST' as const,
      headers: this.headers(),
      body: this.request.body,
      // To undici, what may be sent behind a call that has no answer yet.
      idempotent: !this.isAlone,
      blocking: this.isAlone,
    };
    connection.send(this, request, !this.isAlone && connections.pipelining.isOn(now));
  }

  /** Its connection closes before its turn, or its turn is long in coming. */
  askAgain(): void {
    const { clock } = this.target;
    const now = clock.now();
    if (this.wasSent && this.isAlone) {
      this.fail('SUBGRAPH_ERROR', 'could not be asked: the connection was closed.');
    } else if (this.expiresAt - now <= leastTimeMs) this.expire();
    else {
      this.end();
      this.leave();
      const { request, target, timeoutMs, outcome } = this;
      const startedAt = this.expiresAt - timeoutMs;
      const isAgain = this.isAgain || this.wasSent;
      new Call(request, target, startedAt, timeoutMs, outcome, isAgain).start(now);
    }
  }

  /** The client has left. */
  cancel(): void {
    this.fail('SUBGRAPH_ERROR', 'was given up: the client has left.');
  }

  /** The deadline has passed. */
  expire(): void {
    const { connection } = this;
    const isItsTurn = this.wasSent && connection?.first === this;
    this.fail(
      'SUBGRAPH_TIMEOUT',
      `did not answer within ${this.timeoutMs} ms.`,
      !this.wasSent && !this.isAgain,
    );
    if (isItsTurn) this.breakOff(connection);
  }

  onConnect(): void {
    // Thrown, since undici's own way to give up a call costs the connection.
    if (this.isOver) throw given;
    this.wasSent = true;
  }

  onHeaders(status: number, rawHeaders: Buffer[]): boolean {
    if (status < 200 || this.isOver) return true;
    this.head = new ResponseHead(status, rawHeaders);
    if (this.id !== undefined && !this.isOwn(this.head)) {
      if (this.isAlone) this.fail('SUBGRAPH_ERROR', 'answered another call.');
      this.breakOff(this.connection);
      return true;
    }
    const problem = this.head.problem(this.target.maxBytes, this.request.context.correlationId);
    if (problem === undefined) return true;
    const { connection } = this;
    this.fail('SUBGRAPH_ERROR', problem);
    // A reply that names this call has only itself to blame: the calls behind it get theirs.
    if (this.head.callId === undefined) this.breakOff(connection);
    return true;
  }

  onData(chunk: Buffer): boolean {
    this.body ??= new BodyBytes(this.target.maxBytes);
    const problem = this.body.count(chunk);
    if (problem !== undefined) {
      const { connection } = this;
      this.fail('SUBGRAPH_ERROR', problem);
      this.breakOff(connection);
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
    if (this.wasSent) connections.pipelining.onHurt(clock.now());
    this.connection = undefined;
    const neverStarted = !this.wasSent && !this.isAgain;
    this.fail('SUBGRAPH_ERROR', `could not be asked: ${endOf(error)}`, neverStarted, error);
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
   * Whether a reply is to this call. Where a subgraph does not say, only a call that was alone when it was sent can
   * tell: what comes for others may be one reply too many to the call before.
   */
  private isOwn({ callId }: ResponseHead): boolean {
    this.target.connections.pipelining.onReply(callId === this.id);
    return callId === this.id || (callId === undefined && this.wasFirst);
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
    this.target.connections.pipelining.onTime(now - this.askedAt, now);
  }

  private end(): void {
    this.isOver = true;
    this.target.expiries.delete(this);
    this.request.context.cancellation?.delete(this);
  }

  /** Its reply is no longer waited for; when no other call needs the connection, that is closed. */
  private leave(): void {
    if (this.connection) this.connection.drop();
    else this.target.connections.forget(this);
  }

  /** What is still to come on the connection belongs to no call. */
  private breakOff(connection: Connection | undefined): void {
    if (!connection?.isOpen) return;
    this.target.connections.pipelining.onHurt(this.target.clock.now());
    void connection.destroy();
  }
}

/** What undici is told when a call is over before it is sent; nobody reads it. */
const given = new Error('The call is over.');

function hasHeader(headers: readonly string[], name: string): boolean {
  return headers.some((text, at) => at % 2 === 0 && text.toLowerCase() === name);
}
