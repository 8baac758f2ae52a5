import { AppError } from './errors.ts';

/** Lets at most so many holders in at a time; the others wait in line. */
export interface Semaphore {
  /**
   * Waits for a place and returns the function that gives it back. Throws AppError OVERLOADED when the line is
   * full or the wait is over its deadline.
   */
  acquire(): Promise<() => void>;
}

/** How a semaphore is cut. `name` is what an error calls it. */
export interface SemaphoreOptions {
  readonly name: string;
  readonly places: number;
  readonly maxWaiting: number;
  readonly maxWaitMs: number;
}

/** A semaphore with a bounded line, first come, first served. */
export function createSemaphore({
  name,
  places,
  maxWaiting,
  maxWaitMs,
}: SemaphoreOptions): Semaphore {
  const line = new Set<() => void>();
  let free = places;

  const release = (): void => {
    const [next] = line;
    if (next) next();
    else free += 1;
  };

  const place = (): (() => void) => {
    let held = true;
    return () => {
      if (held) release();
      held = false;
    };
  };

  return {
    acquire() {
      if (free > 0) {
        free -= 1;
        return Promise.resolve(place());
      }
      if (line.size >= maxWaiting) {
        return Promise.reject(new AppError('OVERLOADED', `Too many are waiting for ${name}.`));
      }
      return new Promise((resolve, reject) => {
        const enter = (): void => {
          clearTimeout(timer);
          line.delete(enter);
          resolve(place());
        };
        const timer = setTimeout(() => {
          line.delete(enter);
          reject(new AppError('OVERLOADED', `No place for ${name} within ${maxWaitMs} ms.`));
        }, maxWaitMs);
        line.add(enter);
      });
    },
  };
}
