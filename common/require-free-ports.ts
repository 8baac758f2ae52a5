import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { type ListenAddress, listenFailure } from './listen-failure.ts';

/**
 * Checks that all of these addresses are free, before a start does anything slow. Throws the StartupError that a server
 * there would throw; also rejects two addresses with the same port. Port 0 is always free.
 */
export async function requireFreePorts(addresses: readonly ListenAddress[]): Promise<void> {
  const servers: Server[] = [];
  try {
    for (const address of addresses) {
      if (address.port === 0) continue;
      const server = createServer((client) => client.destroy());
      servers.push(server);
      server.listen({ host: address.host, port: address.port });
      await once(server, 'listening').catch((error: unknown) => {
        throw listenFailure(error, address);
      });
    }
  } finally {
    await Promise.all(servers.map(close));
  }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}
