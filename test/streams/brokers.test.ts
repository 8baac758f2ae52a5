import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createConnection } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { connect } from '@nats-io/transport-node';
import { Redis } from 'ioredis';
import { loadGatewayConfig } from '../../gateway/config/load.ts';
import { startTestGateway, type TestGateway } from '../gateway/test-gateway.ts';
import {
  createAccessToken,
  createSigningKey,
  type KeyServer,
  startKeyServer,
} from '../gateway/token-issuer.ts';
import { freePort } from '../support/free-port.ts';
import { redisProgram, startRedisServer } from '../support/redis-server.ts';
import { until } from '../support/until.ts';
import { type ChannelGraph, startChannelGraph } from './channel-graph.ts';
import { type OpenStream, openStream } from './read-events.ts';

/** A broker of a test's own. */
interface Broker {
  readonly url: string;
  /** Sends a text to a channel, by another connection. */
  publish(channel: string, text: string): Promise<void>;
  kill(): Promise<void>;
  restart(): Promise<void>;
}

async function startRedis(): Promise<Broker> {
  const server = await startRedisServer(redisProgram ?? '');
  const url = `redis://127.0.0.1:${server.port}`;
  return {
    url,
    kill: () => server.kill(),
    restart: () => server.restart(),
    publish: async (channel, text) => {
      const redis = new Redis(url);
      await redis.publish(channel, text);
      redis.disconnect();
    },
  };
}

const natsProgram = ['/usr/sbin/nats-server', '/usr/local/bin/nats-server'].find(existsSync);

async function startNats(): Promise<Broker> {
  const port = await freePort();
  const run = async (): Promise<ChildProcess> => {
    const args = ['-a', '127.0.0.1', '-p', String(port), '--user', 'gateway', '--pass', 's3cret'];
    const child = spawn(natsProgram ?? '', args, { stdio: 'ignore' });
    await until(async () => {
      const socket = createConnection(port, '127.0.0.1');
      const [isOpen] = await Promise.race([
        once(socket, 'connect').then(() => [true]),
        once(socket, 'close').then(() => [false]),
      ]).catch(() => [false]);
      socket.destroy();
      return isOpen === true;
    });
    return child;
  };
  let child = await run();
  return {
    url: `nats://gateway:s3cret@127.0.0.1:${port}`,
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
    restart: async () => {
      child = await run();
    },
    publish: async (channel, text) => {
      const connection = await connect({ port, user: 'gateway', pass: 's3cret' });
      connection.publish(channel, text);
      await connection.flush();
      await connection.close();
    },
  };
}

const brokers = [
  ['Redis', startRedis, redisProgram],
  ['NATS', startNats, natsProgram],
] as const;

