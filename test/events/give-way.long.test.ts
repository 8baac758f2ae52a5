import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Generated, Kysely } from 'kysely';
import type { Bus } from '../../events/bus/bus.ts';
import { createRabbitMqBus } from '../../events/bus/rabbitmq/rabbitmq-bus.ts';
import {
  type Consumer,
  type HandlerContext,
  on,
  type SenderContext,
} from '../../events/consumers/define-consumer.ts';
import { orderCancelledV1 } from '../../events/contracts/order-events.ts';
import { inboxMigrations, type InboxTables } from '../../events/inbox/inbox-tables.ts';
import { openMetrics, type OpenMetrics } from '../../events/metrics/open-metrics.ts';
import { appendToOutbox } from '../../events/outbox/append-to-outbox.ts';
import { startEvents, type StartedEvents } from '../../events/start-events.ts';
import { migrate } from '../../subgraphs/kit/database/migrate.ts';
import { describeOnEachDatabase, type OpenTestHome, openTestHome } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { amqpUrl, ownPrefix, removeQueues } from '../support/rabbitmq.ts';
import { cancelled } from './cancelled.ts';
import { createEventHouse, type EventHouse, log } from './event-house.ts';
import { eventsConfig } from './events-config.ts';
import { expectInOrder } from './many-events.ts';

interface Tables extends InboxTables {
  readonly effects: {
    readonly id: Generated<string>;
    readonly key: string;
    readonly reason: string;
  };
}

const names = ['recorder', 'mailer'];
const prefetch = 20;
const customers = 30;
/** Each customer has two. */
const count = 60;
/** No event of a test becomes as old. */
const longMs = 600_000;

describeOnEachDatabase('consumers that give way: embedded', (open) => {
  givingWay(open, ({ bus }) => ({ bus, close: () => Promise.resolve() }));
});

const url = amqpUrl;
if (url === undefined) {
  describe.skip('consumers that give way: RabbitMQ: skipped, TEST_AMQP_URL is not set', () => {
    givingWay(openTestHome, () => {
      throw new Error('There is no broker.');
    });
  });
} else {
  describe('consumers that give way: RabbitMQ', () => {
    givingWay(openTestHome, () => {
      const prefix = ownPrefix();
      const delaysMs = [1_000];
      const options = { prefix, prefetch, delaysMs, publishTimeoutMs: 10_000 };
      const bus = createRabbitMqBus({ url, ...options, log });
      return {
        bus,
        async close() {
          await bus.close();
          await removeQueues(url, prefix, names, delaysMs);
        },
      };
    });
  });
}

function givingWay(
  open: OpenTestHome,
  openBus: (house: EventHouse) => { readonly bus: Bus; readonly close: () => Promise<void> },
): void {
  let house: EventHouse;
  let database: Kysely<Tables>;
  let opened: ReturnType<typeof openBus>;
  let metrics: OpenMetrics;
  let events: StartedEvents | undefined;
  let pressure: number;
  let looks: number;
  let sent: { readonly key: string; readonly reason: string }[];

  beforeEach(async () => {
    house = await createEventHouse(open);
    database = house.home.connect<Tables>('consumer');
    await migrate(database, 'consumer', inboxMigrations);
    await database.schema
      .createTable('effects')
      .addColumn('id', 'bigserial')
      .addColumn('key', 'text')
      .addColumn('reason', 'text')
      .execute();
    opened = openBus(house);
    metrics = openMetrics({
      system: opened.bus.name,
      readBacklog: () => Promise.resolve({ outboxes: [], consumers: [] }),
      log,
    });
    pressure = 1;
    sent = [];
  });
  afterEach(async () => {
    await events?.stop();
    await metrics.close();
    await opened.close();
    await house.close();
  });

  /** One that changes a table, and one that sends. */
  const consumers = (): readonly Consumer<Tables>[] => [
    {
      kind: 'transactional',
      name: 'recorder',
      handlers: [
        on(orderCancelledV1, async ({ userkey: key, data }, context: HandlerContext<Tables>) => {
          const effect = { key, reason: data.reason };
          await context.transaction.insertInto('effects').values(effect).execute();
        }),
      ],
    },
    {
      kind: 'sender',
      name: 'mailer',
      handlers: [
        on(orderCancelledV1, ({ userkey: key, data: { reason } }, { signal }: SenderContext) => {
          signal.throwIfAborted();
          sent.push({ key, reason });
          return Promise.resolve();
        }),
      ],
    },
  ];
  /** Resolves when the machine has been looked at. */
  const start = async (giveWayMs: number): Promise<void> => {
    looks = 0;
    events = startEvents({
      ...{ home: house.home, bus: opened.bus, metrics, log },
      config: eventsConfig({ pollMs: 20, giveWayMs }),
      producers: ['orders'],
      consumers: consumers().map((each) => ({ consumer: each, schema: 'consumer' })),
      openPressure: () =>
        Promise.resolve(() => {
          looks += 1;
          return Promise.resolve(pressure);
        }),
    });
    await eventually(
      () => looks,
      (number) => number > 0,
    );
  };
  const write = (): Promise<void> =>
    house.database.transaction().execute(async (transaction) => {
      for (let number = 0; number < count; number += 1) {
        const userId = String(1 + (number % customers));
        // The second event of a customer is old, and passes as soon as the first has.
        const time = number < customers ? new Date() : new Date(0);
        const event = cancelled({ userId, reason: `Number ${number}`, time });
        await appendToOutbox(transaction, event);
      }
    });
  const recorded = () =>
    database.selectFrom('effects').select(['key', 'reason']).orderBy('id').execute();
  const all = async () => [await recorded(), sent] as const;
  /** Without those behind another of their customer. */
  const waiting = async (): Promise<number> =>
    Number(/^events_give_way_waiting\{.*\} (\d+)$/m.exec(await metrics.text())?.[1]);
  /** Resolves when the consumers have as many in hand as they may. */
  const untilAllWait = async (): Promise<void> => {
    const received = /^messaging_client_consumed_messages_total\{.*\} (\d+)$/gm;
    await eventually(
      async () =>
        [...(await metrics.text()).matchAll(received)].map(([, number]) => Number(number)),
      (numbers) => numbers.join() === names.map(() => prefetch).join(),
    );
    await eventually(waiting, (number) => number >= names.length);
  };
  /** Each event once at each consumer, and those of a customer in their order. */
  const expectAll = async (): Promise<void> => {
    const seen = await eventually(all, (each) => each.every(({ length }) => length >= count));
    for (const each of seen) {
      expect(new Set(each.map(({ reason }) => reason)).size).toBe(count);
      expect(each).toHaveLength(count);
      expectInOrder(each);
    }
  };

  it('have each event once, in order, when the machine is not busy any more; it is published before', async () => {
    expect(await waiting()).toBe(0);
    await start(longMs);
    await write();
    await house.drained();
    await untilAllWait();
    expect(await all()).toEqual([[], []]);
    pressure = 0;
    await expectAll();
    expect(await waiting()).toBe(0);
  });

  it('have events of a certain age, however busy the machine is', async () => {
    await start(1_000);
    const writtenAt = performance.now();
    await write();
    await house.drained();
    await expectAll();
    expect(performance.now() - writtenAt).toBeGreaterThan(900);
  });

  it('do not keep a process that stops, and the next one has the rest', async () => {
    await start(longMs);
    await write();
    await untilAllWait();
    const stoppedAt = performance.now();
    await events?.stop();
    expect(performance.now() - stoppedAt).toBeLessThan(longMs / 10);
    expect(await waiting()).toBe(0);
    pressure = 0;
    await start(longMs);
    await expectAll();
  });
}
