import { messageOf } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';

/** Work that comes by the clock. */
export interface Repeated {
  /** Begins no other run; resolves when the one under way has ended. */
  stop(): Promise<void>;
}

/** What is done again and again. */
export interface RepeatOptions {
  /** What it is, for the log. */
  readonly name: string;
  /** The time from the end of a run to the beginning of the next. */
  readonly everyMs: number;
  /** One run, within deadlines of its own. The signal says that nothing new need be begun. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  readonly log: Logger;
}

/**
 * Runs something, waits, and runs it again, one run at a time. A run that fails is logged, once for each kind of failure
 * until a run succeeds, and the next one comes all the same.
 */
export function repeat({ name, everyMs, run, log }: RepeatOptions): Repeated {
  const stopping = new AbortController();
  let failure: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  let current: Promise<void> = Promise.resolve();

  const once = async (): Promise<void> => {
    try {
      await run(stopping.signal);
      if (failure !== undefined)
        log.info({ work: name }, 'work that comes by the clock succeeds again');
      failure = undefined;
    } catch (error) {
      if (failure !== messageOf(error)) {
        log.warn({ work: name, err: error }, 'work that comes by the clock failed');
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
