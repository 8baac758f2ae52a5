import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../support/oracles/random.ts';
import type { ChaosShop } from './chaos-shop.ts';
import { type Point, stepsOfEvents, stepsOfOrders } from './points.ts';

/** Something bad that happens while orders are in flight. */
export interface Fault {
  readonly name: string;
  /**
   * Does the work, and the bad thing in the middle of it; resolves when both are over and everything runs again. Gives
   * false when the moment did not come.
   */
  readonly strike: (work: () => Promise<void>, context: FaultContext) => Promise<boolean>;
}

/** What a fault may use. */
export interface FaultContext {
  readonly shop: ChaosShop;
  readonly random: Random;
  /** Customers with an order in flight. */
  readonly customers: readonly string[];
  readonly outageMs: number;
  /** Notes the id of something that must end among the dead letters. */
  readonly notePoison: (id: string) => void;
}

/** How long is waited for a step to be reached. */
const reachMs = 20_000;

/** Orders in flight take about so long. */
const flightMs = 3_000;

/** All faults of a shop. */
export function faultsOf({ broker }: ChaosShop): readonly Fault[] {
  const poison: Fault = {
    name: 'a poison message',
    strike: (work, context) =>
      inTheMiddle(work, context, async ({ shop, random, customers, notePoison }) => {
        notePoison(await shop.poison(random.pick(customers)));
      }),
  };
  const steps = [...stepsOfOrders, ...stepsOfEvents].flatMap((point) =>
    // A step that products writes is also one of orders, which waits for it.
    (point.writtenBy === 'products' ? (['orders', 'products'] as const) : [point.writtenBy]).map(
      (victim) => killedAt(point, victim),
    ),
  );
  return [
    ...steps,
    ...[['orders'], ['products'], ['events'], ['orders', 'products', 'events']].map(killed),
    ...(broker ? [outage('away', 'refuse'), outage('silent', 'silence')] : []),
    poison,
  ];
}

function killedAt(point: Point, victim: string): Fault {
  return {
    name: `${victim} killed ${point.name}`,
    strike: async (work, { shop }) => {
      let restarted: Promise<void> | undefined;
      const isReached = await shop.gate.holding(
        point,
        work,
        async () => {
          await shop.processes.kill(victim);
          restarted = shop.processes.start(victim);
          // It is waited for below: the step is let go first.
          restarted.catch(() => undefined);
          return victim === point.writtenBy;
        },
        reachMs,
      );
      await restarted;
      return isReached;
    },
  };
}

function killed(victims: readonly string[]): Fault {
  return {
    name: `${victims.join(', ')} killed at random`,
    strike: (work, context) =>
      inTheMiddle(work, context, async ({ shop: { processes } }) => {
        await Promise.all(victims.map((name) => processes.kill(name)));
        for (const name of victims) await processes.start(name);
      }),
  };
}

function outage(name: string, how: 'refuse' | 'silence'): Fault {
  return {
    name: `the broker ${name}`,
    strike: (work, context) =>
      inTheMiddle(work, context, async ({ shop: { broker }, outageMs }) => {
        broker?.[how]();
        await pause(outageMs);
        broker?.reset();
        broker?.speak();
      }),
  };
}

async function inTheMiddle(
  work: () => Promise<void>,
  context: FaultContext,
  act: (context: FaultContext) => Promise<void>,
): Promise<true> {
  const acting = pause(context.random.below(flightMs)).then(() => act(context));
  await Promise.all([work(), acting]);
  return true;
}
