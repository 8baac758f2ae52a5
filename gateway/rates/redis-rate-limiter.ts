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

/** A Redis in which all gateways count. */
export interface SharedCounters {
  readonly createRateLimiter: CreateRateLimiter;
  close(): void;
}

/** A request waits no longer than this for the count; after that the count of this process is used. */
const countWaitMs = 100;

/** The timeout of a Redis command, after which it fails even if no request waits for it any more. */
const commandTimeoutMs = 1_000;
const connectTimeoutMs = 2_000;
const reconnectMaxMs = 5_000;

/**
 * Counts in Redis, so that all gateways with the same `url` and `keyPrefix` share their limits. While Redis is
 * unavailable, each gateway counts separately and does not wait; the log says when that begins and ends. Waits briefly
 * for the first connection.
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

/** Counts in Redis, or in this process when Redis does not answer. */
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
        // A count over the limit is a regular result.
        if (error instanceof RateLimiterRes) throw error;
        breaker.failed(error);
        return own.consume(key);
      }
    },
  };
}

/**
 * Rejects when the response takes too long. A response that arrived while this process was busy counts as in time:
 * after the timer fires, the socket is read first.
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

/** False when that takes too long; errors reach the breaker separately. */
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
