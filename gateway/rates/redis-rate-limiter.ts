import { Redis } from 'ioredis';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { Logger } from '../../common/logger.ts';
import {
  type Counter,
  createLimiter,
  type CreateRateLimiter,
  memoryCounter,
  type Rate,
} from './rate-limiter.ts';
import { createRedisBreaker, type RedisBreaker } from './redis-breaker.ts';

/** A Redis that all gateways count in. */
export interface SharedCounters {
  readonly createRateLimiter: CreateRateLimiter;
  close(): void;
}

/** A request waits no longer than this for a count; then the count of this process is taken. */
const countWaitMs = 100;

/** For Redis's own commands, and for a count to fail that nobody waits for any more. */
const commandTimeoutMs = 1_000;
const connectTimeoutMs = 2_000;
const reconnectMaxMs = 5_000;

/**
 * Counts in Redis, so that all gateways with one `url` and `keyPrefix` share their limits. While Redis cannot be asked,
 * each gateway counts for itself and does not wait; the log says when that begins and ends. A first connection is waited
 * for, briefly.
 */
export async function openSharedCounters(
  url: string,
  keyPrefix: string,
  log: Logger,
): Promise<SharedCounters> {
  const redis = new Redis(url, {
    commandTimeout: commandTimeoutMs,
    connectTimeout: connectTimeoutMs,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(100 * attempt, reconnectMaxMs),
  });
  const breaker = createRedisBreaker(redis, log);
  if (!(await isConnected(redis))) breaker.failed(new Error('it took too long to connect'));
  return {
    createRateLimiter: (rate) =>
      createLimiter(rate, createSharedCounter(redis, keyPrefix, rate, breaker)),
    close: () => {
      breaker.close();
      redis.disconnect();
    },
  };
}

/** Counts in Redis, and in this process what Redis does not count. */
function createSharedCounter(
  redis: Redis,
  keyPrefix: string,
  rate: Rate,
  breaker: RedisBreaker,
): Counter {
  const own = memoryCounter(rate);
  const shared = new RateLimiterRedis({
    storeClient: redis,
    keyPrefix: `${keyPrefix}:${rate.name}`,
    points: rate.points,
    duration: rate.windowSeconds,
    rejectIfRedisNotReady: true,
  });
  return {
    async consume(key) {
      if (!breaker.isClosed()) return own.consume(key);
      try {
        const counted = await inTime(shared.consume(key));
        breaker.succeeded();
        return counted;
      } catch (error) {
        // A count over the limit is an answer, too.
        if (error instanceof RateLimiterRes) throw error;
        breaker.failed(error);
        return own.consume(key);
      }
    },
  };
}

/**
 * Rejects when the answer takes too long. What came while this process was busy counts as in time: after the timer, what
 * the socket holds is read first.
 */
function inTime<T>(answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = (): void => {
      reject(new Error(`no answer within ${countWaitMs} ms`));
    };
    const timer = setTimeout(setImmediate, countWaitMs, late);
    answer.then(resolve, reject).finally(() => {
      clearTimeout(timer);
    });
  });
}

/** False when that takes too long; an error is told to the breaker by itself. */
function isConnected(redis: Redis): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (isInTime: boolean) => (): void => {
      clearTimeout(timer);
      resolve(isInTime);
    };
    const timer = setTimeout(settle(false), connectTimeoutMs);
    redis.once('ready', settle(true));
    redis.once('error', settle(true));
  });
}
