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

/** How many calls a subgraph gets at a time. */
export interface InFlightLimitOptions {
  /** Calls to one subgraph at a time. */
  readonly maxInFlight: number | ((subgraph: string) => number);
  /** How many calls to a subgraph may wait for others to end. */
  readonly maxWaiting: number;
  readonly maxWaitMs: number;
  readonly clock: Clock;
}

/**
 * Lets a number of calls to each subgraph in at a time; the next ones wait in line, first come, first served. Rejects
 * with AppError OVERLOADED when the line is full or the wait too long, so that one slow subgraph cannot fill the memory.
 */
export function limitInFlight(options: InFlightLimitOptions): FetchLayer {
  return (next) => {
    const lines = new Map<string, Line>();
    return (request) => {
      let line = lines.get(request.subgraph);
      if (!line) lines.set(request.subgraph, (line = new Line(request.subgraph, next, options)));
      return line.enter(request);
    };
  };
}

/** The calls to one subgraph: those in flight, counted, and those that wait. */
class Line {
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
      return Promise.reject(this.overloaded('too many calls wait for it'));
    }
    return this.wait(request);
  }

  /** Runs in a place that is already counted; at its end the place goes to the next one in line. */
  private run(request: SubgraphRequest): Promise<SubgraphResponse> {
    const call = this.next(request);
    call.then(this.leave, this.leave);
    return call;
  }

  private readonly leave = (): void => {
    const [first] = this.waiting;
    if (first) first.goOn();
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
        goOn: () => {
          end();
          resolve(this.run(request));
        },
        cancel: giveUp('the client left while its call waited'),
      };
      const waitMs = Math.min(maxWaitMs, Math.max(0, remainingMs(request.context, clock)));
      const timer = setTimeout(giveUp(`no call to it ended within ${waitMs} ms`), waitMs);
      this.waiting.add(waiting);
      cancellation?.add(waiting);
    });
  }

  private overloaded(why: string): AppError {
    const message = `Subgraph "${this.subgraph}" is not asked: ${why}.`;
    return new AppError('OVERLOADED', message, { retryAfterSeconds: 1 });
  }
}

interface Waiting extends Cancellable {
  goOn(): void;
}
