import { connect, type NatsConnection } from '@nats-io/transport-node';
import { withoutCredentials } from '../../common/address-credentials.ts';
import { messageOf } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';
import type { ChannelReader, OpenChannel } from '../../engine/channels/event-channels.ts';
import { type BrokerChannels, type BrokerOptions, pingMs, reconnectMaxMs } from './broker.ts';

/** Subjects of NATS, over one connection. */
export class NatsChannels implements BrokerChannels {
  private readonly readers = new Set<ChannelReader>();
  private readonly log: Logger;
  private readonly connection: Promise<NatsConnection>;
  private isClosing = false;

  constructor({ url, log }: BrokerOptions) {
    this.log = log.child({ broker: withoutCredentials(url) });
    const { host, protocol, username, password } = new URL(url);
    this.connection = connect({
      servers: host,
      ...(protocol === 'tls:' && { tls: {} }),
      // A token, or a user with a password.
      ...(username !== '' && password === '' && { token: decodeURIComponent(username) }),
      ...(password !== '' && {
        user: decodeURIComponent(username),
        pass: decodeURIComponent(password),
      }),
      waitOnFirstConnect: true,
      maxReconnectAttempts: -1,
      reconnectTimeWait: reconnectMaxMs / 4,
      reconnectJitter: reconnectMaxMs / 4,
      pingInterval: pingMs,
      maxPingOut: 2,
      ignoreClusterUpdates: true,
    });
    this.connection.then(
      (connection) => this.watch(connection),
      (error: unknown) => {
        this.log.error({ reason: messageOf(error) }, 'the broker of events refuses the connection');
      },
    );
  }

  async open(channel: string, reader: ChannelReader): Promise<OpenChannel> {
    const connection = await this.connection;
    let refusal: Error | undefined;
    const subscription = connection.subscribe(channel, {
      callback: (error, message) => {
        if (error) refusal = error;
        else reader.message(message.string());
      },
    });
    this.readers.add(reader);
    const close = (): void => {
      this.readers.delete(reader);
      subscription.unsubscribe();
    };
    try {
      // The broker has answered everything before it answers this.
      await connection.flush();
      if (refusal) throw refusal;
    } catch (error) {
      close();
      throw error;
    }
    return { close };
  }

  async close(): Promise<void> {
    this.isClosing = true;
    const close = this.connection.then((connection) => connection.close());
    close.catch(() => undefined);
    // A connection that is still being made has nothing to close.
    await Promise.race([close, new Promise((resolve) => setTimeout(resolve, 100).unref())]);
  }

  private async watch(connection: NatsConnection): Promise<void> {
    if (this.isClosing) return connection.close();
    this.log.info('connected to the broker of events');
    for await (const { type } of connection.status()) {
      if (type === 'disconnect') {
        this.log.warn('the connection to the broker of events is lost');
        for (const reader of [...this.readers]) reader.lost();
      } else if (type === 'reconnect') {
        this.log.info('connected to the broker of events');
        for (const reader of [...this.readers]) reader.restored();
      }
    }
    return undefined;
  }
}
