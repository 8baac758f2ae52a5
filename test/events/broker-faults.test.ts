import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Generated } from 'kysely';
import type { Bus, Consuming } from '../../events/bus/bus.ts';
import { createRabbitMqBus } from '../../events/bus/rabbitmq/rabbitmq-bus.ts';
import { namesFor } from '../../events/bus/rabbitmq/topology.ts';
import { type HandlerContext, on } from '../../events/consumers/define-consumer.ts';
import { startConsumer } from '../../events/consumers/start-consumer.ts';
import { orderCancelledV1 } from '../../events/contracts/order-events.ts';
import { inboxMigrations, type InboxTables } from '../../events/inbox/inbox-tables.ts';
import { migrate } from '../../subgraphs/kit/database/migrate.ts';
import { openPostgres } from '../../subgraphs/kit/database/postgres-home.ts';
import { eventually } from '../support/eventually.ts';
import { createTestDatabase, postgresUrl, type TestDatabase } from '../support/postgres.ts';
import { amqpUrl, ownPrefix, removeQueues, removeQueue } from '../support/rabbitmq.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { cancelled } from './cancelled.ts';
import { createEventHouse, type EventHouse, log } from './event-house.ts';
import { expectInOrder, writeMany } from './many-events.ts';

interface Tables extends InboxTables {
  readonly effects: {
    readonly id: Generated<string>;
    readonly key: string;
    readonly reason: string;
  };
}

const settings = { maxTries: 5, retryDelaysMs: [1_000], messageTimeoutMs: 30_000 };
const consumer = 'counted';

if (amqpUrl === undefined || postgresUrl === undefined) {
  describe.skip('faults of a broker: skipped, TEST_AMQP_URL or TEST_DATABASE_URL is not set', () => {
    it('are not tried', () => undefined);
  });
} else {
  faults(amqpUrl, postgresUrl);
}

