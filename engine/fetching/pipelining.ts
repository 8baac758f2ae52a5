/** An oldest call of this age is answered in a moment, or it hangs: nothing is put behind it any more. */
const freshMs = 5;

/** What takes longer than this is slow. */
const slowMs = 25;

/** Pipelining stays off for this many times what the slow call took … */
const offPerSlowMs = 20;

/** … up to this. Where calls were hurt again soon after, it is for twice as long as the last time, up to the second. */
const offMaxMs = 5_000;
const offAgainMaxMs = 30_000;

/** Each call behind another one earns a twentieth of a second try, and so many are saved up. */
const costOfSecondTry = 20;
const savedSecondTriesMax = 16;

/**
 * Whether a query to one origin may be sent behind others on a connection. Only where the origin has shown that it
 * writes on each reply which call it answers, so that no reply is ever taken for another call's; and only while it is
 * quick, since what stands behind a slow call waits for it. Times are milliseconds.
 */
export class Pipelining {
  /** The most calls on a connection; 1 is off. */
  readonly depth: number;
  private namesCalls = false;
  private offUntil = Number.NEGATIVE_INFINITY;
  private offMs = 0;
  private savedTries = savedSecondTriesMax * costOfSecondTry;

  constructor(depth: number) {
    this.depth = depth;
  }

  isOn(now: number): boolean {
    return this.namesCalls && now >= this.offUntil && this.depth > 1;
  }

  /** Whether the oldest call of a connection has been asked so lately that another one may stand behind it. */
  isFresh(askedAt: number, now: number): boolean {
    return now - askedAt <= freshMs;
  }

  /** A reply has begun that names its call, or does not. */
  onReply(namesItsCall: boolean): void {
    this.namesCalls = namesItsCall;
  }

  /** A call has ended, or is still without an answer, after this time. */
  onTime(tookMs: number, now: number): void {
    if (tookMs >= slowMs) this.turnOff(tookMs, now);
  }

  /** A connection broke, a reply was another call's, or a call stood behind others for so long that it was moved. */
  onHurt(now: number): void {
    if (now >= this.offUntil) {
      const wasOffLately = now - this.offUntil < 2 * this.offMs;
      this.offMs = wasOffLately ? Math.min(offAgainMaxMs, 2 * this.offMs) : 0;
    }
    this.offMs = Math.max(this.offMs, offMaxMs);
    this.offUntil = now + this.offMs;
  }

  /** A call was sent behind another one. */
  earn(): void {
    if (this.savedTries < savedSecondTriesMax * costOfSecondTry) this.savedTries += 1;
  }

  /** Takes what a second try costs; false when nothing is left for it. */
  spend(): boolean {
    if (this.savedTries < costOfSecondTry) return false;
    this.savedTries -= costOfSecondTry;
    return true;
  }

  private turnOff(tookMs: number, now: number): void {
    // A moment's stall of this process looks the same, so it counts only once.
    this.offUntil = Math.max(this.offUntil, now + Math.min(offMaxMs, tookMs * offPerSlowMs));
  }
}
