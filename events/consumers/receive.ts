import { setMaxListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Logger } from '../../common/logger.ts';
import type { Bus, Delivery, DeliveryHandler, Outcome } from '../bus/bus.ts';
import { MalformedEventError, readEvent, type ShopEvent } from '../contracts/event.ts';
import { createByKey } from '../inbox/by-key.ts';
import type { InboxTables } from '../inbox/inbox-tables.ts';
import { createInbox, createInboxWriter, type InboxWriter } from '../inbox/inbox.ts';
import { type Attempted, createAttempts } from './attempts.ts';
import type { Consumer } from './define-consumer.ts';
import type { GiveWay } from './give-way.ts';

/** How often and how long handling an event is tried. */
export interface DeliverySettings {
  /** The number of failures after which an event becomes a dead letter. */
  readonly maxTries: number;
  /** The delays before the second attempt, the third, and so on; the last one repeats. */
  readonly retryDelaysMs: readonly number[];
  /** The deadline of one attempt. */
  readonly messageTimeoutMs: number;
}

/** The dependencies of a receiver. */
export interface ReceiveOptions<TTables extends InboxTables> {
  readonly consumer: Consumer<TTables>;
  /** The consumer's schema, which contains its inbox. */
  readonly database: Kysely<TTables>;
  /** Shared by the consumers of a schema; by default the consumer has its own. */
  readonly inboxWriter?: InboxWriter;
  readonly bus: Pick<Bus, 'redeliver' | 'bury'>;
  readonly settings: DeliverySettings;
  /** Where deliveries wait before they are handled; by default they do not. */
  readonly giveWay?: Pick<GiveWay, 'pass'> | undefined;
  /** Called after each attempt to handle an event. */
  readonly onAttempt?: (outcome: AttemptOutcome, seconds: number, failure?: Error) => void;
  readonly log: Logger;
}

/** The outcome of an attempt: `retried` is tried again later, `dead` is given up. */
export type AttemptOutcome = 'dead' | 'done' | 'retried';

/** An attempt that has ended, and when it began. */
interface Ended {
  readonly failure: Attempted;
  readonly since: number;
}

/** Handles the events of one consumer. */
export interface Receiver {
  readonly handle: DeliveryHandler;
  /**
   * Handles waiting events that no longer have to wait, and messages of which it is unknown
   * whether they were sent: a process has ended in between.
   */
  resume(): Promise<void>;
  /** From now on deliveries that cannot be handled return to the bus. */
  stop(): void;
}

/** No event waits longer for its time: clocks of two machines may differ. */
const maxWaitMs = 60_000;

/** The first and the longest delay while the database or the bus cannot be reached. */
const patienceMs = [100, 5_000] as const;

/**
 * Handles each event once, despite duplicates and disorder. A failed one is retried after a delay;
 * later events of its key wait in the inbox, others continue. After `maxTries` failures it becomes a dead letter, and
 * the waiting events continue without it.
 */
