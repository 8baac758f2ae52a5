import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';
import type { Bus } from '../bus/bus.ts';
import type { OutboxPlace } from './hold-partitions.ts';
import { relayBatch } from './relay-batch.ts';

/** The settings of a relay. */
export interface RelaySettings {
  /** The maximum batch size. */
  readonly batch: number;
  /** How often an empty outbox is polled. */
  readonly pollMs: number;
  /** The timeout of the bus for a batch. */
  readonly publishTimeoutMs: number;
  /** The longest delay after failures; each is twice as long as the one before. */
  readonly maxBackoffMs: number;
}

/** The dependencies of a relay. */
export interface RelayOptions extends OutboxPlace {
  /** Waits until there may be something in the outbox, for this time at most. */
  readonly untilWoken?: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly bus: Bus;
  readonly settings: RelaySettings;
  /** Called after each batch that was not empty: how many events were published, and why not all. */
  readonly onBatch?: (published: number, seconds: number, failure?: Error) => void;
  readonly log: Logger;
}

/**
 * Between two batches that were not full: what is written meanwhile is published together, so that a busy outbox costs
 * little for each event, and its consumers have several at once.
 */
const gatherMs = 50;

/** What the delays after failures begin with, if an empty outbox is not looked at more often. */
const firstBackoffMs = 500;

/** A running relay. */
export interface Relay {
  /** Resolves when the current batch is published. */
  stop(): Promise<void>;
}

/**
 * Starts publishing the events of an outbox, each at least once. Events of one key are published in the order of writing,
 * even with several relays, because each partition of keys has one relay at a time. While the bus is unavailable, events stay in the
 * outbox.
 */
export function startRelay(options: RelayOptions): Relay {
  const { settings, log, untilWoken = pauseFor, onBatch } = options;
  const stopping = new AbortController();
  const run = async (): Promise<void> => {
    const { batch, publishTimeoutMs } = settings;
    let failures = 0;
    while (!stopping.signal.aborted) {
      let pauseMs = settings.pollMs;
      let isIdle = false;
      let published = 0;
      const since = performance.now();
      const measure = (failure?: Error): void => {
        onBatch?.(published, (performance.now() - since) / 1_000, failure);
      };
      try {
        const relayed = await relayBatch({ ...options, ...{ batch, publishTimeoutMs } });
        published = relayed.published;
        if (relayed.failure !== undefined) throw relayed.failure;
        isIdle = published === 0;
        if (!isIdle) measure();
        if (failures > 0) log.info({ outbox: options.schema }, 'events are published again');
        failures = 0;
        if (relayed.isFull) continue;
        if (!isIdle) pauseMs = Math.min(gatherMs, settings.pollMs);
      } catch (error) {
        measure(error instanceof Error ? error : new Error(messageOf(error)));
        if (failures === 0) {
          log.warn({ err: error, outbox: options.schema }, 'events cannot be published; they wait');
        } else {
          log.debug({ outbox: options.schema, reason: messageOf(error) }, 'still not published');
        }
        failures += 1;
        const firstMs = Math.min(settings.pollMs, firstBackoffMs);
        pauseMs = Math.min(settings.maxBackoffMs, firstMs * 2 ** Math.min(failures, 20));
      }
      await (isIdle ? untilWoken(pauseMs, stopping.signal) : pauseFor(pauseMs, stopping.signal));
    }
  };
  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

async function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => undefined);
}
