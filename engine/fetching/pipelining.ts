/** When the oldest call on a connection is older than this, it may hang, so no call is put behind it. */
const freshMs = 5;

/** A call that takes at least this long is slow. */
const slowMs = 25;

/** After a slow call, pipelining stays off for this many times the call's duration … */
const offPerSlowMs = 20;

/** … up to the first of these. When calls are disrupted again soon after, the time off doubles, up to the second. */
const offMaxMs = 5_000;
const offAgainMaxMs = 30_000;

/** Each pipelined call earns a twentieth of a resend; this many resends can be saved up. */
const resendCost = 20;
const savedResendsMax = 16;

/**
 * Decides whether a query to one origin may be sent on a connection behind others (HTTP pipelining). Only when the
 * origin has shown that it names the call in each response, so that no response can be mistaken for another call's. And
 * only while it is fast, because calls behind a slow one wait for it. Times are in milliseconds.
 */
export class Pipelining {
  /** The most calls on a connection; 1 turns pipelining off. */
  readonly depth: number;
  private namesCalls = false;
  private offUntil = Number.NEGATIVE_INFINITY;
  private offMs = 0;
  private savedBudget = savedResendsMax * resendCost;

  constructor(depth: number) {
    this.depth = depth;
  }

  isOn(now: number): boolean {
    return this.namesCalls && now >= this.offUntil && this.depth > 1;
  }

  /** Whether the oldest call on a connection is so recent that another one may be sent behind it. */
  isFresh(sentAt: number, now: number): boolean {
    return now - sentAt <= freshMs;
  }

  /** A response has started, with or without the id of its call. */
  onResponse(namesItsCall: boolean): void {
    this.namesCalls = namesItsCall;
  }

  /** A call has ended, or still has no response, after `tookMs`. */
  onDuration(tookMs: number, now: number): void {
    if (tookMs >= slowMs) this.turnOff(tookMs, now);
  }

  /**
   * A connection broke, a response belonged to another call, or a call waited behind others for so long that it was
   * moved.
   */
  onDisruption(now: number): void {
    if (now >= this.offUntil) {
      const wasOffLately = now - this.offUntil < 2 * this.offMs;
      this.offMs = wasOffLately ? Math.min(offAgainMaxMs, 2 * this.offMs) : 0;
    }
    this.offMs = Math.max(this.offMs, offMaxMs);
    this.offUntil = now + this.offMs;
  }

  /** A call was sent behind another one. */
  earnResend(): void {
    if (this.savedBudget < savedResendsMax * resendCost) this.savedBudget += 1;
  }

  /** Takes the cost of one resend; false when the budget is used up. */
  spendResend(): boolean {
    if (this.savedBudget < resendCost) return false;
    this.savedBudget -= resendCost;
    return true;
  }

  private turnOff(tookMs: number, now: number): void {
    // A short stall of this process looks the same, so it counts only once.
    this.offUntil = Math.max(this.offUntil, now + Math.min(offMaxMs, tookMs * offPerSlowMs));
  }
}
