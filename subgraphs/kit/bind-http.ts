import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { hostAndPort } from '../../common/host-and-port.ts';
import { type ListenAddress, listenFailure } from '../../common/listen-failure.ts';

/** Listens, and gives the URL. Throws a StartupError when it cannot; then the server is closed. */
export async function bindHttp(app: FastifyInstance, address: ListenAddress): Promise<string> {
  const { host, port } = address;
  try {
    await app.listen({ host, port });
  } catch (error) {
    await app.close();
    throw listenFailure(error, address);
  }
  const { port: bound } = app.server.address() as AddressInfo;
  return `http://${hostAndPort(host, bound)}`;
}
