import { type Dispatcher, Pool } from 'undici';
import { type Clock, systemClock } from '../../common/clock.ts';
import { correlationHeader } from '../../common/correlation.ts';
import { messageOf } from '../../common/errors.ts';
import { type Expiring, ExpiryQueue } from './expiry-queue.ts';
import { SubgraphFailure } from './failure.ts';
import { ResponseHead } from './response-head.ts';
import type { Cancellable, SubgraphFetch, SubgraphRequest, SubgraphResponse } from './types.ts';

/** How subgraphs are reached. */
export interface HttpClientOptions {
  /** Time a subgraph has for one answer. */
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
  /** The most connections to one origin. */
  readonly maxConnections: number;
  readonly clock?: Clock;
}

/** A client and its connections, which are kept alive between calls, and from one supergraph to the next. */
export interface HttpClient {
  /** The fetch for subgraphs at these addresses, http or https, by name. */
  fetchFrom(addresses: ReadonlyMap<string, string>): SubgraphFetch;
  /** Finishes what is in flight and closes all connections. */
  close(): Promise<void>;
}

/** What a gateway starts with when it is told nothing else. */
export const httpClientDefaults = {
  timeoutMs: 30_000,
  maxResponseBytes: 10 * 1024 * 1024,
  maxConnections: 64,
} as const;

/**
 * Sends subgraph requests over HTTP/1.1: a POST of JSON, redirects not followed, an answer within the deadline of the
 * subgraph and of the whole request, read up to a number of bytes, and taken only as JSON. Rejects with a
 * SubgraphFailure that says what came instead. A query is given up when its client leaves; a mutation is not.
 */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { clock = systemClock, maxConnections: connections } = options;
  const expiries = new ExpiryQueue(clock);
  const pools = new Map<string, Pool>();

  return {
    fetchFrom: (addresses) => {
      const targets = new Map<string, Target>();
      for (const [subgraph, address] of addresses) {
        if (URL.canParse(address)) targets.set(subgraph, targetOf(new URL(address)));
      }
      return (request) => {
        const target = targets.get(request.subgraph);
        if (!target) return Promise.reject(withoutAddress(request.subgraph));
        return new Promise((resolve, reject) => {
          new Call(request, options, expiries, clock, resolve, reject).start(target);
        });
      };
    },
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };

  function targetOf({ origin, pathname, search }: URL): Target {
    let pool = pools.get(origin);
    if (!pool) {
      // Undici's own timeouts stay off: one deadline, kept here, holds for connecting, headers and body together.
      pool = new Pool(origin, { connections, headersTimeout: 0, bodyTimeout: 0 });
      pools.set(origin, pool);
    }
    return { pool, path: pathname + search };
  }
}

interface Target {
  readonly pool: Pool;
  readonly path: string;
}

const baseHeaders: readonly string[] = [
  'content-type',
  'application/json',
  'accept',
  'application/graphql-response+json, application/json;q=0.9',
];

/**
 * One call: what undici tells about it, its deadline, and its cancellation, in one object. It takes undici's raw
 * header lists, since of all the headers of a response three are looked at.
 */
class Call implements Dispatcher.DispatchHandler, Cancellable, Expiring {
  readonly expiresAt: number;
  private readonly request: SubgraphRequest;
  private readonly maxBytes: number;
  private readonly timeoutMs: number;
  private readonly expiries: ExpiryQueue;
  private readonly resolve: (response: SubgraphResponse) => void;
  private readonly reject: (error: SubgraphFailure) => void;
  private abort: ((reason: Error) => void) | undefined;
  private head: ResponseHead | undefined;
  private chunks: Buffer[] | Buffer | undefined;
  private bytes = 0;
  private isOver = false;

