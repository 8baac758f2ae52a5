import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A path to a server of any protocol, which a test breaks and mends. */
export interface TcpProxy {
  readonly port: number;
  /** How many connections there are to the server. */
  connections(): number;
  /** The existing connections transfer nothing any more, forever, and new ones nothing until `speak`. */
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
  const pairs = new Set<readonly [caller: Socket, server: Socket | undefined]>();
  let isSilent = false;
  let isRefusing = false;
  const server = createServer({ allowHalfOpen: true }, (caller) => {
    caller.on('error', () => undefined);
    if (isRefusing) {
      caller.resetAndDestroy();
      return;
    }
    if (isSilent) {
      hold([caller, undefined]);
      return;
    }
    const upstream = connect({ port: target.port, host: '127.0.0.1', allowHalfOpen: true });
    upstream.on('error', () => caller.resetAndDestroy());
    hold([caller, upstream]);
    caller.pipe(upstream).pipe(caller);
  });

  function hold(pair: readonly [Socket, Socket | undefined]): void {
    pairs.add(pair);
    const [caller, upstream] = pair;
    caller.once('close', () => {
      upstream?.destroy();
      pairs.delete(pair);
    });
  }

  const reset = (): void => {
    for (const [caller] of pairs) caller.resetAndDestroy();
  };

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => [...pairs].filter(([, upstream]) => upstream !== undefined).length,
    silence: () => {
      isSilent = true;
      for (const [caller, upstream] of pairs) {
        caller.unpipe();
        upstream?.unpipe();
        caller.pause();
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
      for (const [caller] of pairs) caller.destroy();
      await closed;
    },
  };
}
