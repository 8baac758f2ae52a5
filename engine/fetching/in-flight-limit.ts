import type { Clock } from '../../common/clock.ts';
import { AppError } from '../../common/errors.ts';
import { remainingMs } from './deadline.ts';
import type {
  Cancellable,
  FetchLayer,
  SubgraphFetch,
  SubgraphRequest,
  SubgraphResponse,
} from './types.ts';

/** Limits for the calls to each subgraph. */
export interface InFlightLimitOptions {
  /** The most calls to a subgraph at a time. */
  readonly maxInFlight: number | ((subgraph: string) => number);
  /** The most calls to a subgraph that may wait for a place. */
  readonly maxWaiting: number;
  readonly maxWaitMs: number;
  readonly clock: Clock;
}

/**
 * Limits the calls in flight to each subgraph; further calls wait in a queue, first come, first served. Rejects with
 * AppError OVERLOADED when the queue is full or the wait too long, so that one slow subgraph cannot fill the memory.
 */
export function limitInFlight(options: InFlightLimitOptions): FetchLayer {
  return (next) => {
    const queues = new Map<string, CallQueue>();
    return (request) => {
      let queue = queues.get(request.subgraph);
      if (!queue)
        queues.set(request.subgraph, (queue = new CallQueue(request.subgraph, next, options)));
      return queue.enter(request);
    };
  };
}

/** The calls to one subgraph: a count of those in flight, and a queue of those that wait. */
class CallQueue {
  private readonly subgraph: string;
  private readonly next: SubgraphFetch;
  private readonly options: InFlightLimitOptions;
  private readonly maxInFlight: number;
  private readonly waiting = new Set<Waiting>();
  private inFlight = 0;

  constructor(subgraph: string, next: SubgraphFetch, options: InFlightLimitOptions) {
    this.subgraph = subgraph;
    this.next = next;
    this.options = options;
    const { maxInFlight } = options;
    this.maxInFlight = typeof maxInFlight === 'number' ? maxInFlight : maxInFlight(subgraph);
  }

  enter(request: SubgraphRequest): Promise<SubgraphResponse> {
    const { maxWaiting } = this.options;
    if (this.inFlight < this.maxInFlight) {
      this.inFlight += 1;
      return this.run(request);
    }
    if (this.waiting.size >= maxWaiting) {
      return Promise.reject(this.overloaded('too many calls are waiting for it'));
    }
    return this.wait(request);
  }

  /** Runs a call in a place that is already counted. When it ends, the next call in the queue gets the place. */
  private run(request: SubgraphRequest): Promise<SubgraphResponse> {
    const call = this.next(request);
    call.then(this.leave, this.leave);
    return call;
  }

  private readonly leave = (): void => {
    const [first] = this.waiting;
    if (first) first.proceed();
    else this.inFlight -= 1;
  };

  private wait(request: SubgraphRequest): Promise<SubgraphResponse> {
    const { maxWaitMs, clock } = this.options;
    const { cancellation } = request.context;
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        this.waiting.delete(waiting);
        cancellation?.delete(waiting);
      };
      const giveUp = (why: string) => (): void => {
        end();
        reject(this.overloaded(why));
      };
      const waiting: Waiting = {
        proceed: () => {
          end();
          resolve(this.run(request));
        },
        cancel: giveUp('the client disconnected while its call was waiting'),
      };
      const waitMs = Math.min(maxWaitMs, Math.max(0, remainingMs(request.context, clock)));
      const timer = setTimeout(giveUp(`no call to it ended within ${waitMs} ms`), waitMs);
      this.waiting.add(waiting);
      cancellation?.add(waiting);
    });
  }

  private overloaded(why: string): AppError {
    const message = `Subgraph "${this.subgraph}" is not called: ${why}.`;
    return new AppError('OVERLOADED', message, { retryAfterSeconds: 1 });
  }
}

interface Waiting extends Cancellable {
  proceed(): void;
}
