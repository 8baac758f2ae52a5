import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** A number of points per number of seconds, counted in windows that begin with the first use. */
export interface Rate {
  /** The name in the `RateLimit` headers. */
  readonly name: string;
  readonly points: number;
  readonly windowSeconds: number;
}

/** What is left after a use. */
export interface Allowance {
  readonly rate: Rate;
  readonly isExceeded: boolean;
  readonly remaining: number;
  /** Until the window ends; at least 1. */
  readonly resetSeconds: number;
}

/** Counts by key. Never rejects: when the shared counter fails, this process counts. */
export interface RateLimiter {
  readonly rate: Rate;
  take(key: string): Promise<Allowance>;
}

/** Creates the limiter of a rate. */
export type CreateRateLimiter = (rate: Rate) => RateLimiter;

/** A counter of rate-limiter-flexible. */
export interface Counter {
  consume(key: string): Promise<RateLimiterRes>;
}

/** The maximum number of keys that one limiter counts separately in a window; above it, keys share counters. */
const keysMax = 50_000;
const sharedKeys = 1_024;

/** Counts in the memory of this process, for at most about 50,000 keys at a time. */
export function createMemoryRateLimiter(rate: Rate): RateLimiter {
  return createLimiter(rate, memoryCounter(rate));
}

/** The counter of `createMemoryRateLimiter`. A flood of keys takes no more memory: late ones share counters. */
export function memoryCounter({ points, windowSeconds }: Rate): RateLimiterMemory {
  return new CrowdedMemory({ points, duration: windowSeconds });
}

/** A limiter on top of a counter. When the counter fails, the use is allowed as if it were the first. */
export function createLimiter(rate: Rate, counter: Counter): RateLimiter {
  const allowanceOf = (counted: unknown, isExceeded: boolean): Allowance => {
    if (!(counted instanceof RateLimiterRes)) {
      const { points, windowSeconds } = rate;
      return { rate, isExceeded: false, remaining: points, resetSeconds: windowSeconds };
    }
    const { remainingPoints, msBeforeNext } = counted;
    const resetSeconds = Math.max(1, Math.ceil(msBeforeNext / 1_000));
    return { rate, isExceeded, remaining: isExceeded ? 0 : remainingPoints, resetSeconds };
  };
  return {
    rate,
    take: (key) =>
      counter.consume(key).then(
        (counted) => allowanceOf(counted, false),
        (counted: unknown) => allowanceOf(counted, true),
      ),
  };
}

class CrowdedMemory extends RateLimiterMemory {
  private readonly windowMs: number;
  private windowEndsAt = 0;
  private newKeys = 0;

  constructor(options: { readonly points: number; readonly duration: number }) {
    super(options);
    this.windowMs = options.duration * 1_000;
  }

  override async consume(key: string | number): Promise<RateLimiterRes> {
    const now = Date.now();
    if (now >= this.windowEndsAt) {
      this.windowEndsAt = now + this.windowMs;
      this.newKeys = 0;
    }
    const counted = await super.consume(this.newKeys < keysMax ? key : sharedKeyOf(String(key)));
    if (counted.isFirstInDuration) this.newKeys += 1;
    return counted;
  }
}

function sharedKeyOf(key: string): string {
  let mixed = 0;
  for (let at = 0; at < key.length; at += 1)
    mixed = (Math.imul(mixed, 31) + key.charCodeAt(at)) | 0;
  return `shared-${Math.abs(mixed) % sharedKeys}`;
}
