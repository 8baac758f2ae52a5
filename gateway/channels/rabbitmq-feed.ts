import { type Channel, Connection } from 'rabbitmq-client';
import { messageOf } from '../../common/errors.ts';
import type { EventFeed, FeedSink } from '../../common/event-feed.ts';
import type { Logger } from '../../common/logger.ts';
import { within } from '../../common/within.ts';
import { pingMs, reconnectMaxMs } from './broker.ts';

/** What is heard of a RabbitMQ. */
export interface RabbitMqFeedOptions {
  readonly url: string;
  /** A topic exchange, whose routing keys are the types of events. It is not declared here: its owner does that. */
  readonly exchange: string;
  /** Types of events, exactly or by their beginning, as `shop.order.*`. */
  readonly types: readonly string[];
  readonly log: Logger;
}

const connectTimeoutMs = 5_000;

/** The first pause before another try. */
const reconnectMinMs = 200;

/** After this time without an ending of the connection, the process goes on without it. */
const closeMs = 2_000;

/**
 * The queue of this process alone, named by the broker, which removes it with the connection. What is not read in time is
 * dropped: the gateway must not fill the broker.
 */
const ownQueue = {
  queue: '',
  exclusive: true,
  autoDelete: true,
  durable: false,
  arguments: {
    'x-max-length': 10_000,
    'x-max-length-bytes': 64 * 1024 * 1024,
    'x-overflow': 'drop-head',
  },
} as const;

/** Hears the events of an exchange. While it or the broker is away, it is looked for again and again. */
export function hearRabbitMq(options: RabbitMqFeedOptions, sink: FeedSink): EventFeed {
  return new RabbitMqFeed(options, sink);
}

class RabbitMqFeed implements EventFeed {
  private readonly options: RabbitMqFeedOptions;
  private readonly sink: FeedSink;
  private readonly connection: Connection;
  private channel: Channel | undefined;
  private retry: NodeJS.Timeout | undefined;
  private pauseMs = reconnectMinMs;
  private isTold = false;
  private isClosed = false;

  constructor(options: RabbitMqFeedOptions, sink: FeedSink) {
    this.options = options;
    this.sink = sink;
    this.connection = new Connection({
      url: options.url,
      connectionName: 'gateway channels',
      acquireTimeout: connectTimeoutMs,
      connectionTimeout: connectTimeoutMs,
      retryLow: reconnectMinMs,
      retryHigh: reconnectMaxMs,
      heartbeat: pingMs / 1_000,
    });
    this.connection.on('error', (error: unknown) => {
      this.lose(error);
    });
    this.begin();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.retry);
    // The connection waits for its channels.
    if (this.channel?.active) await closeQuietly(this.channel);
    await within(
      this.connection.close().catch(() => undefined),
      closeMs,
      undefined,
    );
    this.connection.unsafeDestroy();
  }

  private begin(): void {
    this.listen().catch((error: unknown) => {
      this.lose(error);
      this.beginLater();
    });
  }

  private beginLater(): void {
    clearTimeout(this.retry);
    if (this.isClosed) return;
    this.retry = setTimeout(() => {
      this.begin();
    }, this.pauseMs);
    this.pauseMs = Math.min(this.pauseMs * 2, reconnectMaxMs);
  }

  /** The exchange comes first: a queue that was declared before it is missed would stay as long as the connection. */
  private async listen(): Promise<void> {
    const { exchange, types } = this.options;
    const channel = await this.connection.acquire({ emitErrorsFromChannel: true });
    this.channel = channel;
    let reason: unknown = new Error('the channel was closed');
    let isHeard = false;
    channel.on('error', (error: unknown) => {
      reason = error;
    });
    try {
      await channel.exchangeDeclare({ exchange, passive: true });
      const { queue } = await channel.queueDeclare(ownQueue);
      for (const type of types) {
        await channel.queueBind({ exchange, queue, routingKey: routingKeyOf(type) });
      }
      await channel.basicConsume({ queue, noAck: true }, ({ body }: { body: unknown }) => {
        if (isHeard) this.sink.event(textOf(body));
      });
    } catch (error) {
      await closeQuietly(channel);
      throw error;
    }
    const end = (): void => {
      if (!isHeard) return;
      isHeard = false;
      this.lose(reason);
      this.beginLater();
    };
    isHeard = true;
    channel.once('close', end);
    channel.once('basic.cancel', () => {
      reason = new Error('the queue was deleted');
      end();
      void closeQuietly(channel);
    });
    // It may have been closed meanwhile.
    if (!channel.active) {
      end();
      return;
    }
    this.pauseMs = reconnectMinMs;
    this.isTold = false;
    this.sink.live();
  }

  private lose(error: unknown): void {
    if (this.isClosed) return;
    const { log, exchange } = this.options;
    if (!this.isTold) {
      log.warn({ reason: messageOf(error), exchange }, 'events of RabbitMQ cannot be heard');
    }
    this.isTold = true;
    this.sink.lost();
  }
}

async function closeQuietly(channel: Channel): Promise<void> {
  await within(
    channel.close().catch(() => undefined),
    closeMs,
    undefined,
  );
}

/** `*` stands for any rest here. RabbitMQ has `#` for whole words; the rest of a word is compared by the gateway. */
function routingKeyOf(type: string): string {
  if (!type.endsWith('*')) return type;
  const words = type.slice(0, -1).split('.').slice(0, -1);
  return [...words, '#'].join('.');
}

/** The body: bytes, text for `text/plain`, or what was parsed for `application/json`. */
function textOf(body: unknown): string {
  if (Buffer.isBuffer(body)) return body.toString('utf8');
  if (typeof body === 'string') return body;
  try {
    return JSON.stringify(body);
  } catch {
    // It nests so deep that it can be parsed, but not written.
    return '';
  }
}