describe.each(brokers)('streams: events from %s', (_name, startBroker, program) => {
  const key = createSigningKey('one');
  let broker: Broker | undefined;
  let graph: ChannelGraph | undefined;
  let keys: KeyServer | undefined;
  let gateway: TestGateway | undefined;
  afterEach(async () => {
    await gateway?.stop();
    await graph?.stop();
    await keys?.stop();
    await broker?.kill();
    gateway = graph = keys = broker = undefined;
  });
  const start = async (channelsReconnectMs = 30_000) => {
    const started = (broker = await startBroker());
    graph = await startChannelGraph();
    graph.orders.set('1', { owner: 'ann', status: 'NEW' });
    keys = await startKeyServer([key]);
    gateway = await startTestGateway(graph, {
      jwksUrl: keys.jwksUrl,
      settings: {
        subscriptions: { channelsUrl: started.url, channelsReconnectMs, heartbeatMs: 100 },
      },
    });
    await isConnected();
    return { broker: started, graph, gateway };
  };
  const isConnected = (times = 1): Promise<void> =>
    until(
      () =>
        gateway?.log.filter(({ msg }) => msg === 'connected to the broker of events').length ===
        times,
    );
  const open = (query: string, viewer = 'ann'): Promise<OpenStream> => {
    const token = createAccessToken(key, Date.now(), { claims: { sub: viewer } });
    return openStream(gateway?.url ?? '', query, { headers: { authorization: `Bearer ${token}` } });
  };
  const event = JSON.stringify({ __typename: 'Order', id: '1' });
  const statuses = ({ events }: OpenStream): unknown[] =>
    events.map(
      ({ data }) =>
        (data as { data: { orderNow: { status: string } | null } }).data.orderNow?.status,
    );
  const failure = [
    { name: 'next', data: { errors: [{ extensions: { code: 'SUBGRAPH_ERROR' } }] } },
    { name: 'complete', data: undefined },
  ];
  const withProgram = program === undefined ? it.skip : it;

  withProgram('reach the owner of the order, and no other viewer', async () => {
    const {
      broker: own,
      graph: { orders },
    } = await start();
    const ann = await open('subscription { orderNow(id: "1") { id status } }');
    const bob = await open('subscription { orderNow(id: "1") { id status } }', 'bob');
    await until(() => ann.events.length === 1);
    orders.set('1', { owner: 'ann', status: 'PAID' });
    await own.publish('order.1.STATUS', event);
    await until(() => ann.events.length === 2);
    await own.publish('order.1.STATUS', '{"no":');
    await until(() => ann.events.length === 3);
    expect(statuses(ann)).toEqual(['NEW', 'PAID', undefined]);
    expect(ann.events[2]?.data).toMatchObject({
      errors: [{ extensions: { code: 'SUBGRAPH_ERROR' } }],
    });
    expect(JSON.stringify(bob.events)).not.toContain('PAID');
    expect(JSON.stringify(gateway?.log)).not.toContain('s3cret');
    ann.leave();
    bob.leave();
  });

  withProgram(
    'begin again with the present state after the broker was away; without it, clients are told at once',
    async () => {
      const {
        broker: own,
        graph: { orders },
      } = await start();
      const now = await open('subscription { orderNow(id: "1") { status } }');
      const changes = await open('subscription { orderChanged(id: "1") { id } }');
      await until(() => now.events.length === 1);
      await own.publish('order.1.STATUS', event);
      await until(() => changes.events.length === 1 && now.events.length === 2);
      await own.kill();
      await changes.ended;
      expect(changes.events.slice(1)).toMatchObject(failure);
      orders.set('1', { owner: 'ann', status: 'SHIPPED' });
      await own.restart();
      await until(() => now.events.length === 3);
      orders.set('1', { owner: 'ann', status: 'DELIVERED' });
      await own.publish('order.1.STATUS', event);
      await until(() => now.events.length === 4);
      expect(statuses(now)).toEqual(['NEW', 'NEW', 'SHIPPED', 'DELIVERED']);
      now.leave();
    },
  );

  withProgram('end with an error when the broker stays away, and the gateway goes on', async () => {
    const {
      broker: own,
      gateway: { ask },
    } = await start(300);
    const now = await open('subscription { orderNow(id: "1") { status } }');
    await until(() => now.events.length === 1);
    await own.kill();
    await now.ended;
    expect(now.events.slice(1)).toMatchObject(failure);
    const late = await open('subscription { orderNow(id: "1") { status } }');
    await late.ended;
    expect(late.events).toMatchObject(failure);
    expect(await ask('{ product(sku: "a") { name } }')).toMatchObject({
      data: { product: { name: 'Product a' } },
    });
    await own.restart();
    await isConnected(2);
    const again = await open('subscription { orderNow(id: "1") { status } }');
    await until(() => again.events.length === 1);
    again.leave();
  });
});

describe('settings: the broker of events', () => {
  it.each(['kafka://x', 'http://x', 'nats'])('%s is refused', (channelsUrl) => {
    expect(() => loadGatewayConfig({}, [{ subscriptions: { channelsUrl } }])).toThrow(
      /subscriptions.channelsUrl: takes a redis:\/\/, rediss:\/\/, nats:\/\/ or tls:\/\/ URL/,
    );
  });
});