  constructor(
    request: SubgraphRequest,
    { maxResponseBytes, timeoutMs }: HttpClientOptions,
    expiries: ExpiryQueue,
    clock: Clock,
    resolve: (response: SubgraphResponse) => void,
    reject: (error: SubgraphFailure) => void,
  ) {
    const now = clock.now();
    const { deadlineAt } = request.context;
    this.request = request;
    this.maxBytes = maxResponseBytes;
    this.timeoutMs =
      deadlineAt === undefined ? timeoutMs : Math.max(0, Math.min(timeoutMs, deadlineAt - now));
    this.expiresAt = now + this.timeoutMs;
    this.expiries = expiries;
    this.resolve = resolve;
    this.reject = reject;
  }

  start({ pool, path }: Target): void {
    const { body, context, headers, operationKind } = this.request;
    if (this.timeoutMs === 0) {
      this.fail('SUBGRAPH_TIMEOUT', 'was not asked: the time for the whole answer is over.', true);
      return;
    }
    this.expiries.add(this);
    // A mutation that has begun is finished for a client that has left: half a change would be worse.
    if (operationKind === 'query') context.cancellation?.add(this);
    if (this.isOver) return;
    const { correlationId } = context;
    const all =
      correlationId === undefined
        ? [...baseHeaders, ...headers]
        : [...baseHeaders, correlationHeader, correlationId, ...headers];
    pool.dispatch({ path, method: 'POST', headers: all, body }, this);
  }

  /** The client has left. */
  cancel(): void {
    this.fail('SUBGRAPH_ERROR', 'was given up: the client has left.');
  }

  /** The deadline has passed. */
  expire(): void {
    this.fail('SUBGRAPH_TIMEOUT', `did not answer within ${this.timeoutMs} ms.`, !this.abort);
  }

  onConnect(abort: (reason?: Error) => void): void {
    if (this.isOver) abort(given);
    else this.abort = abort;
  }

  onHeaders(status: number, rawHeaders: Buffer[]): boolean {
    if (status < 200) return true;
    this.head = new ResponseHead(status, rawHeaders);
    const problem = this.head.problem(this.maxBytes, this.request.context.correlationId);
    if (problem !== undefined) this.fail('SUBGRAPH_ERROR', problem);
    return true;
  }

  onData(chunk: Buffer): boolean {
    this.bytes += chunk.length;
    if (this.bytes > this.maxBytes) {
      this.fail('SUBGRAPH_ERROR', `sent more than ${this.maxBytes} bytes.`);
    } else if (this.chunks === undefined) this.chunks = chunk;
    else if (Array.isArray(this.chunks)) this.chunks.push(chunk);
    else this.chunks = [this.chunks, chunk];
    return true;
  }

  onComplete(): void {
    if (this.isOver) return;
    this.end();
    const { chunks } = this;
    const bytes = Array.isArray(chunks) ? Buffer.concat(chunks, this.bytes) : chunks;
    this.resolve({
      body: bytes === undefined ? '' : bytes.toString(),
      cacheControl: this.head?.cacheControl,
    });
  }

  onError(error: Error): void {
    this.fail('SUBGRAPH_ERROR', `could not be asked: ${messageOf(error)}.`, !this.abort, error);
  }

  private fail(
    code: 'SUBGRAPH_ERROR' | 'SUBGRAPH_TIMEOUT',
    problem: string,
    neverStarted = false,
    cause?: Error,
  ): void {
    if (this.isOver) return;
    this.end();
    // A failure always costs the connection: what is still to come on it belongs to no call.
    this.abort?.(given);
    const details = { neverStarted, status: this.head?.status, cause };
    this.reject(new SubgraphFailure(code, this.request.subgraph, problem, details));
  }

  private end(): void {
    this.isOver = true;
    this.expiries.delete(this);
    this.request.context.cancellation?.delete(this);
  }
}

/** What undici is told when a call is over before its response; nobody reads it. */
const given = new Error('The call is over.');

function withoutAddress(subgraph: string): SubgraphFailure {
  const problem =
    'has no address: expected an http or https URL in the supergraph or the settings.';
  return new SubgraphFailure('SUBGRAPH_ERROR', subgraph, problem, { neverStarted: true });
}
