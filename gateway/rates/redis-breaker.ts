import type { Redis } from 'ioredis';
import { messageOf } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';

/** Failures one after another, on a connection that stands, with which Redis counts as away. */
const failuresMax = 3;

/** While Redis is away it is asked this often whether it is back. */
const probeEveryMs = 1_000;

/** A connection on which so many probes had no answer is given up for a new one. */
const silentProbesMax = 3;

/** Knows whether Redis can be asked, so that requests need not find out. */
export interface RedisBreaker {
  /** False while Redis is away: it is not to be asked then. */
  isClosed(): boolean;
  /** Told of each command that Redis answered. */
  succeeded(): void;
  /** Told of each command that failed or was answered too late. */
  failed(error: unknown): void;
  /** Ends the probes. */
  close(): void;
}

/**
 * Opens when the connection is lost, or when commands fail one after another; closes when Redis answers a probe. The
 * log has one line for each.
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
    log.warn({ reason: messageOf(error) }, 'rate limits are counted by each gateway for itself');
  };
  const close = (): void => {
    isClosed = true;
    failures = 0;
    silentProbes = 0;
    if (isTold) log.info('rate limits are counted together again');
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
