import { withoutCredentials } from '../../common/address-credentials.ts';
import { kafkaBrokersOf } from '../../common/bus-url.ts';
import { type EventChannelSetting, readEventChannel } from '../../common/event-channel.ts';
import type { HearEvents } from '../../common/event-feed.ts';
import type { Logger } from '../../common/logger.ts';
import { SettingsError } from '../../common/settings.ts';
import type { BrokerChannels, BrokerOptions } from './broker.ts';
import { FeedChannels } from './feed-channels.ts';

/** Where the events of channels come from. */
export interface ChannelSettings {
  readonly channelsUrl?: string | undefined;
  readonly channelsTopics?: readonly string[] | undefined;
  readonly channelsOfEvents?: readonly EventChannelSetting[] | undefined;
}

/** The dependencies of channels. */
export interface OpenChannelsOptions {
  /** Hears the bus of this process, if it has one. */
  readonly hear: HearEvents | undefined;
  readonly log: Logger;
}

/**
 * The channels of the broker that the settings name, or of the bus of this process; undefined when they name none. Resolves at once; the
 * connection is made meanwhile, and made again whenever it is lost. Throws a SettingsError for events of a bus when there is none.
 */
export async function openChannels(
  { channelsUrl: url, channelsTopics: topics = [], channelsOfEvents }: ChannelSettings,
  { hear, log }: OpenChannelsOptions,
): Promise<BrokerChannels | undefined> {
  if (channelsOfEvents === undefined) {
    return url === undefined ? undefined : openBroker({ url, log });
  }
  const ofBus = { eventChannels: channelsOfEvents.map(readEventChannel) };
  if (url === undefined) {
    if (!hear) {
      throw new SettingsError([
        'subscriptions.channelsUrl is missing: subscriptions.channelsOfEvents is about events of a bus, and this process has none. Name a RabbitMQ (amqp://…) or Kafka (kafka://host:port) that carries events, and its exchange or topics in subscriptions.channelsTopics',
      ]);
    }
    return new FeedChannels({ ...ofBus, hear, log }).start();
  }
  const ofBroker = log.child({ broker: withoutCredentials(url) });
  const hearBroker = await hearerOf(url, topics, typesOf(channelsOfEvents), ofBroker);
  return new FeedChannels({ ...ofBus, hear: hearBroker, log: ofBroker }).start();
}

async function openBroker(options: BrokerOptions): Promise<BrokerChannels> {
  if (/^rediss?:/.test(options.url)) {
    const { RedisChannels } = await import('./redis-channels.ts');
    return new RedisChannels(options);
  }
  const { NatsChannels } = await import('./nats-channels.ts');
  return new NatsChannels(options);
}

async function hearerOf(
  url: string,
  topics: readonly string[],
  types: readonly string[],
  log: Logger,
): Promise<HearEvents> {
  const brokers = kafkaBrokersOf(url);
  if (brokers) {
    const { hearKafka } = await import('./kafka-feed.ts');
    return (sink) => hearKafka({ brokers, topics, log }, sink);
  }
  const { hearRabbitMq } = await import('./rabbitmq-feed.ts');
  const [exchange = ''] = topics;
  return (sink) => hearRabbitMq({ url, exchange, types, log }, sink);
}

/** All types that go to a channel: `*` when one takes all. */
function typesOf(channels: readonly EventChannelSetting[]): readonly string[] {
  const all = channels.flatMap(({ types }) => types ?? ['*']);
  return all.includes('*') ? ['*'] : [...new Set(all)];
}
