import type { SubgraphResponse } from '../fetching/types.ts';

/** How much may wait for a reader. */
export interface QueueLimits {
  /** Of events that wait because the client takes nothing. */
  readonly maxEvents: number;
  /** The characters of all waiting events, and a hundred more for each. */
  readonly maxChars: number;
}

/** What an event costs besides its text, in characters. */
const overheadChars = 100;

/**
 * Events that wait for their reader. Where only the newest counts, it replaces the others; where all count, a full queue
 * takes no more.
 */
export class EventQueue {
  private readonly limits: QueueLimits;
  private readonly isNewestOnly: boolean;
  private events: SubgraphResponse[] = [];
  private chars = 0;

  constructor(limits: QueueLimits, isNewestOnly: boolean) {
    this.limits = limits;
    this.isNewestOnly = isNewestOnly;
  }

  /**
   * Adds an event; false when there is no room for it. A single event always has room. Events that come at once wait for
   * each other also when the client reads: only while it is `heldUp` is their number limited.
   */
  add(event: SubgraphResponse, heldUp: boolean): boolean {
    if (this.isNewestOnly) this.clear();
    const chars = charsOf(event);
    const { maxEvents, maxChars } = this.limits;
    const isFull = (heldUp && this.events.length >= maxEvents) || this.chars + chars > maxChars;
    if (isFull && this.events.length > 0) return false;
    this.events.push(event);
    this.chars += chars;
    return true;
  }

  /** Takes the oldest event. */
  take(): SubgraphResponse | undefined {
    const event = this.events.shift();
    if (event) this.chars -= charsOf(event);
    // An array that was full once would keep its size.
    if (event && this.events.length === 0) this.events = [];
    return event;
  }

  clear(): void {
    this.events = [];
    this.chars = 0;
  }
}

function charsOf({ body }: SubgraphResponse): number {
  return overheadChars + (typeof body === 'string' ? body.length : 0);
}
