import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Generated, Kysely } from 'kysely';
import { type Bus, BusUnavailableError, type Consuming } from '../../events/bus/bus.ts';
import { createKafkaBus } from '../../events/bus/kafka/kafka-bus.ts';
import { type HandlerContext, on } from '../../events/consumers/define-consumer.ts';
import { startConsumer } from '../../events/consumers/start-consumer.ts';
import { orderCancelledV1 } from '../../events/contracts/order-events.ts';
import { inboxMigrations, type InboxTables } from '../../events/inbox/inbox-tables.ts';
import { migrate } from '../../subgraphs/kit/database/migrate.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { kafkaSource } from '../support/kafka.ts';
import { cancelled } from './cancelled.ts';
import { log } from './event-house.ts';
import { type KafkaHouse, openKafkaHouse } from './kafka-house.ts';
import { expectInOrder, writeMany } from './many-events.ts';

interface Tables extends InboxTables {
  readonly effects: {
    readonly id: Generated<string>;
    readonly key: string;
    readonly reason: string;
  };
}

const settings = { maxTries: 2, retryDelaysMs: [300], messageTimeoutMs: 5_000 };
const types = [orderCancelledV1.type];
const run = promisify(execFile);

if ('missing' in kafkaSource) {
  describe.skip(`faults of Kafka: skipped, ${kafkaSource.missing}`, () => {
    it('are not tried', () => undefined);
  });
} else {
  describe('faults of Kafka', faults);
}

