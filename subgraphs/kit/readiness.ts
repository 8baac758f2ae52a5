import type { Clock } from '../../common/clock.ts';
import { messageOf } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';
import { within } from '../../common/within.ts';

/** For how long an answer of the database is reused, so that probes cost little. */
const rememberMs = 1_000;

/** A database that has not answered within this time is not ready, though the query may still be running. */
const answerWithinMs = 2_000;

/** The dependencies of a readiness check. */
export interface DatabaseToFollow {
  /** Rejects when the database does not answer, with its own deadlines. */
  readonly ask: () => Promise<void>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Whether the database answers. */
export interface FollowedDatabase {
  answers(): Promise<boolean>;
}

/**
 * Checks the database for readiness: one query at a time, whose result serves all callers within a second. The log has
 * a line when it stops answering, and one when it answers again.
 */
export function followDatabase({ ask, clock, log }: DatabaseToFollow): FollowedDatabase {
  let question: Promise<boolean> | undefined;
  let known: { readonly answers: boolean; readonly at: number } | undefined;
  let isAway = false;

  const put = async (): Promise<boolean> => {
    try {
      await ask();
      return note(true);
    } catch (error) {
      return note(false, error);
    } finally {
      question = undefined;
    }
  };
  const note = (answers: boolean, error?: unknown): boolean => {
    known = { answers, at: clock.now() };
    if (answers && isAway) log.info('the database answers again');
    if (!answers && !isAway) log.warn({ reason: messageOf(error) }, 'the database does not answer');
    isAway = !answers;
    return answers;
  };

  return {
    async answers() {
      if (known && clock.now() - known.at < rememberMs) return known.answers;
      question ??= put();
      return within(question, answerWithinMs, false);
    },
  };
}
