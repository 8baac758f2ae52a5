import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '../common/logger.ts';
import type { Running } from '../common/process.ts';
import type { DatabaseHome } from '../subgraphs/kit/database/database.ts';
import type { WakeUps } from '../subgraphs/kit/database/wake-ups.ts';
import { repeat } from '../subgraphs/kit/repeat.ts';
import { createWakeablePause } from '../subgraphs/kit/wakeable-pause.ts';
import type { Bus, Consuming } from './bus/bus.ts';
import type { openCpuPressure } from './consumers/cpu-pressure.ts';
import { type Consumer, typesFor } from './consumers/define-consumer.ts';
import type { GiveWay } from './consumers/give-way.ts';
import { openGiveWay } from './consumers/open-give-way.ts';
import { startConsumer } from './consumers/start-consumer.ts';
import type { InboxTables } from './inbox/inbox-tables.ts';
import { createInboxWriter, type InboxWriter, removeFinished } from './inbox/inbox.ts';
import type { DecidedEventsConfig } from './load-settings.ts';
import type { EventMetrics } from './metrics/event-metrics.ts';
import type { OutboxTables } from './outbox/outbox-tables.ts';
import { startRelay } from './relay/relay.ts';
import { removePublished } from './relay/remove-published.ts';

/** How often old rows are removed. */
const cleanUpEveryMs = 60_000;

const hourMs = 3_600_000;

/** What the events process runs. */
export interface EventsOptions {
  readonly home: DatabaseHome;
  readonly bus: Bus;
  readonly config: DecidedEventsConfig;
  /** The schemas that have outboxes. */
  readonly producers: readonly string[];
  /** Consumers, and the schema of their inbox. */
  readonly consumers: readonly { readonly consumer: Consumer; readonly schema: string }[];
  /** Wakes the relay of an outbox, by its schema. */
  readonly wakeUps?: WakeUps;
  readonly metrics?: EventMetrics | undefined;
  /** Begins to read how busy the machine is. */
  readonly openPressure?: typeof openCpuPressure;
  readonly log: Logger;
}

/** Events that are relayed and consumed. */
export interface StartedEvents extends Running {
  /** Whether every relay and consumer has started. */
  isCarrying(): boolean;
}

/**
 * Runs relays and consumers until stopped. The tables must exist. An unavailable broker is waited
 * for: meanwhile events stay in the outboxes.
 */
export function startEvents(options: EventsOptions): StartedEvents {
  const { home, bus, config, producers, consumers, wakeUps, metrics, log } = options;
  const stopping = new AbortController();
  const parts: { stop(): Promise<void> }[] = [];
  let giveWay: Awaited<ReturnType<typeof openGiveWay>>;

  const run = async (): Promise<void> => {
    // Queues first: an event published before they exist would reach no consumer.
    await untilItWorks(stopping.signal, log, () =>
      bus.declare(
        consumers.map(({ consumer }) => ({ consumer: consumer.name, types: typesFor(consumer) })),
      ),
    );
    for (const schema of producers) {
      if (stopping.signal.aborted) return;
      parts.push(relayOf(schema));
    }
    giveWay = await openGiveWay({
      ...{ maxAgeMs: config.giveWayMs, openPressure: options.openPressure, log },
      onWaiting: (change) => metrics?.givesWay(change),
    });
    for (const { consumer, schema } of consumers) {
      const started = await untilItWorks(stopping.signal, log, () =>
        serve(consumer, schema, giveWay),
      );
      if (started) parts.push(started);
    }
  };

  const relayOf = (schema: string) => {
    const resting = createWakeablePause();
    wakeUps?.on(schema, () => {
      resting.wake();
    });
    return startRelay({
      untilWoken: (ms, signal) => resting.pause(ms, signal),
      database: home.connect(schema),
      schema,
      isSingleSession: home.isSingleSession,
      bus,
      settings: {
        batch: config.relayBatch,
        pollMs: config.pollMs,
        publishTimeoutMs: config.publishTimeoutMs,
        maxBackoffMs: config.publishMaxBackoffMs,
      },
      onBatch: (published, seconds, failure) => {
        metrics?.relayed(schema, published, seconds, failure);
      },
      log,
    });
  };

  const inboxWriters = new Map<string, InboxWriter>();
  const serve = (
    consumer: Consumer,
    schema: string,
    giveWay: GiveWay | undefined,
  ): Promise<Consuming> => {
    const database = home.connect<InboxTables>(schema);
    const inboxWriter = inboxWriters.get(schema) ?? createInboxWriter(database);
    inboxWriters.set(schema, inboxWriter);
    return startConsumer({
      ...{ consumer, database, inboxWriter, bus, giveWay, log },
      settings: config,
      onDelivery: () => metrics?.received(consumer.name),
      onAttempt: (outcome, seconds, failure) => {
        metrics?.handled(consumer.name, outcome, seconds, failure);
      },
    });
  };

  const cleaning = repeat({
    name: 'removal of old events',
    everyMs: cleanUpEveryMs,
    run: async (signal) => {
      for (const schema of producers) {
        const outbox = home.connect<OutboxTables>(schema);
        await removePublished(outbox, config.keepPublishedHours * hourMs, signal);
      }
      for (const schema of new Set(consumers.map((each) => each.schema))) {
        await removeFinished(home.connect<InboxTables>(schema), config.keepInboxHours * hourMs);
      }
    },
    log,
  });
  const running = run();

  return {
    async stop() {
      stopping.abort();
      await running;
      await Promise.all([cleaning.stop(), giveWay?.stop(), ...parts.map((part) => part.stop())]);
    },
    waitsFor: () => ['events that are dealt with'],
    isCarrying: () => parts.length === producers.length + consumers.length,
  };
}

/** Retries with growing delays until it succeeds or is stopped. */
async function untilItWorks<T>(
  signal: AbortSignal,
  log: Logger,
  work: () => Promise<T>,
): Promise<T | undefined> {
  for (let pauseMs = 200; !signal.aborted; pauseMs = Math.min(pauseMs * 2, 5_000)) {
    try {
      return await work();
    } catch (error) {
      log.warn({ err: error }, 'events are not carried yet');
      await pause(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }
  return undefined;
}
