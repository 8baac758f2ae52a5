import { Redis } from 'ioredis';
import { withoutCredentials } from '../../common/address-credentials.ts';
import { messageOf } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';
import type { ChannelReader, OpenChannel } from '../../engine/channels/event-channels.ts';
import { type BrokerChannels, type BrokerOptions, pingMs, reconnectMaxMs } from './broker.ts';

const commandTimeoutMs = 5_000;

/** Channels of Redis (PUBLISH), over one connection. */
export class RedisChannels implements BrokerChannels {
  private readonly redis: Redis;
  private readonly readers = new Map<string, ChannelReader>();
  private readonly log: Logger;
  private readonly pinging: NodeJS.Timeout;
  private isConnected = false;

  constructor({ url, log }: BrokerOptions) {
    this.log = log.child({ broker: withoutCredentials(url) });
    this.redis = new Redis(url, {
      autoResubscribe: false,
      commandTimeout: commandTimeoutMs,
      connectTimeout: commandTimeoutMs,
      maxRetriesPerRequest: 0,
      enableOfflineQueue: true,
      retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, reconnectMaxMs),
    });
    // The reason is logged with the loss.
    this.redis.on('error', () => undefined);
    this.redis.on('message', (channel, text) => {
      this.readers.get(channel)?.message(text);
    });
    this.redis.on('close', () => {
      if (!this.isConnected) return;
      this.isConnected = false;
      this.log.warn('the connection to the broker of events is lost');
      for (const reader of [...this.readers.values()]) reader.lost();
    });
    this.redis.on('ready', () => {
      this.resume().catch((error: unknown) => {
        this.log.warn({ reason: messageOf(error) }, 'the channels of events could not be read');
        this.redis.disconnect(true);
      });
    });
    // A peer that is gone without a word is noticed by what it does not answer.
    this.pinging = setInterval(() => {
      if (!this.isConnected) return;
      this.redis.ping().catch(() => {
        this.redis.disconnect(true);
      });
    }, pingMs).unref();
  }

  async open(channel: string, reader: ChannelReader): Promise<OpenChannel> {
    this.readers.set(channel, reader);
    try {
      await this.redis.subscribe(channel);
    } catch (error) {
      this.forget(channel, reader);
      throw error;
    }
    return {
      close: () => {
        if (!this.forget(channel, reader)) return;
        this.redis.unsubscribe(channel).catch(() => undefined);
      },
    };
  }

  close(): Promise<void> {
    clearInterval(this.pinging);
    this.redis.disconnect();
    return Promise.resolve();
  }

  /** False when another reads the channel by now. */
  private forget(channel: string, reader: ChannelReader): boolean {
    return this.readers.get(channel) === reader && this.readers.delete(channel);
  }

  private async resume(): Promise<void> {
    const channels = [...this.readers.keys()];
    await Promise.all(channels.map((channel) => this.redis.subscribe(channel)));
    this.isConnected = true;
    this.log.info({ channels: channels.length }, 'connected to the broker of events');
    for (const reader of [...this.readers.values()]) reader.restored();
  }
}
