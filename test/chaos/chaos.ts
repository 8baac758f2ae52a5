import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../../common/errors.ts';
import { createRandom, type Random } from '../support/oracles/random.ts';
import type { ChaosShop } from './chaos-shop.ts';
import { deadLetters, undelivered } from './deliveries.ts';
import { type Fault, faultsOf } from './faults.ts';
import { endLeases, ordersLeft, wrongAtRest, wrongOrders, wrongPieces } from './soundness.ts';
import { drawWishes, fulfil, type Wish } from './wishes.ts';

/** What a run shall do. */
export interface ChaosOptions {
  readonly seed: number;
  readonly minutes: number;
  /** Orders that are in flight at the same time, each of a customer of its own. */
  readonly inFlight: number;
  readonly outageMs: number;
}

/** The outcome of one fault, over all its runs. */
export interface FaultRecord {
  readonly fault: string;
  runs: number;
  /** Runs in which its moment came. */
  struck: number;
  orders: number;
  lost: number;
  duplicated: number;
  /** All else that was not as it must be. */
  otherwise: number;
  /** The longest time until all was at rest again. */
  restMs: number;
}

/** How a run ended. */
export interface ChaosReport {
  readonly records: readonly FaultRecord[];
  readonly orders: number;
  /** What was wrong; empty for a run without a fault of ours. */
  readonly wrong: readonly string[];
}

/**
 * Places orders round by round, with one fault in each, until the time is over; each round is brought to rest and looked
 * at from outside. Each fault has its turn before one comes again. Ends at the first round that leaves something wrong.
 */
export async function runChaos(
  shop: ChaosShop,
  options: ChaosOptions,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<ChaosReport> {
  const random = createRandom(options.seed);
  const records = new Map<string, FaultRecord>();
  const poisons = new Set<string>();
  const endsAt = performance.now() + options.minutes * 60_000;
  let turn: Fault[] = [];
  let orders = 0;
  const wrong: string[] = [];
  while (performance.now() < endsAt && !signal.aborted && wrong.length === 0) {
    if (turn.length === 0) turn = shuffled(faultsOf(shop), random);
    const fault = turn.pop();
    if (!fault) break;
    const wishes = drawWishes(random, {
      ...{ seed: options.seed, first: orders, count: options.inFlight },
      productIds: [...shop.initial.keys()],
      userIdOf: (index) => shop.customers[index] ?? '',
    });
    orders += wishes.length;
    const begunAt = performance.now();
    const unsettled = new Map<Wish, string>();
    const work = async (): Promise<void> => {
      await Promise.all(
        wishes.map(async (wish) => {
          const why = await untilSettled(shop, wish);
          if (why !== undefined) unsettled.set(wish, why);
        }),
      );
    };
    const hasStruck = await fault.strike(work, {
      ...{ shop, random, outageMs: options.outageMs, customers: shop.customers },
      notePoison: (id) => poisons.add(id),
    });
    const settled = wishes.filter((wish) => !unsettled.has(wish));
    const found = await lookAtRest(shop, settled, orders, poisons);
    const otherwise = [...found.unsound, ...unsettled.values()];
    const record = recordOf(records, fault.name);
    record.runs += 1;
    record.struck += hasStruck ? 1 : 0;
    record.orders += wishes.length;
    record.lost += found.lost.length;
    record.duplicated += found.duplicated.length;
    record.otherwise += otherwise.length;
    record.restMs = Math.max(record.restMs, performance.now() - begunAt);
    wrong.push(
      ...[...found.lost, ...found.duplicated, ...otherwise].map((what) => `${fault.name}: ${what}`),
    );
    say(
      `${String(orders)} orders; ${fault.name}${hasStruck ? '' : ' (its moment did not come)'}: ` +
        `${((performance.now() - begunAt) / 1_000).toFixed(1)} s, ${wrong.length} wrong`,
    );
  }
  return { records: [...records.values()], orders, wrong };
}

/** How long a client asks. Many are restarted meanwhile, on a machine that may have much else to do. */
const settleMs = 240_000;

/**
 * Asks as a client does that wants its order: again, with the same key, until it is settled. Gives what the last answer
 * was if it never is.
 */
async function untilSettled(shop: ChaosShop, wish: Wish): Promise<string | undefined> {
  const endsAt = performance.now() + settleMs;
  let last = '';
  while (performance.now() < endsAt) {
    try {
      const order = await fulfil(shop.ask, wish);
      if (order && order.status !== 'PENDING' && order.status !== 'RESERVED') return undefined;
      last = order?.status ?? 'no order';
    } catch (error) {
      last = messageOf(error);
    }
    await pause(300);
  }
  return `${wish.key} was not settled in ${settleMs} ms; last: ${last}`;
}

/** How long all that is left may take: what was begun by a process that was killed is given up within two minutes. */
const restMs = 240_000;

interface Found {
  readonly lost: readonly string[];
  readonly duplicated: readonly string[];
  readonly unsound: readonly string[];
}

/** Waits until nothing is left to do, and gives what is wrong then. */
async function lookAtRest(
  shop: ChaosShop,
  wishes: readonly Wish[],
  all: number,
  poisons: ReadonlySet<string>,
): Promise<Found> {
  const { initial, consumers, database } = shop;
  const { query } = database;
  const unsound: string[] = [];
  const left = async (): Promise<number> => {
    unsound.push(...(await wrongPieces(query, initial)));
    await endLeases(query);
    return (await ordersLeft(query)) + (await undelivered(query, consumers));
  };
  const endsAt = performance.now() + restMs;
  while (unsound.length === 0) {
    const count = await left();
    if (count === 0) break;
    if (performance.now() > endsAt) unsound.push(`${count} orders or events are not at rest`);
    await pause(100);
  }
  unsound.push(...(await wrongAtRest(query, initial)));
  unsound.push(...(await shop.deliveries.wrong(query)));
  const expected = consumers.flatMap((name) => [...poisons].map((id) => `${name} ${id}`)).sort();
  const noted = await deadLetters(query);
  if (noted.join() !== expected.join()) unsound.push(`dead letters: ${noted.join(', ') || 'none'}`);
  const { lost, duplicated } = await wrongOrders(query, wishes, all);
  for (const consumer of consumers) {
    const dead = await shop.deadLettersOf(consumer);
    const isRight = dead.size === poisons.size && [...dead].every((id) => poisons.has(id));
    if (!isRight) unsound.push(`dead letters of ${consumer}: ${[...dead].join(', ') || 'none'}`);
  }
  return { lost, duplicated, unsound };
}

function recordOf(records: Map<string, FaultRecord>, fault: string): FaultRecord {
  const known = records.get(fault);
  if (known) return known;
  const made = {
    fault,
    runs: 0,
    struck: 0,
    orders: 0,
    lost: 0,
    duplicated: 0,
    otherwise: 0,
    restMs: 0,
  };
  records.set(fault, made);
  return made;
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const left = [...items];
  const drawn: T[] = [];
  while (left.length > 0) drawn.push(...left.splice(random.below(left.length), 1));
  return drawn;
}
