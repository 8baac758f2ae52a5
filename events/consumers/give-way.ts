import type { Clock } from '../../common/clock.ts';
import type { Logger } from '../../common/logger.ts';
import { createWakeablePause, type WakeablePause } from '../../subgraphs/kit/wakeable-pause.ts';
import type { Delivery } from '../bus/bus.ts';
import type { CpuPressure } from './cpu-pressure.ts';

/** Lets the deliveries of all consumers of a process wait while the machine is busy. */
export interface GiveWay {
  /**
   * Resolves when a delivery may be handled: at once unless the machine is busy, and at the latest when its event has reached the
   * age up to which events wait, or when the signal is aborted.
   */
  pass(delivery: Pick<Delivery, 'text'>, signal: AbortSignal): Promise<void>;
  /** Looks how busy the machine is. To be called every `lookEveryMs`. */
  look(): Promise<void>;
}

/** The dependencies of giving way. */
export interface GiveWayOptions {
  /** Up to this age events wait. */
  readonly maxAgeMs: number;
  readonly pressure: CpuPressure;
  readonly clock: Clock;
  /** Called when a delivery begins to wait, with 1, and when it has waited, with -1. */
  readonly onWaiting?: (change: 1 | -1) => void;
  readonly log: Logger;
}

/** How often the machine is looked at. */
export const lookEveryMs = 250;

/**
 * From this share of the time in which tasks wait for a CPU the machine is busy. A machine that keeps up has tasks that wait now and
 * then; when customers want all that its CPUs can do, the share is 0.6 and more, also without the consumers.
 */
const busyShare = 0.5;

/** After so many looks in a row at a machine that is not busy, deliveries pass: two seconds. */
const calmLooks = 8;

/** Then they pass for so many looks at least, ten seconds: what has waited may keep the machine busy by itself. */
const openLooks = 40;

/** Creates what the consumers of a process share. Before the first look the machine is not busy. */
export function createGiveWay(options: GiveWayOptions): GiveWay {
  const { maxAgeMs, pressure, clock, onWaiting, log } = options;
  const waiting = new Set<WakeablePause>();
  let isBusy = false;
  /** How many looks in a row a machine that was busy is not. */
  let calm = 0;
  /** How many looks deliveries pass in any case. */
  let sure = 0;
  /** The deliveries that have waited since the machine is busy. */
  let count = 0;

  const open = (): void => {
    isBusy = false;
    sure = openLooks;
    for (const each of waiting) each.wake();
    if (count > 0) log.info({ deliveries: count }, 'consumers no longer give way');
    count = 0;
  };

  return {
    async pass({ text }, signal) {
      if (!isBusy || signal.aborted) return;
      const now = clock.now();
      // The clock of the producer may be ahead.
      const waitMs = maxAgeMs - Math.max(0, now - (timeOf(text) ?? -Infinity));
      if (waitMs <= 0) return;
      if (count === 0) log.info({ upToMs: maxAgeMs }, 'the machine is busy; consumers give way');
      count += 1;
      onWaiting?.(1);
      const resting = createWakeablePause();
      waiting.add(resting);
      await resting.pause(waitMs, signal);
      waiting.delete(resting);
      onWaiting?.(-1);
    },

    async look() {
      const isCalm = (await pressure()) < busyShare;
      if (isBusy) {
        calm = isCalm ? calm + 1 : 0;
        if (calm >= calmLooks) open();
      } else if (sure > 0) sure -= 1;
      else if (!isCalm) [isBusy, calm] = [true, 0];
    },
  };
}

/** When the event happened. What cannot be read does not wait: it becomes a dead letter. */
function timeOf(text: string): number | undefined {
  try {
    const { time } = JSON.parse(text) as { readonly time?: unknown };
    const at = Date.parse(String(time));
    return Number.isNaN(at) ? undefined : at;
  } catch {
    return undefined;
  }
}
