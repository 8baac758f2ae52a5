import type { Kysely } from 'kysely';
import type { Clock } from '../../../common/clock.ts';
import type { Logger } from '../../../common/logger.ts';
import { countUnpublished } from '../../../events/outbox/count-unpublished.ts';
import type { OrdersTables } from '../data/tables.ts';

/** For so long a count is believed: between two counts, only as many events are written as fit into a second. */
const countEveryMs = 1_000;

/** What the backlog is counted with. */
export interface EventBacklogDependencies {
  readonly database: Kysely<OrdersTables>;
  /** So many events may wait. */
  readonly maxWaiting: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The events that wait to be published. */
export interface EventBacklog {
  /** Whether there are as many as may wait. */
  isFull(): Promise<boolean>;
}

/**
 * Counts the events that wait, once a second at most, for all who ask. The log has a line when there are too many, and one
 * when there is room again.
 */
export function createEventBacklog({
  database,
  maxWaiting,
  clock,
  log,
}: EventBacklogDependencies): EventBacklog {
  let known: { readonly isFull: boolean; readonly at: number } | undefined;
  let counting: Promise<boolean> | undefined;

  const count = async (): Promise<boolean> => {
    try {
      const isFull = (await countUnpublished(database, maxWaiting)) >= maxWaiting;
      if (isFull && known?.isFull !== true) {
        log.error({ maxWaiting }, 'too many events wait: no new orders are taken');
      }
      if (!isFull && known?.isFull === true) log.info('new orders are taken again');
      known = { isFull, at: clock.now() };
      return isFull;
    } finally {
      counting = undefined;
    }
  };

  return {
    isFull() {
      if (known && clock.now() - known.at < countEveryMs) return Promise.resolve(known.isFull);
      counting ??= count();
      return counting;
    },
  };
}
