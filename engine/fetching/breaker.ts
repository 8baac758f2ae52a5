import type { Clock } from '../../common/clock.ts';
import { SubgraphFailure } from './failure.ts';
import type { FetchLayer, SubgraphFetch, SubgraphRequest, SubgraphResponse } from './types.ts';

/** When calls to a failing subgraph are stopped. */
export interface BreakerOptions {
  /** The share of failed calls in a window, from 0 to 1, at which the breaker opens. */
  readonly failureShare: number;
  /** A window with fewer calls never opens the breaker. */
  readonly minCalls: number;
  /** How long failures are counted together; a window starts with a failure. */
  readonly windowMs: number;
  /** How long the breaker stays open before one call may probe the subgraph. */
  readonly openMs: number;
  /** Called when a breaker opens, and when it closes again: not for a probe between. */
  readonly onChange?: (subgraph: string, isOpen: boolean) => void;
  readonly clock: Clock;
}

/**
 * `closed`: calls go through. `open`: they fail at once. `probing`: one call tries and the others fail at once; its
 * outcome closes or opens the breaker.
 */
type BreakerState = 'closed' | 'open' | 'probing';

/**
 * A circuit breaker per subgraph: stops calls to a failing subgraph, so that requests fail at once and it can recover.
 * A failure is any outcome without a GraphQL response, unless the client disconnected or the deadline of the request
 * passed.
 */
export function breakerPerSubgraph(options: BreakerOptions): FetchLayer {
  return (next) => {
    const breakers = new Map<string, Breaker>();
    return (request) => {
      const { subgraph } = request;
      let breaker = breakers.get(subgraph);
      if (!breaker) breakers.set(subgraph, (breaker = new Breaker(subgraph, next, options)));
      return breaker.call(request);
    };
  };
}

class Breaker {
  private readonly subgraph: string;
  private readonly next: SubgraphFetch;
  private readonly options: BreakerOptions;
  private state: BreakerState = 'closed';
  private openedAt = 0;
  private windowFrom = Number.NEGATIVE_INFINITY;
  private calls = 0;
  private failures = 0;

  constructor(subgraph: string, next: SubgraphFetch, options: BreakerOptions) {
    this.subgraph = subgraph;
    this.next = next;
    this.options = options;
  }

  call(request: SubgraphRequest): Promise<SubgraphResponse> {
    if (this.state === 'closed') return this.pass(request);
    const { openMs, clock } = this.options;
    const isDue = this.state === 'open' && clock.now() - this.openedAt >= openMs;
    return isDue ? this.probe(request) : Promise.reject(this.refusal());
  }

  private pass(request: SubgraphRequest): Promise<SubgraphResponse> {
    const call = this.next(request);
    call.then(this.onSuccess, (error: unknown) => {
      if (this.isFailure(error, request)) this.onFailure();
    });
    return call;
  }

  /** Does not read the clock: a window ends with the first failure after its time. */
  private readonly onSuccess = (): void => {
    this.calls += 1;
  };

  private onFailure(): void {
    const { windowMs, minCalls, failureShare, clock } = this.options;
    const now = clock.now();
    if (now - this.windowFrom >= windowMs) this.beginWindow(now);
    this.calls += 1;
    this.failures += 1;
    const isBroken = this.calls >= minCalls && this.failures >= this.calls * failureShare;
    // Failures of calls that started before the breaker opened are not news.
    if (isBroken && this.state === 'closed') this.open(now);
  }

  private probe(request: SubgraphRequest): Promise<SubgraphResponse> {
    this.state = 'probing';
    const call = this.next(request);
    call.then(
      () => this.close(),
      (error: unknown) => {
        if (this.isFailure(error, request)) this.open(this.options.clock.now());
        // The probe was inconclusive: the next call may probe at once.
        else this.state = 'open';
      },
    );
    return call;
  }

  private open(now: number): void {
    const isNews = this.state === 'closed';
    this.openedAt = now;
    this.state = 'open';
    if (isNews) this.options.onChange?.(this.subgraph, true);
  }

  private close(): void {
    this.beginWindow(this.options.clock.now());
    this.state = 'closed';
    this.options.onChange?.(this.subgraph, false);
  }

  private beginWindow(now: number): void {
    this.windowFrom = now;
    this.calls = 0;
    this.failures = 0;
  }

  private isFailure(error: unknown, { context }: SubgraphRequest): boolean {
    if (!(error instanceof SubgraphFailure) || context.cancellation?.cancelled) return false;
    return context.deadlineAt === undefined || this.options.clock.now() < context.deadlineAt;
  }

  private refusal(): SubgraphFailure {
    return new SubgraphFailure(
      'SUBGRAPH_ERROR',
      this.subgraph,
      'is not called: too many recent calls failed. It will be tried again shortly.',
      { neverStarted: true },
    );
  }
}
