import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { type Generated, type Kysely, sql } from 'kysely';
import type { Consuming } from '../../events/bus/bus.ts';
import {
  type HandlerContext,
  NotSentError,
  on,
  type SenderContext,
} from '../../events/consumers/define-consumer.ts';
import { startConsumer } from '../../events/consumers/start-consumer.ts';
import { orderCancelledV1 } from '../../events/contracts/order-events.ts';
import { inboxMigrations, type InboxTables } from '../../events/inbox/inbox-tables.ts';
import { appendToOutbox } from '../../events/outbox/append-to-outbox.ts';
import type { Relay } from '../../events/relay/relay.ts';
import { migrate } from '../../subgraphs/kit/database/migrate.ts';
import { describeOnEachDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { cancelled } from './cancelled.ts';
import { createEventHouse, type EventHouse, log } from './event-house.ts';

interface Tables extends InboxTables {
  readonly effects: { readonly id: Generated<string>; readonly effect: string };
}

const settings = { maxTries: 3, retryDelaysMs: [50, 100], messageTimeoutMs: 5_000 };

describeOnEachDatabase('events/consumers', (open) => {
  let house: EventHouse;
  let database: Kysely<Tables>;
  let relay: Relay;
  let consuming: Consuming | undefined;
  let name: string;
  let count = 0;

  beforeAll(async () => {
    house = await createEventHouse(open);
    database = house.home.connect<Tables>('consumer');
    await migrate(database, 'consumer', inboxMigrations);
    await database.schema
      .createTable('effects')
      .addColumn('id', 'bigserial')
      .addColumn('effect', 'text')
      .execute();
    relay = house.startRelay();
  });
  beforeEach(async () => {
    count += 1;
    name = `consumer-${count}`;
    await database.deleteFrom('effects').execute();
  });
  afterEach(() => consuming?.stop());
  afterAll(async () => {
    await relay.stop();
    await house.close();
  });

  const effects = async () =>
    (await database.selectFrom('effects').select('effect').orderBy('id').execute()).map(
      ({ effect }) => effect,
    );
  const write = (...events: readonly ReturnType<typeof cancelled>[]) =>
    house.database.transaction().execute(async (transaction) => {
      for (const event of events) await appendToOutbox(transaction, event);
    });
  const start = async (
    fails: (reason: string) => boolean,
    timeoutMs = settings.messageTimeoutMs,
  ) => {
    consuming = await startConsumer({
      consumer: {
        kind: 'transactional',
        name,
        handlers: [
          on(orderCancelledV1, async (event, { transaction }: HandlerContext<Tables>) => {
            const effect = event.data.reason;
            await transaction.insertInto('effects').values({ effect }).execute();
            if (effect === 'hangs') await new Promise(() => undefined);
            if (fails(effect)) throw new Error(`${effect} fails`);
          }),
        ],
      },
      database,
      bus: house.bus,
      settings: { ...settings, messageTimeoutMs: timeoutMs },
      log,
    });
  };
  const dead = async () => house.bus.deadLetters(name, 10);

  it('threat 80: give an event that comes many times one effect', async () => {
    await start(() => false);
    const event = cancelled({ userId: '1', reason: 'once' });
    const { id, type, userkey: key } = event;
    const twice = { id, type, key, text: JSON.stringify(event) };
    await house.bus.publish([twice, twice, twice], { timeoutMs: 5_000 });
    await house.bus.publish([twice], { timeoutMs: 5_000 });
    await eventually(effects, (seen) => seen.length > 0);
    await eventually(
      () => house.bus.lag([name]),
      ([lag]) => lag?.waiting === 0,
    );
    expect(await effects()).toEqual(['once']);
  });

  it('threat 80: let later events of a key wait for one that fails, and others pass', async () => {
    let failures = 0;
    await start((reason) => reason === 'first' && (failures += 1) < 3);
    await write(
      cancelled({ userId: '1', reason: 'first' }),
      cancelled({ userId: '1', reason: 'second' }),
      cancelled({ userId: '2', reason: 'of another' }),
      cancelled({ userId: '1', reason: 'third' }),
    );
    await eventually(effects, (seen) => seen.length === 4);
    expect(await effects()).toEqual(['of another', 'first', 'second', 'third']);
    expect(await dead()).toEqual([]);
  });

  it('threat 80: give a poison event up after its tries, and go on with its key', async () => {
    let isMended = false;
    await start((reason) => reason === 'poison' && !isMended);
    const poison = cancelled({ userId: '1', reason: 'poison' });
    await write(poison, cancelled({ userId: '1', reason: 'later' }));
    await eventually(dead, (letters) => letters.length === 1);
    await eventually(effects, (seen) => seen.length === 1);
    expect(await effects()).toEqual(['later']);
    expect(await dead()).toMatchObject([{ id: poison.id, failures: 3, reason: 'poison fails' }]);
    isMended = true;
    await house.bus.replay(name, poison.id);
    await eventually(effects, (seen) => seen.length === 2);
    expect(await effects()).toEqual(['later', 'poison']);
  });

  it('give what cannot be read up at once', async () => {
    await start(() => false);
    await house.bus.publish(
      [{ id: 'no-event', type: orderCancelledV1.type, key: '1', text: '{"no":"event"}' }],
      { timeoutMs: 5_000 },
    );
    await eventually(dead, (letters) => letters.length === 1);
    expect((await dead())[0]?.reason).toMatch(/specversion/);
  });

  it('give an event a deadline, and take back what it did', async () => {
    await start(() => false, 50);
    await write(cancelled({ userId: '1', reason: 'hangs' }));
    await eventually(dead, (letters) => letters.length === 1);
    expect((await dead())[0]?.reason).toMatch(/longer than 50 ms/);
    expect(await effects()).toEqual([]);
  });

  it('that send do so once, and again only when nothing was sent', async () => {
    const sent: string[] = [];
    const tries: string[] = [];
    consuming = await startConsumer({
      consumer: {
        kind: 'sender',
        name,
        handlers: [
          on(orderCancelledV1, async ({ data: { reason } }, { signal }: SenderContext) => {
            signal.throwIfAborted();
            tries.push(reason);
            if (reason === 'refused' && tries.filter((each) => each === reason).length === 1) {
              throw new NotSentError('The server refuses it.');
            }
            sent.push(reason);
            if (reason === 'cut') throw new Error('The connection broke.');
          }),
        ],
      },
      database,
      bus: house.bus,
      settings,
      log,
    });
    await write(
      cancelled({ userId: '1', reason: 'cut' }),
      cancelled({ userId: '2', reason: 'refused' }),
      cancelled({ userId: '3', reason: 'well' }),
    );
    await eventually(
      () => sent.length,
      (length) => length === 3,
    );
    await eventually(
      () => house.bus.lag([name]),
      ([lag]) => lag?.waiting === 0 && lag.delayed === 0,
    );
    expect([...sent].sort()).toEqual(['cut', 'refused', 'well']);
    expect([...tries].sort()).toEqual(['cut', 'refused', 'refused', 'well']);
    expect(await dead()).toEqual([]);
  });

  it('threat 80: that send do not send again because it could not be noted that they had', async () => {
    await sql`create sequence consumer.notes`.execute(database);
    await sql`create function consumer.fail_once() returns trigger language plpgsql as $$ begin
      if nextval('consumer.notes') = 1 then raise exception 'no room'; end if; return new; end $$`.execute(
      database,
    );
    await sql`create trigger fail_once before update on consumer.inbox for each row
      when (new.state = 'done') execute function consumer.fail_once()`.execute(database);
    const sent: string[] = [];
    consuming = await startConsumer({
      consumer: {
        kind: 'sender',
        name,
        handlers: [
          on(orderCancelledV1, ({ data: { reason } }, { signal }: SenderContext) => {
            signal.throwIfAborted();
            sent.push(reason);
            return Promise.resolve();
          }),
        ],
      },
      database,
      bus: house.bus,
      settings,
      log,
    });
    await write(cancelled({ userId: '1', reason: 'first' }));
    const states = async () =>
      (
        await database
          .selectFrom('inbox')
          .select('state')
          .where('consumer', '=', name)
          .orderBy('sequence')
          .execute()
      ).map(({ state }) => state);
    await eventually(states, ([state]) => state === 'unknown');
    await write(cancelled({ userId: '1', reason: 'second' }));
    await eventually(states, ([, state]) => state === 'done');
    expect(sent).toEqual(['first', 'second']);
    expect(await dead()).toEqual([]);
  });
});
