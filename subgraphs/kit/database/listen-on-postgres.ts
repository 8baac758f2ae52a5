import pg from 'pg';
import { within } from '../../../common/within.ts';
import type { Listen, Listening, NotificationSink } from './listen.ts';

/** The options of listening. */
export interface PostgresListenOptions {
  readonly url: string;
  readonly connectTimeoutMs: number;
  /** Called when the connection breaks, and for each try to open it again that fails. */
  readonly onLost: (error: Error) => void;
}

const firstPauseMs = 100;
const longestPauseMs = 5_000;

/**
 * Listens on a connection of its own, which a pool could not keep. A lost connection is opened again, with growing
 * pauses. Rejects when the first one cannot be opened.
 */
export function listenOnPostgres(options: PostgresListenOptions): Listen {
  return async (channel, sink) => {
    const listener = new PostgresListener(options, channel, sink);
    await listener.connect();
    return listener;
  };
}

class PostgresListener implements Listening {
  private readonly options: PostgresListenOptions;
  private readonly channel: string;
  private readonly sink: NotificationSink;
  private client: pg.Client | undefined;
  private retry: NodeJS.Timeout | undefined;
  private pauseMs = firstPauseMs;
  private isClosed = false;

  constructor(options: PostgresListenOptions, channel: string, sink: NotificationSink) {
    this.options = options;
    this.channel = channel;
    this.sink = sink;
  }

  async connect(): Promise<void> {
    const { url, connectTimeoutMs } = this.options;
    const client = new pg.Client({
      connectionString: url,
      connectionTimeoutMillis: connectTimeoutMs,
      query_timeout: connectTimeoutMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      application_name: 'supergraph-listen',
    });
    let lost: Error | undefined;
    const lose = (error: Error): void => {
      if (lost || this.isClosed) return;
      lost = error;
      if (this.client !== client) return;
      this.options.onLost(error);
      void this.end(client);
      this.connectLater();
    };
    client.on('error', lose);
    client.on('end', () => {
      lose(new Error('The connection that listens has ended.'));
    });
    client.on('notification', ({ payload = '' }) => {
      this.sink.onNotified(payload);
    });
    try {
      await client.connect();
      await client.query(`listen ${pg.escapeIdentifier(this.channel)}`);
      // The reason to close may come with the answer.
      if (lost) throw lost;
    } catch (error) {
      lost ??= error as Error;
      await this.end(client);
      throw error;
    }
    this.client = client;
    this.pauseMs = firstPauseMs;
    if (this.isClosed) await this.close();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.retry);
    const { client } = this;
    this.client = undefined;
    if (client) await this.end(client);
  }

  private async end(client: pg.Client): Promise<void> {
    const ended = client.end().catch(() => undefined);
    await within(ended, this.options.connectTimeoutMs, undefined);
  }

  private connectLater(): void {
    this.client = undefined;
    if (this.isClosed) return;
    this.retry = setTimeout(() => {
      this.connect().then(
        () => {
          this.sink.onMissed();
        },
        (error: unknown) => {
          this.options.onLost(error instanceof Error ? error : new Error(String(error)));
          this.connectLater();
        },
      );
    }, this.pauseMs).unref();
    this.pauseMs = Math.min(longestPauseMs, this.pauseMs * 2);
  }
}