function faults(): void {
  let opened: KafkaHouse;
  let database: Kysely<Tables>;
  let consumer: string;
  let count = 0;
  const consuming: Consuming[] = [];
  /** How many events each bus has handed over. */
  const handled = new Map<Bus, number>();

  beforeAll(async () => {
    opened = await openKafkaHouse();
    database = opened.house.home.connect<Tables>('consumer');
    await migrate(database, 'consumer', inboxMigrations);
    await database.schema
      .createTable('effects')
      .addColumn('id', 'bigserial')
      .addColumn('key', 'text')
      .addColumn('reason', 'text')
      .execute();
  });
  beforeEach(() => {
    count += 1;
    consumer = `counted-${count}`;
  });
  afterEach(async () => {
    await Promise.all(consuming.splice(0).map((each) => each.stop()));
    await database.deleteFrom('effects').execute();
  });
  afterAll(() => opened.close());

  const consume = async (bus: Bus): Promise<Consuming> => {
    const started = await startConsumer({
      consumer: {
        kind: 'transactional',
        name: consumer,
        handlers: [
          on(orderCancelledV1, async (event, { transaction }: HandlerContext<Tables>) => {
            const { userkey: key, data } = event;
            handled.set(bus, (handled.get(bus) ?? 0) + 1);
            if (data.reason === 'poison') throw new Error('no use');
            await transaction.insertInto('effects').values({ key, reason: data.reason }).execute();
          }),
        ],
      },
      ...{ database, bus, settings, log },
    });
    consuming.push(started);
    return started;
  };
  const effects = () =>
    database.selectFrom('effects').select(['key', 'reason']).orderBy('id').execute();
  const publish = async (bus: Bus, ...of: readonly (readonly [user: string, reason: string])[]) => {
    const events = of.map(([userId, reason]) => cancelled({ userId, reason }));
    await bus.publish(
      events.map((event) => ({
        ...{ id: event.id, type: event.type, key: event.userkey },
        text: JSON.stringify(event),
      })),
      { timeoutMs: 10_000 },
    );
    return events;
  };

  it('writes events as another client reads them: the customer as key, the envelope as value', async () => {
    const bus = opened.openBus();
    await bus.declare([{ consumer, types }]);
    const [event] = await publish(bus, ['17', 'read by kcat']);
    const { stdout } = await run('kcat', [
      ...['-C', '-e', '-q', '-b', opened.kafka.brokers.join(','), '-t', opened.topic, '-J'],
      ...['-o', 'beginning'],
    ]);
    const records = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { key: string; payload: string; headers: string[] });
    const [record] = records.filter(({ payload }) => payload.includes('read by kcat'));
    expect(record?.key).toBe('17');
    expect(JSON.parse(record?.payload ?? '')).toEqual(event);
    const at = record?.headers.indexOf('content-type') ?? -1;
    expect(record?.headers[at + 1]).toBe('application/cloudevents+json');
  });

  it('threat 80: what another client wrote and cannot be read is a dead letter, and what follows goes on', async () => {
    const bus = opened.openBus();
    await bus.declare([{ consumer, types }]);
    const writing = run('kcat', [
      ...['-P', '-b', opened.kafka.brokers.join(','), '-t', opened.topic, '-k', '1'],
    ]);
    writing.child.stdin?.end('no JSON at all\n');
    await writing;
    await publish(bus, ['1', 'Number 1'], ['1', 'poison'], ['1', 'Number 2'], ['2', 'Number 3']);
    await consume(bus);
    const seen = await eventually(effects, ({ length }) => length === 3);
    expect(new Set(seen.map(({ reason }) => reason))).toEqual(
      new Set(['Number 1', 'Number 2', 'Number 3']),
    );
    expectInOrder(seen);
    const letters = await eventually(
      () => bus.deadLetters(consumer, 10),
      ({ length }) => length === 2,
    );
    expect(letters).toMatchObject([
      { text: 'no JSON at all', failures: 1, reason: 'The event is not JSON.' },
      { key: '1', failures: 2, reason: 'no use' },
    ]);
    await eventually(
      () => bus.lag([consumer]),
      ([lag]) => lag?.waiting === 0 && lag.delayed === 0 && lag.dead === 2,
    );
  });

  it('the events of a customer keep their order, and have one effect, while processes come and go', async () => {
    const [one, other] = [opened.openBus(), opened.openBus()];
    await Promise.all([one, other].map((bus) => bus.declare([{ consumer, types }])));
    const relay = opened.house.startRelay(one);
    let written = 0;
    const write = async (number: number): Promise<void> => {
      await writeMany(opened.house, number, 20, written);
      written += number;
    };
    await write(300);
    const first = await consume(one);
    await eventually(effects, ({ length }) => length > 50);
    await consume(other);
    while ((handled.get(other) ?? 0) < 20) {
      await write(20);
      await opened.house.drained();
      await pause(100);
    }
    await first.stop();
    await write(300);
    const seen = await eventually(effects, ({ length }) => length >= written);
    await relay.stop();
    expect(handled.get(one)).toBeGreaterThan(50);
    expect(new Set(seen.map(({ reason }) => reason)).size).toBe(written);
    expect(seen).toHaveLength(written);
    expectInOrder(seen);
  });

  const itIsOurs =
    'open' in kafkaSource && process.env.TEST_KAFKA_BROKERS === undefined ? it : it.skip;
  itIsOurs(
    'threat 79: while brokers are silent events wait, and then they all come, in their order',
    async () => {
      const bus = opened.openBus();
      await consume(bus);
      const relay = opened.house.startRelay(bus);
      await writeMany(opened.house, 20, 4);
      await eventually(effects, ({ length }) => length === 20);

      await opened.kafka.silence?.();
      const askedAt = performance.now();
      await expect(
        bus.publish([{ id: 'x', type: types[0] ?? '', key: 'x', text: '{}' }], {
          timeoutMs: 1_000,
        }),
      ).rejects.toThrow(BusUnavailableError);
      expect(performance.now() - askedAt).toBeLessThan(5_000);
      await writeMany(opened.house, 200, 10);
      opened.kafka.speak?.();
      await opened.house.drained();
      await relay.stop();
      const seen = await eventually(effects, ({ length }) => length >= 220);
      expect(seen).toHaveLength(220);
      expectInOrder(seen.slice(20));
    },
  );

  it('says so, and soon, when no broker answers', async () => {
    const port = await freePort();
    const bus = createKafkaBus({
      ...{ brokers: [`127.0.0.1:${port}`], prefix: 'test', aside: opened.house.bus, log },
      ...{ prefetch: 20, publishTimeoutMs: 10_000, handlerTimeoutMs: 5_000 },
    });
    await expect(bus.declare([{ consumer, types }])).rejects.toThrow(
      new RegExp(`^Kafka cannot be reached, or refuses: .*127.0.0.1:${port}`),
    );
    await expect(bus.lag([consumer])).rejects.toThrow(BusUnavailableError);
    await bus.close();
  });
}
