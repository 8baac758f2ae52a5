import { LRUCache } from 'lru-cache';
import { messageOf } from '../../common/errors.ts';
import type { EventAttributes, EventChannel } from '../../common/event-channel.ts';
import type { EventFeed, FeedSink, HearEvents } from '../../common/event-feed.ts';
import type { Logger } from '../../common/logger.ts';
import type { ChannelReader, OpenChannel } from '../../engine/channels/event-channels.ts';
import type { BrokerChannels } from './broker.ts';

/** The dependencies of channels of a bus. */
export interface FeedChannelsOptions {
  readonly hear: HearEvents;
  /** Which channels an event goes to, and as what. */
  readonly eventChannels: readonly EventChannel[];
  readonly log: Logger;
  /** Milliseconds that only grow. */
  readonly now?: () => number;
}

/** The maximum size of an event, as text. */
const eventMaxBytes = 256 * 1024;

/** How long a channel may wait for the bus. */
const openMs = 5_000;

/** Buses deliver at least once: how many events are remembered, so that what comes twice is told once. */
const rememberedMax = 10_000;

/** The same warning is logged once in this time. */
const warnEveryMs = 60_000;

/** Channels of a bus that carries CloudEvents. All channels have one connection: each event is read once, and goes to those who read its channels. */
export class FeedChannels implements BrokerChannels, FeedSink {
  private readonly options: FeedChannelsOptions;
  private readonly readers = new Map<string, Set<ChannelReader>>();
  /** Called when the feed is live. */
  private readonly waiting = new Set<() => void>();
  private readonly told = new LRUCache<string, true>({ max: rememberedMax });
  private isLive = false;
  private isClosed = false;
  private unreadable = 0;
  private warnedAt = -Infinity;
  private feed: Promise<EventFeed> | undefined;

  constructor(options: FeedChannelsOptions) {
    this.options = options;
  }

  /** Begins to hear the bus. Rejects when that is impossible; a bus that is away is waited for. */
  async start(): Promise<this> {
    this.feed = Promise.resolve(this.options.hear(this));
    await this.feed;
    return this;
  }

  async open(channel: string, reader: ChannelReader): Promise<OpenChannel> {
    if (!this.isLive) await this.untilLive();
    const readers = this.readers.get(channel) ?? new Set();
    this.readers.set(channel, readers.add(reader));
    return {
      close: () => {
        readers.delete(reader);
        if (readers.size === 0 && this.readers.get(channel) === readers) {
          this.readers.delete(channel);
        }
      },
    };
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.readers.clear();
    const feed = await this.feed?.catch(() => undefined);
    await feed?.close();
  }

  live(): void {
    if (this.isLive || this.isClosed) return;
    this.isLive = true;
    this.options.log.info({ channels: this.readers.size }, 'connected to the broker of events');
    for (const reader of this.allReaders()) reader.restored();
    for (const open of [...this.waiting]) open();
  }

  lost(): void {
    if (!this.isLive || this.isClosed) return;
    this.isLive = false;
    this.options.log.warn('the connection to the broker of events is lost');
    for (const reader of this.allReaders()) reader.lost();
  }

  event(text: string): void {
    if (this.isClosed || this.readers.size === 0) return;
    let event: EventAttributes;
    try {
      event = readCloudEvent(text);
    } catch (error) {
      this.warn(messageOf(error));
      return;
    }
    const key = JSON.stringify([event.source, event.id]);
    if (this.told.has(key)) return;
    this.told.set(key, true);
    let isForAny = false;
    for (const eventChannel of this.options.eventChannels) {
      const sent = eventChannel(event);
      isForAny ||= sent !== undefined;
      const readers = sent && this.readers.get(sent.channel);
      for (const reader of [...(readers ?? [])]) reader.message(sent?.text ?? '');
    }
    if (isForAny) return;
    const { id, type } = event;
    this.options.log.debug({ event: id, type }, 'an event of the bus goes to no channel');
  }

  private allReaders(): readonly ChannelReader[] {
    return [...this.readers.values()].flatMap((readers) => [...readers]);
  }

  private untilLive(): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(open);
        reject(new Error(`the broker of events was not there within ${openMs} ms`));
      }, openMs).unref();
      const open = (): void => {
        clearTimeout(timer);
        this.waiting.delete(open);
        resolve();
      };
      this.waiting.add(open);
    });
  }

  /** Those who write to the bus could fill the log otherwise. */
  private warn(reason: string): void {
    const { log, now = () => performance.now() } = this.options;
    this.unreadable += 1;
    if (now() - this.warnedAt < warnEveryMs) return;
    log.warn(
      { reason, passedOver: this.unreadable },
      'the bus has something that is no event (CloudEvents 1.0, structured mode); it is passed over',
    );
    this.warnedAt = now();
    this.unreadable = 0;
  }
}

/** Reads an event of the JSON format (CloudEvents 1.0 §2). Throws an Error that says what is wrong. */
function readCloudEvent(text: string): EventAttributes {
  if (Buffer.byteLength(text) > eventMaxBytes) {
    throw new Error(`It is larger than ${eventMaxBytes} bytes.`);
  }
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch {
    // The message of the parser would repeat a part of it.
    throw new Error('It is not JSON.');
  }
  if (typeof event !== 'object' || event === null || Array.isArray(event)) {
    throw new Error('It is not an object.');
  }
  const attributes = event as EventAttributes;
  if (attributes.specversion !== '1.0') throw new Error('Its specversion is not 1.0.');
  for (const name of ['id', 'source', 'type']) {
    const value = attributes[name];
    if (typeof value !== 'string' || value === '') throw new Error(`It has no ${name}.`);
  }
  return attributes;
}