export function createReceiver<TTables extends InboxTables>(
  options: ReceiveOptions<TTables>,
): Receiver {
  const { consumer, database, bus, settings, giveWay, onAttempt, log } = options;
  const inboxes = database as unknown as Kysely<InboxTables>;
  const { inboxWriter = createInboxWriter(inboxes) } = options;
  const inbox = createInbox(inboxes, consumer.name, inboxWriter);
  const attempts = createAttempts({
    ...{ consumer, database, inbox, log },
    messageTimeoutMs: settings.messageTimeoutMs,
  });
  const lines = createByKey();
  const stopping = new AbortController();
  // As many wait for it as there are deliveries in hand.
  setMaxListeners(0, stopping.signal);

  /** Later events of its key must not overtake it because of a brief database outage. */
  const receiveUntilStopped = async (delivery: Delivery): Promise<Outcome> => {
    for (let pauseMs: number = patienceMs[0]; ; pauseMs = Math.min(pauseMs * 2, patienceMs[1])) {
      try {
        return await receive(delivery);
      } catch (error) {
        if (stopping.signal.aborted) throw error;
        log.warn({ err: error, consumer: consumer.name, event: delivery.id }, 'an event waits');
        await pause(pauseMs, undefined, { signal: stopping.signal });
      }
    }
  };

  const receive = async (delivery: Delivery): Promise<Outcome> => {
    const since = performance.now();
    const failure = delivery.failures === 0 ? await attempts.quickly(delivery) : 'unusual';
    return failure === 'unusual' ? receiveAlone(delivery) : settle(delivery, { failure, since });
  };

  const receiveAlone = async (delivery: Delivery): Promise<Outcome> => {
    const { id, key, text } = delivery;
    const { state, ...others } = await inbox.view(delivery);
    if (state === 'done' || state === 'unknown' || state === 'parked') return { kind: 'done' };
    if (state === 'started') {
      log.error(
        { consumer: consumer.name, event: id },
        'begun before, and not known whether it was sent: not again',
      );
      await inbox.mark(delivery, 'unknown');
      await goOn(key);
      return { kind: 'done' };
    }
    if (state === undefined) {
      if (others.hasParked) await goOn(key);
      if (others.isHeld || (others.hasParked && (await inbox.unfinished(key)).isHeld)) {
        await inbox.park(delivery, text);
        return { kind: 'done' };
      }
    }
    const outcome = await settle(delivery, await attempt(delivery));
    // In the line of its key nothing has been parked since.
    if (outcome.kind === 'done' && others.hasParked) await goOn(key);
    return outcome;
  };

  /** Notes a failure; an event that is done with is noted already. */
  const settle = async (delivery: Delivery, ended: Ended): Promise<Outcome> => {
    const outcome = outcomeOf(ended, delivery);
    if (outcome.kind === 'done') return outcome;
    await inbox.mark(delivery, outcome.kind === 'dead' ? 'dead' : 'held');
    if (outcome.kind === 'dead') await goOn(delivery.key);
    return outcome;
  };

  /** Handles the events that no longer have to wait, in order. */
  const goOn = async (key: string): Promise<void> => {
    for (;;) {
      const { isHeld, hasParked } = await inbox.unfinished(key);
      if (isHeld || !hasParked) return;
      const parked = await inbox.nextParked(key);
      if (!parked) return;
      const delivery = { id: parked.id, key, text: parked.event, failures: 0 };
      const outcome = outcomeOf(await attempt(delivery), delivery);
      if (outcome.kind === 'done') continue;
      const failed = { ...delivery, failures: 1 };
      // First the bus, then the inbox: a duplicate is harmless, a loss is not.
      if (outcome.kind === 'dead') await bus.bury(consumer.name, failed, outcome.reason);
      else await bus.redeliver(consumer.name, failed, outcome.delayMs);
      await inbox.mark(parked, outcome.kind === 'dead' ? 'dead' : 'held');
    }
  };

  const outcomeOf = ({ failure, since }: Ended, { id, failures }: Delivery): Outcome => {
    const seconds = (performance.now() - since) / 1_000;
    if (failure === undefined) {
      onAttempt?.('done', seconds);
      return { kind: 'done' };
    }
    log.warn({ err: failure, consumer: consumer.name, event: id, failures }, 'an event failed');
    const reason = failure.message;
    const isLast = failures + 1 >= settings.maxTries || failure instanceof MalformedEventError;
    onAttempt?.(isLast ? 'dead' : 'retried', seconds, failure);
    if (isLast) return { kind: 'dead', reason };
    return {
      kind: 'retry',
      reason,
      delayMs: settings.retryDelaysMs[failures] ?? settings.retryDelaysMs.at(-1) ?? 0,
    };
  };

  /** Rejects when the consumer is stopped meanwhile. */
  const untilItsTime = async ({ text }: Delivery): Promise<void> => {
    if (consumer.kind !== 'repeatable' || !consumer.notBefore) return;
    const waitMs = timeOf(text, consumer.notBefore) - Date.now();
    if (waitMs <= 0) return;
    await pause(Math.min(waitMs, maxWaitMs), undefined, { signal: stopping.signal });
  };

  const attempt = async (delivery: Delivery): Promise<Ended> => {
    await untilItsTime(delivery);
    const since = performance.now();
    return { failure: await attempts.alone(delivery), since };
  };

  return {
    // It gives way in the line of its key, so that none that is older, and passes, overtakes it.
    handle: (delivery) =>
      lines.run(delivery.key, async () => {
        await giveWay?.pass(delivery, stopping.signal);
        return receiveUntilStopped(delivery);
      }),
    async resume() {
      await inbox.giveUpStarted(2 * settings.messageTimeoutMs);
      for (const key of await inbox.keysWithParkedOnly()) await lines.run(key, () => goOn(key));
    },
    stop() {
      stopping.abort();
    },
  };
}

/** What cannot be read has no time of its own. */
function timeOf(text: string, notBefore: (event: ShopEvent) => number): number {
  try {
    return notBefore(readEvent(text));
  } catch {
    return 0;
  }
}
