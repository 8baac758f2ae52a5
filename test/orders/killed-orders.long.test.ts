import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { developmentIdentityKey } from '../../common/development-keys.ts';
import { createIdentitySigner, identityHeader } from '../../common/identity-token.ts';
import { createGate, type Gate } from '../chaos/gate.ts';
import { stepsOfOrders } from '../chaos/points.ts';
import { endLeases, ordersLeft, wrongAtRest, wrongOrders } from '../chaos/soundness.ts';
import { drawWishes, fulfil, type Wish } from '../chaos/wishes.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { createRandom } from '../support/oracles/random.ts';
import { patienceMs } from '../support/patience.ts';
import { createTestDatabase, postgresUrl, type TestDatabase } from '../support/postgres.ts';
import { type StartedProcess, startProcess } from '../support/process.ts';
import { insertProducts, openShopDatabase, type ShopDatabase } from '../support/shop-database.ts';
import { user } from '../support/subgraph.ts';

const onPostgres = postgresUrl === undefined ? describe.skip : describe;
const skipped = postgresUrl === undefined ? ': skipped, TEST_DATABASE_URL is not set' : '';

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

/**
 * The process of orders is killed with orders in flight, and started again. What is true then is read from the database, by
 * SQL, from outside of both processes.
 */
onPostgres(`orders/killed orders, seed ${seed}${skipped}`, () => {
  const random = createRandom(seed);
  const wishes: Wish[] = [];
  const initial = new Map<string, number>();
  let directory: string;
  let database: TestDatabase;
  let outside: ShopDatabase;
  let gate: Gate;
  let environment: Record<string, string>;
  let products: StartedProcess;
  let orders: StartedProcess;
  let url: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'killed-'));
    database = await createTestDatabase(postgresUrl ?? '');
    environment = {
      DATABASE_URL: database.url,
      DATA_DIR: directory,
      DEMO_DATA: 'false',
      PRODUCTS_PORT: '0',
      ORDERS_PORT: '0',
      INVENTORY_GRPC_ADDRESS: `127.0.0.1:${await freePort()}`,
    };
    products = startProcess('subgraphs/products/main.ts', environment);
    await products.waitFor(/"msg":"listening"/);
    await startOrders();
    outside = await openShopDatabase({ databaseUrl: database.url, dataDir: directory });
    gate = await createGate(database.url);
    const stocks = [1_000, 1_000, 20];
    const ids = await insertProducts(outside, stocks);
    for (const [index, id] of ids.entries()) initial.set(id, stocks[index] ?? 0);
  });
  afterAll(async () => {
    await orders.end('SIGTERM');
    await products.end('SIGTERM');
    await outside.close();
    await gate.close();
    await database.drop();
    await rm(directory, { recursive: true, force: true });
  });

  it.each(stepsOfOrders)('threat 73: loses nothing when it is killed $name', async (step) => {
    const asked = newWishes(8);
    const work = async (): Promise<void> => {
      await Promise.all(asked.map((wish) => fulfil(ask, wish).catch((error: unknown) => error)));
    };
    await gate.holding(step, work, async () => {
      await orders.end('SIGKILL');
      return step.writtenBy === 'orders';
    });
    await startOrders();
    await comeToRest(asked);
  });

  it('threat 73: loses nothing when it is killed again and again, at any moment', async () => {
    for (let round = 0; round < 6; round += 1) {
      const asked = newWishes(20);
      const from = await countEvents();
      const killedAt = 1 + random.below(40);
      const inFlight = asked.map((wish) => fulfil(ask, wish).catch((error: unknown) => error));
      const over = Promise.all(inFlight).then(() => true);
      let isOver = false;
      void over.then(() => {
        isOver = true;
      });
      await eventually(countEvents, (count) => isOver || count >= from + killedAt);
      await orders.end('SIGKILL');
      await over;
      await startOrders();
      await comeToRest(asked);
    }
  });

  /** Waits until nothing is left to do, by the work of the process itself; then every client asks again. */
  async function comeToRest(asked: readonly Wish[]): Promise<void> {
    await eventually(
      async () => {
        await endLeases(outside.query);
        return ordersLeft(outside.query);
      },
      (count) => count === 0,
    );
    expect(await wrongAtRest(outside.query, initial)).toEqual([]);
    for (const wish of asked) await fulfil(ask, wish);
    await eventually(
      () => ordersLeft(outside.query),
      (count) => count === 0,
    );
    expect(await wrongAtRest(outside.query, initial)).toEqual([]);
    expect(await wrongOrders(outside.query, asked, wishes.length)).toEqual({
      lost: [],
      duplicated: [],
    });
  }

  /** Orders of a few customers. */
  function newWishes(count: number): readonly Wish[] {
    const made = drawWishes(random, {
      ...{ seed, first: wishes.length, count, productIds: [...initial.keys()] },
      userIdOf: () => String(10_000 + random.below(5)),
    });
    wishes.push(...made);
    return made;
  }

  async function ask<T>(userId: string, query: string, variables: object): Promise<T> {
    const sign = createIdentitySigner('orders', developmentIdentityKey('orders'));
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [identityHeader]: sign(user(userId)).token },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(patienceMs),
    });
    const { data, errors } = (await response.json()) as { data: T; errors?: unknown };
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    return data;
  }

  async function startOrders(): Promise<void> {
    orders = startProcess('subgraphs/orders/main.ts', environment);
    [, url = ''] = await orders.waitFor(/"url":"(http:[^"]+)".*"msg":"listening"/);
  }

  async function countEvents(): Promise<number> {
    const [row] = await outside.query<{ count: number }>(
      'select count(*)::int as count from orders.order_events',
    );
    return row?.count ?? 0;
  }
});
