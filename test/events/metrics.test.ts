import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Bus } from '../../events/bus/bus.ts';
import { type HandlerContext, on } from '../../events/consumers/define-consumer.ts';
import { orderCancelledV1 } from '../../events/contracts/order-events.ts';
import { inboxMigrations, type InboxTables } from '../../events/inbox/inbox-tables.ts';
import { createBacklog } from '../../events/metrics/backlog.ts';
import { openMetrics, type OpenMetrics } from '../../events/metrics/open-metrics.ts';
import { appendToOutbox } from '../../events/outbox/append-to-outbox.ts';
import { readOutboxes } from '../../events/read-outboxes.ts';
import { startEvents, type StartedEvents } from '../../events/start-events.ts';
import { migrate } from '../../subgraphs/kit/database/migrate.ts';
import { describeOnEachDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { cancelled } from './cancelled.ts';
import { createEventHouse, type EventHouse, log } from './event-house.ts';
import { eventsConfig } from './events-config.ts';

const config = eventsConfig({ pollMs: 20, maxTries: 2, retryDelaysMs: [50] });

/** Sums of a metric of the text, over the labels that are asked for. */
function readerOf(text: string) {
  return (name: string, labels: Readonly<Record<string, string>> = {}): number | undefined => {
    const values = text
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
      .filter((line) =>
        Object.entries(labels).every(([label, value]) => line.includes(`${label}="${value}"`)),
      )
      .map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)));
    return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
  };
}

