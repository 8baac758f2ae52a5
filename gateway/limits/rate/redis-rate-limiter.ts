import { Redis } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import { messageOf } from '../../../common/errors.ts';
import type { Logger } from '../../../common/logger.ts';
import { createLimiter, type CreateRateLimiter, memoryCounter } from './rate-limiter.ts';

/** A Redis that all gateways count in. */
export interface SharedCounters {
  readonly createRateLimiter: CreateRateLimiter;
  close(): void;
}

/** A request waits no longer than this for a count; then the count of this process is taken. */
const commandTimeoutMs = 50;
const connectTimeoutMs = 2_000;
const reconnectMaxMs = 5_000;

/**
 * Counts in Redis, so that all gateways with one `url` and `keyPrefix` share their limits. While Redis cannot be asked,
 * each gateway counts for itself; the log says when that begins and ends. A first connection is waited for, briefly.
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
  let isAway = false;
  redis.on('error', (error: unknown) => {
    if (isAway) return;
    isAway = true;
    log.warn({ reason: messageOf(error) }, 'rate limits are counted by each gateway for itself');
  });
  redis.on('ready', () => {
    if (isAway) log.info('rate limits are counted together again');
    isAway = false;
  });
  await connected(redis);
  return {
    createRateLimiter: (rate) => {
      const counter = new RateLimiterRedis({
        storeClient: redis,
        keyPrefix: `${keyPrefix}:${rate.name}`,
        points: rate.points,
        duration: rate.windowSeconds,
        rejectIfRedisNotReady: true,
        insuranceLimiter: memoryCounter(rate),
      });
      return createLimiter(rate, counter);
    },
    close: () => {
      redis.disconnect();
    },
  };
}

function connected(redis: Redis): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(go, connectTimeoutMs);
    redis.once('ready', go);
    redis.once('error', go);
  });
}
