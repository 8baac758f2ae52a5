import type { Listen } from './listen.ts';

/** Wakes those that look for work which other transactions leave for them, so that they need not look all the time. */
export interface WakeUps {
  /** Calls `wake` when a transaction has notified this topic, and when notifications may have been missed. */
  on(topic: string, wake: () => void): void;
  close(): Promise<void>;
}

/** Listens to a channel whose notifications name a topic. Rejects when that cannot be listened to. */
export async function openWakeUps(listen: Listen, channel: string): Promise<WakeUps> {
  const sleepers = new Map<string, (() => void)[]>();
  const listening = await listen(channel, {
    onNotified(topic) {
      for (const wake of sleepers.get(topic) ?? []) wake();
    },
    onMissed() {
      for (const wake of [...sleepers.values()].flat()) wake();
    },
  });
  return {
    on(topic, wake) {
      sleepers.set(topic, [...(sleepers.get(topic) ?? []), wake]);
    },
    close: () => listening.close(),
  };
}