function faults(broker: string, server: string): void {
  describe('faults of a broker', () => {
    let testDatabase: TestDatabase;
    let house: EventHouse;
    let prefix: string;
    let proxy: TcpProxy;
    let bus: Bus;
    let consuming: Consuming | undefined;

    beforeEach(async () => {
      testDatabase = await createTestDatabase(server);
      house = await createEventHouse(() =>
        openPostgres({
          url: testDatabase.url,
          poolMax: 10,
          connectTimeoutMs: 5_000,
          statementTimeoutMs: 10_000,
        }),
      );
      const consumers = house.home.connect<Tables>('consumer');
      await migrate(consumers, 'consumer', inboxMigrations);
      await consumers.schema
        .createTable('effects')
        .addColumn('id', 'bigserial')
        .addColumn('key', 'text')
        .addColumn('reason', 'text')
        .execute();
      prefix = ownPrefix();
      const { port } = new URL(broker);
      proxy = await startTcpProxy({ port: Number(port || 5672) });
      const throughProxy = new URL(broker);
      throughProxy.host = `127.0.0.1:${proxy.port}`;
      bus = createRabbitMqBus({
        ...{ url: throughProxy.href, prefix, log },
        prefetch: 20,
        delaysMs: [1_000],
        publishTimeoutMs: 5_000,
      });
    });
    afterEach(async () => {
      await consuming?.stop();
      consuming = undefined;
      await bus.close();
      await proxy.stop();
      await removeQueues(broker, prefix, [consumer], [1_000]);
      await house.close();
      await testDatabase.drop();
    });

    const consume = async (): Promise<void> => {
      consuming = await startConsumer({
        consumer: {
          kind: 'transactional',
          name: consumer,
          handlers: [
            on(orderCancelledV1, async (event, { transaction }: HandlerContext<Tables>) => {
              const { userkey: key, data } = event;
              await transaction
                .insertInto('effects')
                .values({ key, reason: data.reason })
                .execute();
            }),
          ],
        },
        database: house.home.connect<Tables>('consumer'),
        bus,
        settings,
        log,
      });
    };
    const effects = () =>
      house.home
        .connect<Tables>('consumer')
        .selectFrom('effects')
        .select(['key', 'reason'])
        .orderBy('id')
        .execute();

    it('threat 77: an event whose relay is killed between publishing and marking comes again, and has one effect', async () => {
      await writeMany(house, 20, 4);
      const script = new URL('./relay-in-a-process.ts', import.meta.url).pathname;
      const child = spawn(
        process.execPath,
        ['--import', 'tsx', script, testDatabase.url, broker, prefix],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      await once(child.stdout, 'data');
      child.kill('SIGKILL');
      await once(child, 'exit');

      await bus.declare([{ consumer, types: [orderCancelledV1.type] }]);
      const relay = house.startRelay(bus);
      await house.drained();
      await relay.stop();
      const [lag] = await eventually(
        () => bus.lag([consumer]),
        ([now]) => (now?.waiting ?? 0) > 20,
      );
      expect(lag?.waiting).toBeGreaterThan(20);
      await consume();
      await eventually(
        () => bus.lag([consumer]),
        ([now]) => now?.waiting === 0,
      );
      const seen = await eventually(effects, ({ length }) => length === 20);
      expect(new Set(seen.map(({ reason }) => reason)).size).toBe(20);
      expectInOrder(seen);
    });

    it('threat 79: while the broker is away events are written, and then they all come, in their order', async () => {
      await consume();
      const relay = house.startRelay(bus);
      await writeMany(house, 20, 4);
      await eventually(effects, ({ length }) => length === 20);

      proxy.refuse();
      await writeMany(house, 200, 10);
      await expect(
        bus.publish([{ id: 'x', type: orderCancelledV1.type, key: 'x', text: '{}' }], {
          timeoutMs: 1_000,
        }),
      ).rejects.toThrow(/RabbitMQ/);
      proxy.speak();
      await house.drained();
      await relay.stop();
      const seen = await eventually(effects, ({ length }) => length === 220);
      expectInOrder(seen.slice(20));
    });

    it('a queue that has vanished is an error, and is there again', async () => {
      await bus.declare([{ consumer, types: [orderCancelledV1.type] }]);
      const event = cancelled({ userId: '1' });
      const outgoing = {
        id: event.id,
        type: event.type,
        key: event.userkey,
        text: JSON.stringify(event),
      };
      await removeQueue(broker, namesFor(prefix).workQueue(consumer));
      await expect(bus.publish([outgoing], { timeoutMs: 5_000 })).rejects.toThrow(/No queue took/);
      await bus.publish([outgoing], { timeoutMs: 5_000 });
      await eventually(
        () => bus.lag([consumer]),
        ([now]) => now?.waiting === 1,
      );
    });

    it('threat 79: events of a customer keep their order while their queue is so short that it may refuse some', async () => {
      const small = createRabbitMqBus({
        ...{ url: broker, prefix, log, maxLength: 20 },
        prefetch: 20,
        delaysMs: [1_000],
        publishTimeoutMs: 5_000,
      });
      const seen = new Map<string, { readonly key: string; readonly reason: string }>();
      const types = [orderCancelledV1.type];
      await small.declare([{ consumer, types }]);
      const consumed = await small.consume({ consumer, types }, async ({ id, key, text }) => {
        const { data } = JSON.parse(text) as { data: { reason: string } };
        if (!seen.has(id)) seen.set(id, { key, reason: data.reason });
        return { kind: 'done' };
      });
      for (let from = 0; from < 400; from += 200) {
        const outgoing = Array.from({ length: 200 }, (_, index) => {
          const event = cancelled({ userId: '1', reason: `Number ${from + index}` });
          return { id: event.id, type: event.type, key: '1', text: JSON.stringify(event) };
        });
        const publish = () => small.publish(outgoing, { timeoutMs: 5_000 });
        const isTaken = () =>
          publish()
            .then(() => true)
            .catch(() => false);
        while (!(await isTaken())) await pause(1);
      }
      await eventually(
        () => seen.size,
        (size) => size === 400,
      );
      await consumed.stop();
      await small.close();
      expectInOrder([...seen.values()]);
    });

    it('an event without a consumer is no error', async () => {
      await bus.declare([{ consumer, types: [orderCancelledV1.type] }]);
      await bus.publish([{ id: 'x', type: 'shop.order.other.v1', key: 'x', text: '{}' }], {
        timeoutMs: 5_000,
      });
      expect((await bus.lag([consumer]))[0]?.waiting).toBe(0);
    });
  });
}
