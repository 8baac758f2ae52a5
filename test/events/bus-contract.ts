import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Bus, ConsumerLag, Consuming, Delivery, Outcome } from '../../events/bus/bus.ts';
import { eventually } from '../support/eventually.ts';
import { cancelled } from './cancelled.ts';

/** A bus that a test has to itself. */
export interface TestBus {
  readonly bus: Bus;
  readonly close: () => Promise<void>;
}

const types = ['shop.order.cancelled.v1'];
const done: Outcome = { kind: 'done' };

/** What a promise is tried with: a bus, and a consumer of its own that is declared there. */
interface Trial {
  readonly bus: Bus;
  readonly consumer: string;
  /** Publishes events, and resolves to their ids. */
  readonly publish: (
    ...reasons: readonly (readonly [key: string, reason: string])[]
  ) => Promise<readonly string[]>;
  /** Lets the consumer begin. */
  readonly consume: (handle: (delivery: Delivery) => Promise<Outcome>) => Promise<void>;
  /** Stops the consumer, if it has begun. */
  readonly stop: () => Promise<void>;
  readonly lag: () => Promise<ConsumerLag | undefined>;
}

/** What every bus promises, at one bus after another. */
export function itKeepsTheContract(open: () => Promise<TestBus>): void {
  let opened: TestBus;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(() => opened.close());
  for (const [at, [title, promise]] of promises.entries()) {
    it(title, () => tryOut(promise, opened.bus, `consumer-${at + 1}`));
  }
}

/**
 * The same for a bus at which consumers take seconds to begin: all is tried at once, each at a bus of its own, where no
 * other publishes.
 */
export function itKeepsTheContractAtOnce(openBus: () => Bus): void {
  const trials = new Map<string, Promise<void>>();
  beforeAll(() => {
    for (const [at, [title, promise]] of promises.entries()) {
      const trial = tryOut(promise, openBus(), `consumer-${at + 1}`);
      // Its test reports it.
      trial.catch(() => undefined);
      trials.set(title, trial);
    }
  });
  for (const [title] of promises) it(title, () => trials.get(title));
}

async function tryOut(
  promise: (trial: Trial) => Promise<void>,
  bus: Bus,
  consumer: string,
): Promise<void> {
  let consuming: Consuming | undefined;
  const stop = async (): Promise<void> => {
    await consuming?.stop();
    consuming = undefined;
  };
  await bus.declare([{ consumer, types }]);
  try {
    await promise({
      ...{ bus, consumer, stop },
      async publish(...reasons) {
        const events = reasons.map(([userId, reason]) => cancelled({ userId, reason }));
        await bus.publish(
          events.map((event) => ({
            id: event.id,
            type: event.type,
            key: event.userkey,
            text: JSON.stringify(event),
          })),
          { timeoutMs: 10_000 },
        );
        return events.map(({ id }) => id);
      },
      async consume(handle) {
        consuming = await bus.consume({ consumer, types }, handle);
      },
      lag: async () => (await bus.lag([consumer]))[0],
    });
  } finally {
    await stop();
  }
}

