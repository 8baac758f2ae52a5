import type { Clock } from '../../common/clock.ts';
import type { Logger } from '../../common/logger.ts';
import { within } from '../../common/within.ts';
import type { ConsumerLag } from '../bus/bus.ts';

/** What waits of an outbox. */
export interface OutboxBacklog {
  /** The service that writes it. */
  readonly service: string;
  readonly waiting: number;
  /** 0 for none. */
  readonly oldestSeconds: number;
}

/** What waits. Each part is undefined while the database, or the bus, does not answer. */
export interface Backlog {
  readonly outboxes: readonly OutboxBacklog[] | undefined;
  readonly consumers: readonly ConsumerLag[] | undefined;
}

/** Where the backlog is read. */
export interface BacklogOptions {
  readonly readOutboxes: () => Promise<readonly OutboxBacklog[]>;
  readonly readConsumers: () => Promise<readonly ConsumerLag[]>;
  readonly clock: Clock;
  readonly log: Logger;
}

/** How old an answer may be: however often metrics are read, database and broker are not asked more often than that. */
const answerMaxAgeMs = 10_000;

/** How long the database and the bus have to answer: less than the usual timeout of a scrape. */
const answerTimeoutMs = 4_000;

/** Creates a function that reads the backlog, or returns what it read a moment ago. It never rejects. */
export function createBacklog(options: BacklogOptions): () => Promise<Backlog> {
  const { readOutboxes, readConsumers, clock, log } = options;
  let known: { readonly at: number; readonly backlog: Promise<Backlog> } | undefined;
  const read = async (): Promise<Backlog> => {
    const [outboxes, consumers] = await Promise.all([
      answerOf(readOutboxes, log),
      answerOf(readConsumers, log),
    ]);
    return { outboxes, consumers };
  };
  return () => {
    const now = clock.now();
    if (!known || now - known.at >= answerMaxAgeMs || now < known.at) {
      known = { at: now, backlog: read() };
    }
    return known.backlog;
  };
}

async function answerOf<T>(ask: () => Promise<T>, log: Logger): Promise<T | undefined> {
  const answer = ask().catch((error: unknown) => {
    log.debug({ err: error }, 'what waits could not be read for the metrics');
    return undefined;
  });
  return within<T | undefined>(answer, answerTimeoutMs, undefined);
}
