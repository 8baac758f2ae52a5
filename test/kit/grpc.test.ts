import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { Metadata, status } from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../common/clock.ts';
import { AppError } from '../../common/errors.ts';
import { createLogger } from '../../common/logger.ts';
import type { CallScope } from '../../subgraphs/kit/grpc/handlers.ts';
import {
  type InventoryMethods,
  inventoryPackage,
  inventoryService,
} from '../../subgraphs/kit/grpc/inventory-contract.ts';
import { type Channel, openChannel } from '../../subgraphs/kit/grpc/open-channel.ts';
import { type GrpcServer, openGrpcServer } from '../../subgraphs/kit/grpc/open-server.ts';
import { statementMsNow } from '../../subgraphs/kit/request-time.ts';
import { freePort } from '../support/free-port.ts';
import { openGenericClient } from '../support/grpc.ts';
import { until } from '../support/until.ts';

type Answer = (scope: CallScope) => Promise<object>;

const trace = {
  correlationId: 'a-correlation-id',
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
};
const release = { order_id: '1' };

/** A channel and a server as subgraphs have them, with a method that does what a test says. */
describe('kit/grpc', () => {
  const open: { stop(): Promise<void> | void }[] = [];
  let logged = '';

  afterEach(async () => {
    for (const each of open.splice(0).reverse()) await each.stop();
    logged = '';
  });

  it('carries identity, correlation and trace', async () => {
    const { address } = await serve(async ({ header, correlationId, traceparent }) => {
      expect(header('x-service-identity')).toBe('an identity');
      expect({ correlationId, traceparent }).toEqual(trace);
      return {};
    });
    expect(await channelTo(address).call('Release', release, { trace, deadlineMs: 5_000 })).toEqual(
      {},
    );
  });

  it('aborts at the deadline, and so does the server', async () => {
    let left = Number.NaN;
    let hasEnded = false;
    const { address } = await serve(async ({ signal }) => {
      left = statementMsNow(60_000);
      await once(signal, 'abort');
      hasEnded = true;
      // The next statement of the call, whose client no longer waits.
      statementMsNow(60_000);
      throw new Error('A statement was started although its client no longer waits.');
    });
    await expect(
      channelTo(address).call('Release', release, { trace, deadlineMs: 400 }),
    ).rejects.toMatchObject({
      code: 'SUBGRAPH_TIMEOUT',
      message: 'Subgraph "products" did not answer within 400 ms.',
    });
    await until(() => hasEnded);
    expect(left).toBeLessThanOrEqual(512);
    expect(logged).toBe('');
  });

  it('aborts at the deadline when a server listens but does not answer', async () => {
    const sockets = new Set<Socket>();
    const silent = createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1');
    open.push({
      stop: () => {
        for (const socket of sockets) socket.destroy();
        silent.close();
      },
    });
    await until(() => silent.listening);
    const { port } = silent.address() as AddressInfo;
    await expect(
      channelTo(`127.0.0.1:${port}`).call('Release', release, { trace, deadlineMs: 300 }),
    ).rejects.toMatchObject({ code: 'SUBGRAPH_TIMEOUT' });
  });

  it('fails at once where nothing listens', async () => {
    await expect(
      channelTo(`127.0.0.1:${await freePort()}`).call('Release', release, {
        trace,
        deadlineMs: 30_000,
      }),
    ).rejects.toMatchObject({
      code: 'SUBGRAPH_ERROR',
      message: 'Subgraph "products" failed to answer.',
    });
  });

  it('retries only calls that reached no server', async () => {
    let calls = 0;
    const { address } = await serve(async () => {
      calls += 1;
      if (calls < 3) throw new AppError('DATABASE_UNAVAILABLE', 'The database is away.');
      return {};
    });
    await channelTo(address).call('Release', release, { trace, deadlineMs: 30_000 });
    expect(calls).toBe(3);

    for (const code of ['OVERLOADED', 'BAD_USER_INPUT', 'UNAUTHENTICATED'] as const) {
      let others = 0;
      const other = await serve(async () => {
        others += 1;
        throw new AppError(code, 'No.');
      });
      await expect(
        channelTo(other.address).call('Release', release, { trace, deadlineMs: 30_000 }),
      ).rejects.toMatchObject({ code: 'SUBGRAPH_ERROR' });
      expect([code, others]).toEqual([code, 1]);
    }
  });

  it('threat 64: does not multiply the calls to a server that fails', async () => {
    let calls = 0;
    const { address } = await serve(async () => {
      calls += 1;
      throw new AppError('DATABASE_UNAVAILABLE', 'The database is away.');
    });
    const channel = channelTo(address);
    for (let call = 0; call < 60; call += 1) {
      await channel
        .call('Release', release, { trace, deadlineMs: 30_000 })
        .catch((error: unknown) => error);
    }
    expect(calls).toBeGreaterThanOrEqual(60);
    expect(calls).toBeLessThan(80);
  });

  it('reconnects to a server that is back', async () => {
    const port = await freePort();
    const channel = channelTo(`127.0.0.1:${port}`);
    const ask = (): Promise<object> =>
      channel.call('Release', release, { trace, deadlineMs: 5_000 });
    await expect(ask()).rejects.toMatchObject({ code: 'SUBGRAPH_ERROR' });
    const server = await serve(async () => ({}), port);
    await until(() =>
      ask().then(
        () => true,
        () => false,
      ),
    );
    await server.stop();
    await expect(ask()).rejects.toMatchObject({ code: 'SUBGRAPH_ERROR' });
    await serve(async () => ({}), port);
    await until(() =>
      ask().then(
        () => true,
        () => false,
      ),
    );
  });

  it('hides an unexpected error from the caller, and logs it', async () => {
    const { address } = await serve(async () => {
      throw new Error('the password is secret-123');
    });
    const client = openGenericClient(address);
    open.push({
      stop: () => {
        client.close();
      },
    });
    const metadata = new Metadata();
    metadata.set('x-correlation-id', trace.correlationId);
    await expect(
      client.call(`${inventoryService}/Release`, release, metadata),
    ).rejects.toMatchObject({ code: status.INTERNAL, details: 'Internal error' });
    expect(logged).toContain('secret-123');
    expect(logged).toContain(trace.correlationId);
  });

  it('refuses a message over 1 MiB', async () => {
    const { address } = await serve(async () => ({}));
    const client = openGenericClient(address);
    open.push({
      stop: () => {
        client.close();
      },
    });
    const product_ids = Array.from({ length: 200_000 }, () => '9007199254740993');
    await expect(
      client.call(`${inventoryService}/GetProducts`, { product_ids }),
    ).rejects.toMatchObject({ code: status.RESOURCE_EXHAUSTED });
  });

  describe('when it is told to stop', () => {
    it('finishes calls in flight, accepts no new ones, and reports that by its health', async () => {
      let end = (): void => undefined;
      let isAsked = false;
      const server = await serve(() => {
        isAsked = true;
        return new Promise(
          (resolve) =>
            (end = () => {
              resolve({});
            }),
        );
      });
      const watching = watchHealth(server.address);
      await until(() => watching.seen().includes('SERVING'));
      const channel = channelTo(server.address);
      const asked = channel.call('Release', release, { trace, deadlineMs: 60_000 });
      await until(() => isAsked);
      const stopped = server.stop();
      await until(() => watching.seen().includes('NOT_SERVING'));
      expect(server.waitsFor?.()).toEqual([
        expect.stringMatching(/^\/shop\.inventory\.v1\.Inventory\/Release for \d+\.\d s$/),
      ]);
      await expect(
        channelTo(server.address).call('Release', release, { trace, deadlineMs: 5_000 }),
      ).rejects.toMatchObject({ code: 'SUBGRAPH_ERROR' });
      end();
      expect(await asked).toEqual({});
      // A client that watches the health would watch forever.
      await stopped;
    });

    it('cuts off calls that do not end by its deadline', async () => {
      let isAsked = false;
      const server = await serve(
        () => {
          isAsked = true;
          return new Promise(() => undefined);
        },
        0,
        { delayMs: 0, timeoutMs: 200 },
      );
      const asked = channelTo(server.address).call('Release', release, {
        trace,
        deadlineMs: 60_000,
      });
      const failed = expect(asked).rejects.toMatchObject({ code: 'SUBGRAPH_ERROR' });
      await until(() => isAsked);
      await server.stop();
      await failed;
      expect(logged).toContain('requests in flight are cut off');
    });
  });

  it('does not start where its port is taken, and names the setting', async () => {
    const { address } = await serve(async () => ({}));
    const port = Number(address.split(':').at(-1));
    await expect(serve(async () => ({}), port)).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: `Port ${port} on 127.0.0.1 is in use.`,
      advice: expect.stringContaining('THE_SETTING='),
    });
  });

  async function serve(
    answer: Answer,
    port = 0,
    drain = { delayMs: 0, timeoutMs: 10_000 },
  ): Promise<GrpcServer> {
    const lines = new PassThrough();
    lines.on('data', (chunk: Buffer) => (logged += chunk.toString()));
    const server = await openGrpcServer({
      address: { host: '127.0.0.1', port, portSetting: 'THE_SETTING' },
      services: [
        {
          definition: inventoryPackage,
          name: inventoryService,
          methods: ({ unary }) => {
            const method = unary(
              () => undefined,
              (_, scope) => answer(scope),
            );
            return { GetProducts: method, Reserve: method, Confirm: method, Release: method };
          },
        },
      ],
      drain,
      clock: systemClock,
      log: createLogger('test', 'debug', lines),
    });
    open.push(server);
    return server;
  }

  function channelTo(address: string): Channel<InventoryMethods> {
    const channel = openChannel<InventoryMethods>({
      address,
      definition: inventoryPackage,
      service: inventoryService,
      owner: 'products',
      signIdentity: () => 'an identity',
    });
    open.push({
      stop: () => {
        channel.close();
      },
    });
    return channel;
  }

  function watchHealth(address: string): { seen(): readonly string[] } {
    const client = openGenericClient(address);
    open.push({
      stop: () => {
        client.close();
      },
    });
    const seen: string[] = [];
    void client.stream('grpc.health.v1.Health/Watch', { service: '' }).then((stream) => {
      stream.on('data', (message: { status: string }) => seen.push(message.status));
      stream.on('error', () => undefined);
    });
    return { seen: () => seen };
  }
});
