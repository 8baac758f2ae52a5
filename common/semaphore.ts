import { AppError } from './errors.ts';
import { type Caller, createFairShares } from './fair-shares.ts';

/** Admits a limited number of holders at a time; the others wait in a queue. */
export interface Semaphore {
  /**
   * Waits for a place and resolves to the function that releases it. Groups of callers share the places fairly, however
   * many of one group wait. Callers of the same group and member, and those without any, are served in order of
   * arrival. Rejects with AppError OVERLOADED when the wait is too long. When the queue is full, the last caller of the
   * largest group is rejected.
   */
  acquire(caller?: Caller): Promise<() => void>;
}

/** The limits of a semaphore. `name` is used in errors. */
export interface SemaphoreOptions {
  readonly name: string;
  readonly places: number;
  readonly maxWaiting: number;
  readonly maxWaitMs: number;
}

interface Waiting {
  readonly caller: Caller;
  readonly enter: () => void;
  readonly reject: (why: string) => void;
}

const defaultCaller: Caller = { group: '', member: '' };

/** Creates a semaphore with a bounded queue. */
export function createSemaphore({
  name,
  places,
  maxWaiting,
  maxWaitMs,
}: SemaphoreOptions): Semaphore {
  const queue = new Set<Waiting>();
  const shares = createFairShares();
  let free = places;

  const place = (caller: Caller): (() => void) => {
    shares.serve(caller);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      shares.leave(caller);
      const next = first(queue, (a, b) => shares.compareServed(a, b));
      if (next) next.enter();
      else free += 1;
    };
  };
  const rejectOverflow = (): void => {
    if (queue.size <= maxWaiting) return;
    last(queue, (a, b) => shares.compareCrowd(a, b))?.reject(`Too many are waiting for ${name}.`);
  };

  return {
    acquire(caller = defaultCaller) {
      shares.enter(caller);
      if (free > 0) {
        free -= 1;
        return Promise.resolve(place(caller));
      }
      return new Promise((resolve, reject) => {
        const leaveQueue = (): void => {
          clearTimeout(timer);
          queue.delete(waiting);
        };
        const waiting: Waiting = {
          caller,
          enter: () => {
            leaveQueue();
            resolve(place(caller));
          },
          reject: (why) => {
            leaveQueue();
            shares.leave(caller);
            reject(new AppError('OVERLOADED', why));
          },
        };
        const timer = setTimeout(() => {
          waiting.reject(`No place for ${name} within ${maxWaitMs} ms.`);
        }, maxWaitMs);
        queue.add(waiting);
        rejectOverflow();
      });
    },
  };
}

type Compare = (a: Caller, b: Caller) => number;

/** The smallest; the first one of several equals. */
function first(line: Iterable<Waiting>, compare: Compare): Waiting | undefined {
  let found: Waiting | undefined;
  for (const waiting of line) {
    if (!found || compare(waiting.caller, found.caller) < 0) found = waiting;
  }
  return found;
}

/** The greatest; the last one of several equals. */
function last(line: Iterable<Waiting>, compare: Compare): Waiting | undefined {
  let found: Waiting | undefined;
  for (const waiting of line) {
    if (!found || compare(waiting.caller, found.caller) >= 0) found = waiting;
  }
  return found;
}
