import { setTimeout as pause } from 'node:timers/promises';
import { createTestDatabase } from '../../test/support/postgres.ts';
import { ownPrefix, removeQueues, shopConsumers } from '../../test/support/rabbitmq.ts';
import {
  insertCustomers,
  insertProducts,
  openShopDatabase,
  type ShopDatabase,
} from '../../test/support/shop-database.ts';
import { prepareShop, type ShopProcesses } from '../../test/support/shop-processes.ts';
import { quantile } from '../measure/statistics.ts';
import { type Bought, buy } from './buyers.ts';
import { type Costs, costsOf, costsSince } from './cost.ts';
import type { Surrounding } from './options.ts';

/** What was measured with a number of buyers. */
export interface Measured extends Bought {
  readonly buyers: number;
  readonly products: number;
  readonly costs: Costs;
  /** How long events waited in the outbox, in milliseconds; `undefined` where it is not known. */
  readonly lag: { readonly p99: number; readonly most: number } | undefined;
  /** How long it took afterwards until all was shipped and all messages were sent, in seconds, where that is known. */
  readonly caughtUpAfterS: number | undefined;
}

/** A shop that orders can be placed in. */
export interface ShopUnderLoad {
  measure(buyers: number, productCount: number): Promise<Measured>;
  stop(): Promise<void>;
}

/** Where a shop comes from, and what it runs on. */
export interface ShopOptions {
  /** The folder with its programs. */
  readonly programs: string;
  readonly surrounding: Surrounding;
  readonly mostBuyers: number;
  readonly seconds: number;
}

const productCount = 200;

/** How long all buyers order before anything is measured: until then most of the time goes into code that is not compiled yet. */
const warmUpSeconds = 20;

/**
 * How long a shop is left alone before each load. One that is embedded ships until then what was ordered, and sends e-mails; of
 * another, consumers that have caught up are ready to give way again.
 */
const restMs = 12_000;

/** How long a shop may take for what is left to do after a load. */
const catchUpMs = 180_000;

/** So long nothing changes in a shop that has nothing left to do. */
const quietMs = 1_000;

const retryDelaysMs = [1_000, 10_000, 60_000, 600_000];

/** Starts a shop with customers and products of its own. */
export async function startShopUnderLoad(
  { programs, surrounding, mostBuyers, seconds }: ShopOptions,
  signal: AbortSignal,
): Promise<ShopUnderLoad> {
  const isOnPostgres = surrounding === 'postgres';
  const server = process.env['TEST_DATABASE_URL'] ?? '';
  const amqpUrl = isOnPostgres ? process.env['TEST_AMQP_URL'] : undefined;
  const own = isOnPostgres ? await createTestDatabase(server) : undefined;
  const prefix = ownPrefix();
  const shop = await prepareShop({
    programs,
    databaseUrl: own?.url,
    amqpUrl,
    settings: {
      rateLimits: { enabled: false },
      server: { drainDelayMs: 0 },
      // As in production.
      events: { prefix, giveWayMs: 60_000 },
      ...(!isOnPostgres && { telemetry: { logLevel: 'info' } }),
    },
  });
  const cleanUp = async (): Promise<void> => {
    await shop.stop();
    await own?.drop();
    if (amqpUrl !== undefined) await removeQueues(amqpUrl, prefix, shopConsumers, retryDelaysMs);
  };
  const openDatabase = (): Promise<ShopDatabase> =>
    openShopDatabase({ databaseUrl: own?.url, dataDir: shop.dataDir });
  try {
    for (const name of shop.names) await shop.start(name);
    if (!isOnPostgres) await stopAll(shop);
    const database = await openDatabase();
    const products = await insertProducts(database, Array(productCount).fill(1_000_000));
    const customers = await insertCustomers(database, mostBuyers);
    if (!isOnPostgres) {
      await database.close();
      for (const name of shop.names) await shop.start(name);
    }
    const tokens = (): readonly string[] => customers.map((id) => shop.tokenFor(id));
    await buy(shop.gatewayUrl, tokens(), products, warmUpSeconds, signal);
    if (isOnPostgres) await caughtUp(database, signal);
    return {
      measure: (buyers, count) =>
        measure({
          shop,
          database: isOnPostgres ? database : undefined,
          tokens: tokens().slice(0, buyers),
          products: products.slice(0, count),
          seconds,
          signal,
        }),
      async stop() {
        if (isOnPostgres) await database.close();
        await cleanUp();
      },
    };
  } catch (error) {
    await cleanUp();
    throw error;
  }
}

async function measure({
  shop,
  database,
  tokens,
  products,
  seconds,
  signal,
}: {
  readonly shop: ShopProcesses;
  readonly database: ShopDatabase | undefined;
  readonly tokens: readonly string[];
  readonly products: readonly string[];
  readonly seconds: number;
  readonly signal: AbortSignal;
}): Promise<Measured> {
  await pause(restMs, undefined, { signal });
  const [from] = (await database?.query<{ now: Date }>('select now()')) ?? [];
  const before = await costsOf(shop, database);
  const bought = await buy(shop.gatewayUrl, tokens, products, seconds, signal);
  const caughtUpAfterS = database && (await caughtUp(database, signal));
  if (!database) await pause(restMs, undefined, { signal });
  const costs = costsSince(before, await costsOf(shop, database));
  const lag = database && from && (await lagSince(database, from.now));
  return {
    ...{ buyers: tokens.length, products: products.length },
    ...{ ...bought, costs, lag, caughtUpAfterS },
  };
}

/** Resolves when all orders are shipped, all events published, and nothing is noted of them any more; with the seconds it took. */
async function caughtUp(database: ShopDatabase, signal: AbortSignal): Promise<number> {
  const from = performance.now();
  let [noted, since] = [-1, from];
  for (;;) {
    const [row] = await database.query<{ left: number; noted: number }>(
      `select (select count(*)::int from orders.orders where status = 'PAID')
          + (select count(*)::int from orders.outbox where published_at is null) as left,
        (select count(*)::int from notifications.inbox where state = 'done')
          + (select count(*)::int from analytics.inbox) as noted`,
    );
    const now = performance.now();
    if (row?.noted !== noted) [noted, since] = [row?.noted ?? 0, now];
    if (row?.left === 0 && now - since > quietMs) return (since - from) / 1_000;
    if (now - from > catchUpMs) throw new Error(`The shop has not caught up in ${catchUpMs} ms.`);
    await pause(500, undefined, { signal });
  }
}

/** Of events that have not been published yet, until now. */
async function lagSince(database: ShopDatabase, from: Date): Promise<Measured['lag']> {
  const rows = await database.query<{ ms: number }>(
    `select extract(epoch from coalesce(published_at, now()) - recorded_at)::float8 * 1000 as ms from orders.outbox
      where recorded_at >= $1 order by 1`,
    [from],
  );
  const sorted = rows.map(({ ms }) => ms);
  return { p99: quantile(sorted, 0.99), most: sorted.at(-1) ?? Number.NaN };
}

async function stopAll(shop: ShopProcesses): Promise<void> {
  for (const name of [...shop.names].reverse()) await shop.process(name).end('SIGTERM');
}
