import type { Clock } from '../../common/clock.ts';

/** An item with an expiry time. */
export interface Expiring {
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt: number;
  /** Its index in the queue, written only by the queue; -1 when it is not queued. */
  queueIndex: number;
  expire(): void;
}

/** How late an expiry may be noticed. */
const tickMs = 20;

/**
 * Watches many deadlines with one timer. A timer per call costs several times as much, and nearly all calls end long
 * before their deadline. So the queue checks the calls in flight every few milliseconds, and not at all when there are
 * none.
 */
export class ExpiryQueue {
  private readonly clock: Clock;
  /**
   * Not a Set: one with many insertions and deletions keeps the deleted members alive until the next full garbage
   * collection.
   */
  private readonly inFlight: Expiring[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  add(item: Expiring): void {
    item.queueIndex = this.inFlight.push(item) - 1;
    this.timer ??= setTimeout(this.check, tickMs);
  }

  delete(item: Expiring): void {
    const { queueIndex: index } = item;
    if (index < 0) return;
    item.queueIndex = -1;
    const last = this.inFlight.pop();
    if (last === undefined || last === item) return;
    last.queueIndex = index;
    this.inFlight[index] = last;
  }

  private readonly check = (): void => {
    const now = this.clock.now();
    for (const item of this.inFlight.filter(({ expiresAt }) => expiresAt <= now)) {
      // The expiry of one item may have ended others.
      if (item.queueIndex < 0) continue;
      this.delete(item);
      item.expire();
    }
    this.timer = this.inFlight.length > 0 ? setTimeout(this.check, tickMs) : undefined;
  };
}
