import type { Clock } from '../../common/clock.ts';

/** Something that must be over at a time. */
export interface Expiring {
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt: number;
  expire(): void;
}

/** How late an expiry may be noticed. */
const tickMs = 20;

/**
 * Watches many deadlines with one timer. A timer for each call is several times the cost, and all but a few calls
 * are over long before; so the queue looks at those in flight every few milliseconds, and not at all when none is.
 */
export class ExpiryQueue {
  private readonly clock: Clock;
  private readonly inFlight = new Set<Expiring>();
  private timer: NodeJS.Timeout | undefined;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  add(item: Expiring): void {
    this.inFlight.add(item);
    this.timer ??= setTimeout(this.look, tickMs);
  }

  delete(item: Expiring): void {
    this.inFlight.delete(item);
  }

  private readonly look = (): void => {
    const now = this.clock.now();
    for (const item of this.inFlight) {
      if (item.expiresAt > now) continue;
      this.inFlight.delete(item);
      item.expire();
    }
    this.timer = this.inFlight.size > 0 ? setTimeout(this.look, tickMs) : undefined;
  };
}
