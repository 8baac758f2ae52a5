import type { Logger } from '../../common/logger.ts';
import type { EventChannels } from '../../engine/channels/event-channels.ts';

/** The channels of a broker, and the end of the connection to it. */
export interface BrokerChannels extends EventChannels {
  close(): Promise<void>;
}

/** How a broker is connected to. */
export interface BrokerOptions {
  readonly url: string;
  readonly log: Logger;
}

/** How often a silent connection is tried, and how long it may take to answer. */
export const pingMs = 5_000;

/** How long a lost connection waits before it is tried again, at most. */
export const reconnectMaxMs = 2_000;

/**
 * The channels of the broker that a URL names. Returns at once; the connection is made meanwhile, and made again whenever
 * it is lost.
 */
export async function openChannels(options: BrokerOptions): Promise<BrokerChannels> {
  if (/^rediss?:/.test(options.url)) {
    const { RedisChannels } = await import('./redis-channels.ts');
    return new RedisChannels(options);
  }
  const { NatsChannels } = await import('./nats-channels.ts');
  return new NatsChannels(options);
}
