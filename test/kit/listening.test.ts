import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { describe, it } from '@jest/globals';
import { listenOnPostgres } from '../../subgraphs/kit/database/listen-on-postgres.ts';
import { postgresUrl } from '../support/postgres.ts';
import { until } from '../support/until.ts';

/** How a server that shuts down says so (PostgreSQL, "Message Formats": ErrorResponse). */
function shutdownMessage(): Buffer {
  const fields = Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection\0\0', 'latin1');
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeUInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

/** When a connection ends that asked to listen. */
type Moment = 'before the answer' | 'with the answer' | 'after the answer';

const isAnswered = Buffer.from('LISTEN\0');

/** In front of PostgreSQL: after the first, some connections end at a moment. */
class CuttingProxy {
  readonly #open = new Set<Socket>();
  readonly #server: Server;
  #answered = 0;

  constructor(to: URL, moment: Moment, cut: number) {
    this.#server = createServer((client) => {
      const upstream = connect(Number(to.port || 5432), to.hostname);
      for (const [socket, other] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        this.#open.add(socket);
        socket.on('error', () => socket.destroy());
        socket.on('close', () => {
          this.#open.delete(socket);
          other.destroy();
        });
      }
      client.pipe(upstream);
      upstream.on('data', (data) => {
        const isCut = data.includes(isAnswered) && (this.#answered += 1) > 1;
        if (!isCut || this.#answered > cut + 1) client.write(data);
        else if (moment === 'before the answer') client.destroy();
        else if (moment === 'with the answer') client.end(Buffer.concat([data, shutdownMessage()]));
        else client.write(data, () => client.end(shutdownMessage()));
      });
    });
  }

  get answered(): number {
    return this.#answered;
  }

  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  cutAll(): void {
    for (const socket of this.#open) socket.destroy();
  }

  close(): void {
    this.#server.close();
    this.cutAll();
  }
}

(postgresUrl === undefined ? describe.skip : describe)('listening on PostgreSQL', () => {
  it.each<Moment>(['before the answer', 'with the answer', 'after the answer'])(
    'is begun again when connections end %s',
    async (moment) => {
      const cut = 2;
      const proxy = new CuttingProxy(new URL(postgresUrl ?? ''), moment, cut);
      const url = new URL(postgresUrl ?? '');
      url.host = `127.0.0.1:${await proxy.listen()}`;
      const lost: string[] = [];
      let missed = 0;
      const listen = listenOnPostgres({
        url: url.href,
        connectTimeoutMs: 5_000,
        onLost: ({ message }) => lost.push(message),
      });
      const opened = await listen('listening-test', {
        onNotified: () => undefined,
        onMissed: () => (missed += 1),
      });
      try {
        proxy.cutAll();
        await until(() => missed >= 1 && proxy.answered === cut + 2);
        // What ended after the answer was open, and is lost like the first.
        await until(() => lost.length === cut + 1);
      } finally {
        await opened.close();
        proxy.close();
      }
    },
  );
});