describeOnEachDatabase('events/metrics', (open) => {
  let house: EventHouse;
  let metrics: OpenMetrics;
  let events: StartedEvents | undefined;
  let now = 0;
  let asked = 0;

  beforeEach(async () => {
    house = await createEventHouse(open);
    await migrate(house.home.connect('consumer'), 'consumer', inboxMigrations);
    measure(house.bus);
  });
  afterEach(async () => {
    await events?.stop();
    events = undefined;
    await metrics.close();
    await house.close();
  });

  const measure = (bus: Bus): void => {
    asked = 0;
    metrics = openMetrics({
      system: bus.name,
      readBacklog: createBacklog({
        readOutboxes: () => readOutboxes(house.home, 100),
        readConsumers: () => {
          asked += 1;
          return bus.lag(['mailer']);
        },
        clock: { now: () => now },
        log,
      }),
      log,
    });
  };
  /** The metrics as they are now: what waits is read again. */
  const read = async () => {
    now += 60_000;
    return readerOf(await metrics.text());
  };
  const write = (...reasons: readonly string[]) =>
    house.database.transaction().execute(async (transaction) => {
      for (const [index, reason] of reasons.entries()) {
        await appendToOutbox(transaction, cancelled({ userId: String(index + 1), reason }));
      }
    });
  const start = (bus: Bus, handle: (reason: string) => void): void => {
    events = startEvents({
      home: house.home,
      bus,
      config,
      producers: ['orders'],
      consumers: [
        {
          schema: 'consumer',
          consumer: {
            kind: 'transactional',
            name: 'mailer',
            handlers: [
              on(orderCancelledV1, (event, { signal }: HandlerContext<InboxTables>) => {
                signal.throwIfAborted();
                handle(event.data.reason);
                return Promise.resolve();
              }),
            ],
          },
        },
      ],
      metrics,
      log,
    });
  };
  const ofMailer = { messaging_consumer_group_name: 'mailer', messaging_system: 'embedded' };

  it('says what waits in an outbox, and for how long', async () => {
    expect((await read())('events_outbox_waiting', { events_outbox: 'orders' })).toBe(0);
    await write('one', 'two');
    await house.database
      .updateTable('outbox')
      .set({ recorded_at: new Date(Date.now() - 600_000) })
      .where('key', '=', '1')
      .execute();
    const value = await read();
    expect(value('events_outbox_waiting', { events_outbox: 'orders' })).toBe(2);
    const age = value('events_outbox_oldest_age', { events_outbox: 'orders' });
    expect(age).toBeGreaterThan(590);
    expect(age).toBeLessThan(1_200);
  });

  it('counts what is published and handled, by consumer and outcome, and how long it took', async () => {
    let tries = 0;
    await write('fine', 'fails once', 'poison');
    start(house.bus, (reason) => {
      if (reason === 'poison') throw new RangeError('It is poison.');
      if (reason === 'fails once' && (tries += 1) < 3) throw new Error('Once.');
    });
    const value = await eventually(
      read,
      (seen) => seen('events_dead_letter_waiting', ofMailer) === 1 && count(seen, 'done') === 2,
    );
    expect(value('messaging_client_sent_messages_total', { events_outbox: 'orders' })).toBe(3);
    expect(value('events_relay_batch_duration_count')).toBeGreaterThanOrEqual(1);
    // Three, and two that came again.
    expect(value('messaging_client_consumed_messages_total', ofMailer)).toBe(5);
    expect([count(value, 'done'), count(value, 'retried'), count(value, 'dead')]).toEqual([
      2, 2, 1,
    ]);
    expect(count(value, 'dead', { error_type: 'RangeError' })).toBe(1);
    expect(value('messaging_process_duration_sum', ofMailer)).toBeGreaterThan(0);
    expect(value('events_outbox_waiting')).toBe(0);
    expect(value('events_outbox_oldest_age')).toBe(0);
    expect(value('events_queue_waiting', ofMailer)).toBe(0);
    expect(value('events_retry_waiting', ofMailer)).toBe(0);
    expect(value('events_bus_connected', { messaging_system: 'embedded' })).toBe(1);
  });

  it('tells what waits for another attempt from what waits for the first', async () => {
    await house.bus.declare([{ consumer: 'mailer', types: [] }]);
    const delivery = { id: 'an-event', key: '1', text: '{}', failures: 1 };
    await house.bus.redeliver('mailer', delivery, 3_600_000);
    await house.bus.redeliver('mailer', delivery, 0);
    const value = await read();
    expect(value('events_retry_waiting', ofMailer)).toBe(1);
    expect(value('events_queue_waiting', ofMailer)).toBe(1);
  });

  it('counts what could not be published, and says when the bus does not answer', async () => {
    class Away extends Error {}
    const away = (): Promise<never> => Promise.reject(new Away('The bus is away.'));
    const bus: Bus = { ...house.bus, publish: away, lag: away };
    await metrics.close();
    measure(bus);
    await write('one');
    start(bus, () => undefined);
    const failed = { error_type: 'Away' };
    const value = await eventually(
      read,
      (seen) => Number(seen('events_relay_batch_duration_count', failed)) > 0,
    );
    expect(value('messaging_client_sent_messages_total')).toBeUndefined();
    expect(value('events_bus_connected')).toBe(0);
    // Not 0: it is not known.
    expect(value('events_dead_letter_waiting')).toBeUndefined();
    expect(value('events_outbox_waiting')).toBe(1);
  });

  it('has no value of what cannot be read any more', async () => {
    let isAway = false;
    const bus: Bus = {
      ...house.bus,
      lag: (names) => (isAway ? Promise.reject(new Error('Away.')) : house.bus.lag(names)),
    };
    await metrics.close();
    measure(bus);
    expect((await read())('events_dead_letter_waiting', ofMailer)).toBe(0);
    isAway = true;
    const value = await read();
    expect(value('events_dead_letter_waiting', ofMailer)).toBeUndefined();
    expect(value('events_bus_connected')).toBe(0);
    isAway = false;
    expect((await read())('events_dead_letter_waiting', ofMailer)).toBe(0);
  });

  it('asks the database once in ten seconds, however often it is read', async () => {
    await read();
    expect(asked).toBe(1);
    await Promise.all([metrics.text(), metrics.text()]);
    now += 9_999;
    await metrics.text();
    expect(asked).toBe(1);
    now += 1;
    await Promise.all([metrics.text(), metrics.text()]);
    expect(asked).toBe(2);
  });

  it('has names, units and types of Prometheus', async () => {
    await read();
    const text = await metrics.text();
    expect(text).toContain('# TYPE events_outbox_waiting gauge');
    expect(text).toContain('# UNIT events_outbox_oldest_age s');
    expect(text).not.toContain('an-event');
  });
});

function count(
  value: ReturnType<typeof readerOf>,
  outcome: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const name = 'messaging_process_duration_count';
  return value(name, { ...labels, events_outcome: outcome });
}
