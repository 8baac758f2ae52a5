import { performance } from 'node:perf_hooks';

/** How many requests may be in flight. */
export interface AdmissionSettings {
  /** This many are always admitted. */
  readonly minInFlight: number;
  /** More are never admitted. */
  readonly maxInFlight: number;
}

/** The inputs of admission. */
export interface AdmissionDependencies extends AdmissionSettings {
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
  /** The share of the time since the last call in which the event loop was busy, 0 to 1. */
  readonly busyShare: () => number;
}

/** An admitted request. */
export interface Admitted {
  /** To be called when the response is ready. Further calls do nothing. */
  readonly leave: () => void;
}

/**
 * Admits requests as long as responses are fast. The limit on requests in flight falls by a quarter when responses have
 * become slow and the event loop is busy, and rises a little when responses are fast and the limit is reached (AIMD).
 * Slow means three times the usual latency, and at least 100 ms. A slow subgraph alone, with an idle event loop, does
 * not lower the limit.
 */
export class Admission {
  private readonly settings: AdmissionDependencies;
  private limit: number;
  private inFlight = 0;
  private peak = 0;
  private usualMs = Number.POSITIVE_INFINITY;
  private latencies: number[] = [];
  private windowStartedAt: number;
  private turnedAway = 0;

  constructor(settings: AdmissionDependencies) {
    this.settings = settings;
    this.limit = settings.maxInFlight;
    this.windowStartedAt = settings.now();
  }

  /** Whether another request would be admitted; an eighth of the places is reserved for preferred requests. */
  hasRoom(isPreferred: boolean): boolean {
    const limit = Math.floor(this.limit);
    return this.inFlight < (isPreferred ? limit : limit - Math.floor(limit / 8));
  }

  /** Takes a place; `undefined` when there is none. */
  enter(isPreferred: boolean): Admitted | undefined {
    if (!this.hasRoom(isPreferred)) return undefined;
    this.inFlight += 1;
    this.peak = Math.max(this.peak, this.inFlight);
    const enteredAt = this.settings.now();
    let isIn = true;
    return {
      leave: () => {
        if (!isIn) return;
        isIn = false;
        this.inFlight -= 1;
        const now = this.settings.now();
        this.latencies.push(now - enteredAt);
        if (now - this.windowStartedAt >= windowMs && this.latencies.length >= samplesMin) {
          this.adapt(now);
        }
      },
    };
  }

  /** Counts a request that was turned away. */
  noteTurnedAway(): void {
    this.turnedAway += 1;
  }

  /** How many were turned away since the last call. */
  takeTurnedAway(): number {
    const { turnedAway } = this;
    this.turnedAway = 0;
    return turnedAway;
  }

  /** The current limit on requests in flight. */
  get currentLimit(): number {
    return Math.floor(this.limit);
  }

  private adapt(now: number): void {
    const { minInFlight, maxInFlight, busyShare } = this.settings;
    const latencyMs = medianOf(this.latencies);
    const { peak } = this;
    const isBusy = busyShare() >= busyFrom;
    // May only rise slowly, so that an overload does not become the usual latency; a slow start is forgotten
    // immediately.
    this.usualMs = Math.min(latencyMs, this.usualMs * usualRises);
    const isSlow = latencyMs > Math.max(slowMinMs, slowFactor * this.usualMs);
    if (isSlow && isBusy) {
      this.limit = Math.max(minInFlight, Math.min(this.limit, peak) * fall);
    } else if (!isSlow && peak >= this.limit * usedFrom) {
      this.limit = Math.min(maxInFlight, this.limit + Math.max(riseMin, this.limit * rise));
    }
    this.latencies = [];
    this.peak = this.inFlight;
    this.windowStartedAt = now;
  }
}

/** The admission of this process, with its own clock and event loop. */
export function createAdmission({ minInFlight, maxInFlight }: AdmissionSettings): Admission {
  let last = performance.eventLoopUtilization();
  return new Admission({
    minInFlight,
    maxInFlight,
    now: () => performance.now(),
    busyShare: () => {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, last);
      last = now;
      return utilization;
    },
  });
}

const windowMs = 100;
const samplesMin = 8;
const slowMinMs = 100;
const slowFactor = 3;
const usualRises = 1.002;
const busyFrom = 0.85;
const fall = 0.75;
const usedFrom = 0.7;
const riseMin = 1;
const rise = 0.03;

function medianOf(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
