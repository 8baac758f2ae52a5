import { messageOf } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';

/** A periodic job. */
export interface Repeated {
  /** Starts the next run now instead of at its time; one that is going on is followed by another at once. */
  wake(): void;
  /** Starts no other run; resolves when the current one has ended. */
  stop(): Promise<void>;
}

/** The options of a periodic job. */
export interface RepeatOptions {
  /** Its name in the log. */
  readonly name: string;
  /** The time from the end of a run to the start of the next. */
  readonly everyMs: number;
  /**
   * One run, with its own deadlines. When the signal is aborted, it should start nothing new. `againIn` starts the next run after this
   * time, if that is sooner than usual.
   */
  readonly run: (signal: AbortSignal, againIn: (ms: number) => void) => Promise<void>;
  readonly log: Logger;
}

/**
 * Runs a job, waits, and runs it again, one run at a time. A failed run is logged, once for each kind of failure until
 * a run succeeds, and the next one follows as usual.
 */
export function repeat({ name, everyMs, run, log }: RepeatOptions): Repeated {
  const stopping = new AbortController();
  let failure: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let current: Promise<void> = Promise.resolve();
  let isRunning = false;
  let nextMs = everyMs;

  const againIn = (ms: number): void => {
    nextMs = Math.min(nextMs, Math.max(1, ms));
  };
  const once = async (): Promise<void> => {
    isRunning = true;
    nextMs = everyMs;
    try {
      await run(stopping.signal, againIn);
      if (failure !== undefined) log.info({ work: name }, 'a periodic job succeeds again');
      failure = undefined;
    } catch (error) {
      if (failure !== messageOf(error)) {
        log.warn({ work: name, err: error }, 'a periodic job failed');
      }
      failure = messageOf(error);
    }
    isRunning = false;
    if (!stopping.signal.aborted) wait();
  };
  const wait = (): void => {
    timer = setTimeout(() => {
      current = once();
    }, nextMs);
    timer.unref();
  };
  wait();

  return {
    wake() {
      if (stopping.signal.aborted || nextMs === 0) return;
      nextMs = 0;
      if (isRunning) return;
      clearTimeout(timer);
      wait();
    },
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await current;
    },
  };
}