const promises: readonly (readonly [title: string, promise: (trial: Trial) => Promise<void>])[] = [
  [
    'keeps events for a consumer that is away, and sends what it is told to and no other',
    async ({ bus, consumer, publish, consume, lag }) => {
      const other = { consumer: `${consumer}-other`, types: ['shop.order.rejected.v1'] };
      await bus.declare([other]);
      const ids = await publish(['1', 'a'], ['2', 'b']);
      await eventually(lag, (now) => now?.waiting === 2);
      const seen: Delivery[] = [];
      await consume(async (delivery) => {
        seen.push(delivery);
        return done;
      });
      await eventually(
        () => seen.length,
        (length) => length === 2,
      );
      expect(seen.map(({ id }) => id).sort()).toEqual([...ids].sort());
      expect(JSON.parse(seen[0]?.text ?? '')).toMatchObject({ specversion: '1.0' });
      await eventually(lag, (now) => now?.waiting === 0);
      const unwanted: Delivery[] = [];
      const others = await bus.consume(other, async (delivery) => {
        unwanted.push(delivery);
        return done;
      });
      await eventually(
        async () => (await bus.lag([other.consumer]))[0],
        (now) => now?.waiting === 0,
      );
      await others.stop();
      expect(unwanted).toEqual([]);
    },
  ],
  [
    'hands over events of one key in their order',
    async ({ publish, consume }) => {
      const numbers = Array.from({ length: 200 }, (_, index) => index);
      await publish(
        ...numbers.map((number) => [String(1 + (number % 5)), String(number)] as const),
      );
      const seen = new Map<string, number[]>();
      await consume(async ({ key, text }) => {
        const { data } = JSON.parse(text) as { data: { reason: string } };
        seen.set(key, [...(seen.get(key) ?? []), Number(data.reason)]);
        return done;
      });
      await eventually(
        () => [...seen.values()].flat().length,
        (length) => length >= 200,
      );
      for (const [key, ofKey] of seen) {
        expect([key, ofKey]).toEqual([key, numbers.filter((n) => String(1 + (n % 5)) === key)]);
      }
    },
  ],
  [
    'threat 80: delivers what failed again, counts the failures, and goes on with others meanwhile',
    async ({ publish, consume }) => {
      const [poison] = await publish(['1', 'poison'], ['2', 'a'], ['3', 'b']);
      const tries: number[] = [];
      const others: string[] = [];
      await consume(async (delivery) => {
        if (delivery.id !== poison) {
          others.push(delivery.key);
          return done;
        }
        tries.push(delivery.failures);
        if (tries.length === 1) return { kind: 'retry', delayMs: 1_000, reason: 'not yet' };
        return tries.length === 2 ? { kind: 'retry', delayMs: 1_000, reason: 'not yet' } : done;
      });
      await eventually(
        () => others.length,
        (length) => length === 2,
      );
      expect(tries.length).toBeLessThan(3);
      await eventually(
        () => tries.length,
        (length) => length === 3,
      );
      expect(tries).toEqual([0, 1, 2]);
    },
  ],
  [
    'threat 80: keeps what is given up among the dead letters, from where it comes again or is dropped',
    async ({ bus, consumer, publish, consume, lag }) => {
      const [first = '', second = '', third = ''] = await publish(
        ['1', 'a'],
        ['2', 'b'],
        ['3', 'c'],
      );
      let isMended = false;
      const seen: Delivery[] = [];
      await consume(async (delivery) => {
        seen.push(delivery);
        return isMended ? done : { kind: 'dead', reason: 'no use' };
      });
      await eventually(lag, (now) => now?.dead === 3);
      const letters = await bus.deadLetters(consumer, 10);
      expect(letters.map(({ id }) => id).sort()).toEqual([first, second, third].sort());
      expect(letters[0]).toMatchObject({ consumer, reason: 'no use', failures: 1 });
      expect(Date.now() - Number(letters[0]?.diedAt)).toBeLessThan(600_000);
      expect(await bus.deadLetters(consumer, 1)).toHaveLength(1);

      isMended = true;
      expect(await bus.drop(consumer, second)).toBe(true);
      expect(await bus.replay(consumer, third)).toBe(true);
      expect(await bus.replay(consumer, second)).toBe(false);
      await eventually(
        () => seen.filter(({ id }) => id === third).length,
        (length) => length === 2,
      );
      expect(seen.at(-1)).toMatchObject({ id: third, failures: 0 });
      await eventually(lag, (now) => now?.dead === 1 && now.waiting === 0);
      expect((await bus.deadLetters(consumer, 10)).map(({ id }) => id)).toEqual([first]);
    },
  ],
  [
    'takes for later, and for the dead letters, what a consumer itself hands in',
    async ({ bus, consumer, consume }) => {
      const event = cancelled({ userId: '4' });
      const delivery = { id: event.id, key: '4', text: JSON.stringify(event), failures: 1 };
      await bus.bury(consumer, delivery, 'as it was');
      expect(await bus.deadLetters(consumer, 10)).toMatchObject([
        { ...delivery, reason: 'as it was' },
      ]);
      await bus.redeliver(consumer, delivery, 1_000);
      const seen: Delivery[] = [];
      await consume(async (each) => {
        seen.push(each);
        return done;
      });
      await eventually(
        () => seen.length,
        (length) => length === 1,
      );
      expect(seen[0]).toMatchObject(delivery);
    },
  ],
  [
    'delivers again what a handler could not deal with',
    async ({ publish, consume, lag }) => {
      await publish(['1', 'a']);
      let tries = 0;
      await consume(async () => {
        tries += 1;
        if (tries === 1) throw new Error('the database is away');
        return done;
      });
      await eventually(
        () => tries,
        (number) => number === 2,
      );
      await eventually(lag, (now) => now?.waiting === 0 && now.delayed === 0);
    },
  ],
  [
    'leaves to the next process what one has not dealt with',
    async ({ publish, consume, stop }) => {
      await publish(['1', 'a'], ['1', 'b']);
      const seen: string[] = [];
      await consume(async ({ id }) => {
        seen.push(id);
        return done;
      });
      await eventually(
        () => seen.length,
        (length) => length === 2,
      );
      await stop();
      const [last = ''] = await publish(['1', 'c']);
      await consume(async ({ id }) => {
        seen.push(id);
        return done;
      });
      await eventually(
        () => seen.includes(last),
        (is) => is,
      );
    },
  ],
];
