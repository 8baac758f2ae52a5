import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createConnection } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { connect } from '@nats-io/transport-node';
import { Redis } from 'ioredis';
import { loadGatewayConfig } from '../../gateway/config/load.ts';
import { startTestGateway } from '../gateway/test-gateway.ts';
import { freePort } from '../support/free-port.ts';
import { redisProgram, startRedisServer } from '../support/redis-server.ts';
import { until } from '../support/until.ts';
import { type Broker, describeBroker } from './broker-events.ts';
import { startChannelGraph } from './channel-graph.ts';
import { channelsOfEvents } from './test-buses.ts';

/** What is sent to a channel when an order has changed. */
const channelOf = (id: string): string => `order.${id}.STATUS`;
const payloadOf = (id: string): string => JSON.stringify({ __typename: 'Order', id });
const garbled = '{"no":';

async function startRedis(): Promise<Broker> {
  const server = await startRedisServer(redisProgram ?? '');
  const url = `redis://127.0.0.1:${server.port}`;
  const publish = async (text: string): Promise<void> => {
    const redis = new Redis(url);
    await redis.publish(channelOf('1'), text);
    redis.disconnect();
  };
  return {
    settings: { channelsUrl: url },
    tell: (id) => publish(payloadOf(id)),
    garble: () => publish(garbled),
    kill: () => server.kill(),
    restart: () => server.restart(),
    stop: () => server.kill(),
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
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  const publish = async (text: string): Promise<void> => {
    const connection = await connect({ port, user: 'gateway', pass: 's3cret' });
    connection.publish(channelOf('1'), text);
    await connection.flush();
    await connection.close();
  };
  return {
    settings: { channelsUrl: `nats://gateway:s3cret@127.0.0.1:${port}` },
    tell: (id) => publish(payloadOf(id)),
    garble: () => publish(garbled),
    kill,
    restart: async () => {
      child = await run();
    },
    stop: kill,
  };
}

describeBroker('Redis', startRedis, {
  missing: redisProgram === undefined ? 'there is no redis-server' : undefined,
});
describeBroker('NATS', startNats, {
  missing: natsProgram === undefined ? 'there is no nats-server' : undefined,
});

describe('settings: the broker of events', () => {
  const bus = { channelsUrl: 'amqp://x', channelsTopics: ['shop.events.all'], channelsOfEvents };
  const load = (subscriptions: object) => () => loadGatewayConfig({}, [{ subscriptions }]);

  it.each([
    [
      { channelsUrl: 'http://x' },
      /channelsUrl: takes a redis:\/\/, .*kafka:\/\/host:port, not "http/,
    ],
    [{ channelsUrl: 'nats' }, /channelsUrl: takes a redis:/],
    [{ channelsUrl: 'kafka://x' }, /channelsUrl: takes kafka:\/\/host:port, several with commas/],
    [{ channelsUrl: 'kafka://a:1,b' }, /channelsUrl: takes kafka:/],
    [{ channelsUrl: 'kafka://me:s3cret@a:1' }, /channelsUrl: takes kafka:.*not "…@a:1"/],
    [{ channelsUrl: 'kafka://a:1?group=x' }, /channelsUrl: takes kafka:.*without .* parameters/],
    [{ ...bus, channelsUrl: 'amqp://x?heartbeat=1' }, /channelsUrl: takes no parameters/],
    [{ ...bus, channelsTopics: undefined }, /channelsTopics is missing: the exchange of RabbitMQ/],
    [{ ...bus, channelsTopics: ['a', 'b'] }, /channelsTopics: takes one exchange/],
    [
      { ...bus, channelsUrl: 'kafka://a:1', channelsTopics: undefined },
      /channelsTopics is missing: the topics of Kafka/,
    ],
    [{ ...bus, channelsTopics: ['a b'] }, /channelsTopics.*: takes a list of names of topics/],
    [{ ...bus, channelsOfEvents: undefined }, /channelsOfEvents is missing/],
    [{ ...bus, channelsOfEvents: [] }, /channelsOfEvents: takes at least one channel/],
    [{ ...bus, channelsUrl: 'nats://x' }, /channelsOfEvents is for events of a bus/],
    [{ channelsTopics: ['a'] }, /channelsTopics is only for a RabbitMQ or Kafka/],
    [
      {
        ...bus,
        channelsOfEvents: [{ channel: 'order.{args.id}', event: { __typename: 'Order' } }],
      },
      /channelsOfEvents.0.channel: has "order.{args.id}": an attribute of the event is written/,
    ],
  ])('%j is refused', (subscriptions, reason) => {
    expect(load(subscriptions)).toThrow(reason);
  });

  it('of one process with its bus is not needed; without it, the start says what to set', async () => {
    const graph = await startChannelGraph();
    await expect(
      startTestGateway(graph, { settings: { subscriptions: { channelsOfEvents } } }),
    ).rejects.toThrow(/subscriptions.channelsUrl is missing: subscriptions.channelsOfEvents/);
    await graph.stop();
  });
});
