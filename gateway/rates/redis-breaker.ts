import type { Redis } from 'ioredis';
import { messageOf } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';

/** After this many consecutive failures on an open connection, Redis counts as unavailable. */
const failuresMax = 3;

/** How often an unavailable Redis is probed. */
const probeEveryMs = 1_000;

/** After this many unanswered probes, the connection is replaced. */
const silentProbesMax = 3;

/** Knows whether Redis is available, so that requests need not find out. */
export interface RedisBreaker {
  /** False while Redis is unavailable and must not be called. */
  isClosed(): boolean;
  /** To be called for each command that Redis answered. */
  succeeded(): void;
  /** To be called for each command that failed or was answered too late. */
  failed(error: unknown): void;
  /** Stops the probes. */
  close(): void;
}

/**
 * Opens when the connection is lost, or when consecutive commands fail; closes when Redis answers a probe. Each change
 * is logged once.
 */
export function createRedisBreaker(redis: Redis, log: Logger): RedisBreaker {
  let isClosed = redis.status === 'ready';
  let isTold = false;
  let failures = 0;
  let silentProbes = 0;

  const open = (error: unknown): void => {
    isClosed = false;
    if (isTold) return;
    isTold = true;
    log.warn({ reason: messageOf(error) }, 'rate limits are counted by each gateway separately');
  };
  const close = (): void => {
    isClosed = true;
    failures = 0;
    silentProbes = 0;
    if (isTold) log.info('rate limits are counted in Redis again');
    isTold = false;
  };
  const probe = async (): Promise<void> => {
    try {
      await redis.ping();
      close();
    } catch (error) {
      open(error);
      silentProbes += 1;
      if (silentProbes < silentProbesMax) return;
      silentProbes = 0;
      redis.disconnect(true);
    }
  };
  const probing = setInterval(() => {
    if (!isClosed && redis.status === 'ready') void probe();
  }, probeEveryMs);
  probing.unref();

  const onClose = (): void => {
    open(new Error('the connection was closed'));
  };
  redis.on('error', open);
  redis.on('close', onClose);
  redis.on('ready', () => {
    silentProbes = 0;
    close();
  });
  return {
    isClosed: () => isClosed,
    succeeded: () => {
      failures = 0;
    },
    failed: (error) => {
      failures += 1;
      if (failures >= failuresMax || redis.status !== 'ready') open(error);
    },
    close: () => {
      clearInterval(probing);
      redis.off('close', onClose);
    },
  };
}
