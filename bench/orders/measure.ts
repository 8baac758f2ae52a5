import { setTimeout as pause } from 'node:timers/promises';
import { createTestDatabase } from '../../test/support/postgres.ts';
import { ownPrefix, removeQueues } from '../../test/support/rabbitmq.ts';
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

/** How long a shop is left alone before each measurement: until then it ships what was ordered before, and sends e-mails. */
const restMs = 12_000;

/** How long a shop may take to publish what is left in its outbox. */
const drainMs = 15_000;

const consumers = ['notifications-email', 'notifications-sms', 'notifications-push'];

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
      events: { prefix },
      ...(!isOnPostgres && { telemetry: { logLevel: 'info' } }),
    },
  });
  const cleanUp = async (): Promise<void> => {
    await shop.stop();
    await own?.drop();
    if (amqpUrl !== undefined) await removeQueues(amqpUrl, prefix, consumers, retryDelaysMs);
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
  await pause(restMs);
  const [from] = (await database?.query<{ now: Date }>('select now()')) ?? [];
  const before = await costsOf(shop, database);
  const bought = await buy(shop.gatewayUrl, tokens, products, seconds, signal);
  // Its counters are written with a delay of up to a second.
  await pause(1_100);
  if (database) await drained(database);
  const costs = costsSince(before, await costsOf(shop, database));
  const lag = database && from && (await lagSince(database, from.now));
  return { buyers: tokens.length, products: products.length, ...bought, costs, lag };
}

async function drained(database: ShopDatabase): Promise<void> {
  const endsAt = performance.now() + drainMs;
  for (;;) {
    const [row] = await database.query<{ left: number }>(
      'select count(*)::int as left from orders.outbox where published_at is null',
    );
    if (row?.left === 0) return;
    if (performance.now() > endsAt) return;
    await pause(100);
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
