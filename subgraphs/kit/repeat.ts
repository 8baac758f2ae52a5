import { messageOf } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';

/** A periodic job. */
export interface Repeated {
  /** Starts no other run; resolves when the current one has ended. */
  stop(): Promise<void>;
}

/** The options of a periodic job. */
export interface RepeatOptions {
  /** Its name in the log. */
  readonly name: string;
  /** The time from the end of a run to the start of the next. */
  readonly everyMs: number;
  /** One run, with its own deadlines. When the signal is aborted, it should start nothing new. */
  readonly run: (signal: AbortSignal) => Promise<void>;
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

  const once = async (): Promise<void> => {
    try {
      await run(stopping.signal);
      if (failure !== undefined) log.info({ work: name }, 'a periodic job succeeds again');
      failure = undefined;
    } catch (error) {
      if (failure !== messageOf(error)) {
        log.warn({ work: name, err: error }, 'a periodic job failed');
      }
      failure = messageOf(error);
    }
    if (!stopping.signal.aborted) wait();
  };
  const wait = (): void => {
    timer = setTimeout(() => {
      current = once();
    }, everyMs);
    timer.unref();
  };
  wait();

  return {
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await current;
    },
  };
}
