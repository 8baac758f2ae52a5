import { AppError } from './errors.ts';
import { type Caller, createFairShares } from './fair-shares.ts';

/** Lets at most so many holders in at a time; the others wait in line. */
export interface Semaphore {
  /**
   * Waits for a place and returns the function that gives it back. Callers share the places fairly, however many of one
   * kind wait; those of one kind, and all who name none, are served in the order in which they came. Throws AppError
   * OVERLOADED when the wait is over its deadline, or when the line is full: then it is one of the largest crowd that
   * has to go, the last that came.
   */
  acquire(caller?: Caller): Promise<() => void>;
}

/** How a semaphore is cut. `name` is what an error calls it. */
export interface SemaphoreOptions {
  readonly name: string;
  readonly places: number;
  readonly maxWaiting: number;
  readonly maxWaitMs: number;
}

interface Waiting {
  readonly caller: Caller;
  readonly enter: () => void;
  readonly refuse: (why: string) => void;
}

const anybody: Caller = { group: '', member: '' };

/** A semaphore with a bounded line. */
export function createSemaphore({
  name,
  places,
  maxWaiting,
  maxWaitMs,
}: SemaphoreOptions): Semaphore {
  const line = new Set<Waiting>();
  const shares = createFairShares();
  let free = places;

  const place = (caller: Caller): (() => void) => {
    shares.serve(caller);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      shares.leave(caller);
      const next = first(line, (a, b) => shares.compareServed(a, b));
      if (next) next.enter();
      else free += 1;
    };
  };
  const makeRoom = (): void => {
    if (line.size <= maxWaiting) return;
    last(line, (a, b) => shares.compareCrowd(a, b))?.refuse(`Too many are waiting for ${name}.`);
  };

  return {
    acquire(caller = anybody) {
      shares.enter(caller);
      if (free > 0) {
        free -= 1;
        return Promise.resolve(place(caller));
      }
      return new Promise((resolve, reject) => {
        const leaveLine = (): void => {
          clearTimeout(timer);
          line.delete(waiting);
        };
        const waiting: Waiting = {
          caller,
          enter: () => {
            leaveLine();
            resolve(place(caller));
          },
          refuse: (why) => {
            leaveLine();
            shares.leave(caller);
            reject(new AppError('OVERLOADED', why));
          },
        };
        const timer = setTimeout(() => {
          waiting.refuse(`No place for ${name} within ${maxWaitMs} ms.`);
        }, maxWaitMs);
        line.add(waiting);
        makeRoom();
      });
    },
  };
}

type Compare = (a: Caller, b: Caller) => number;

/** The least, and of equals the one that came first. */
function first(line: Iterable<Waiting>, compare: Compare): Waiting | undefined {
  let found: Waiting | undefined;
  for (const waiting of line) {
    if (!found || compare(waiting.caller, found.caller) < 0) found = waiting;
  }
  return found;
}

/** The greatest, and of equals the one that came last. */
function last(line: Iterable<Waiting>, compare: Compare): Waiting | undefined {
  let found: Waiting | undefined;
  for (const waiting of line) {
    if (!found || compare(waiting.caller, found.caller) >= 0) found = waiting;
  }
  return found;
}
