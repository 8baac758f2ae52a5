import type { Clock } from '../../common/clock.ts';

/** Something that must be over at a time. */
export interface Expiring {
  /** Milliseconds since the Unix epoch. */
  readonly expiresAt: number;
  /** Where the queue has it, which nobody else writes; -1 when it has not. */
  place: number;
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
  /** No Set: one whose members come and go keeps those that are gone alive until the next whole collection. */
  private readonly inFlight: Expiring[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  add(item: Expiring): void {
    item.place = this.inFlight.push(item) - 1;
    this.timer ??= setTimeout(this.look, tickMs);
  }

  delete(item: Expiring): void {
    const { place } = item;
    if (place < 0) return;
    item.place = -1;
    const last = this.inFlight.pop();
    if (last === undefined || last === item) return;
    last.place = place;
    this.inFlight[place] = last;
  }

  private readonly look = (): void => {
    const now = this.clock.now();
    for (const item of this.inFlight.filter(({ expiresAt }) => expiresAt <= now)) {
      // The end of one may have been that of others.
      if (item.place < 0) continue;
      this.delete(item);
      item.expire();
    }
    this.timer = this.inFlight.length > 0 ? setTimeout(this.look, tickMs) : undefined;
  };
}
