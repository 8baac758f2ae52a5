import type { BrokerChannels, BrokerOptions } from './broker.ts';

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
