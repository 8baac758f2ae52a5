import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A path to a server of any protocol, which a test breaks and mends. */
export interface TcpProxy {
  readonly port: number;
  /** How many connections there are to the server. */
  connections(): number;
  /** The connections there are carry nothing any more, for ever, and so does each new one until `speak`. */
  silence(): void;
  /** Ends the connections there are by a reset, and each new one too, until `speak`. */
  refuse(): void;
  /** New connections work again. Those that went silent stay so, as behind a router that has forgotten them. */
  speak(): void;
  /** Ends the connections there are by a reset. */
  reset(): void;
  stop(): Promise<void>;
}

/** Starts a proxy on a free port of loopback. */
export async function startTcpProxy(target: { readonly port: number }): Promise<TcpProxy> {
  const pairs = new Set<readonly [asker: Socket, server: Socket | undefined]>();
  let isSilent = false;
  let isRefusing = false;
  const server = createServer({ allowHalfOpen: true }, (asker) => {
    asker.on('error', () => undefined);
    if (isRefusing) {
      asker.resetAndDestroy();
      return;
    }
    if (isSilent) {
      hold([asker, undefined]);
      return;
    }
    const upstream = connect({ port: target.port, host: '127.0.0.1', allowHalfOpen: true });
    upstream.on('error', () => asker.resetAndDestroy());
    hold([asker, upstream]);
    asker.pipe(upstream).pipe(asker);
  });

  function hold(pair: readonly [Socket, Socket | undefined]): void {
    pairs.add(pair);
    const [asker, upstream] = pair;
    asker.once('close', () => {
      upstream?.destroy();
      pairs.delete(pair);
    });
  }

  const reset = (): void => {
    for (const [asker] of pairs) asker.resetAndDestroy();
  };

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => [...pairs].filter(([, upstream]) => upstream !== undefined).length,
    silence: () => {
      isSilent = true;
      for (const [asker, upstream] of pairs) {
        asker.unpipe();
        upstream?.unpipe();
        asker.pause();
        upstream?.pause();
      }
    },
    refuse: () => {
      isRefusing = true;
      reset();
    },
    speak: () => {
      isSilent = false;
      isRefusing = false;
    },
    reset,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const [asker] of pairs) asker.destroy();
      await closed;
    },
  };
}
