import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { developmentIdentityKey } from '../../common/development-keys.ts';
import { createIdentitySigner, identityHeader } from '../../common/identity-token.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { createRandom } from '../support/oracles/random.ts';
import { patienceMs } from '../support/patience.ts';
import { createTestDatabase, postgresUrl, type TestDatabase } from '../support/postgres.ts';
import { type StartedProcess, startProcess } from '../support/process.ts';
import { user } from '../support/subgraph.ts';
import { address } from './shop.ts';

const onPostgres = postgresUrl === undefined ? describe.skip : describe;
const skipped = postgresUrl === undefined ? ': skipped, TEST_DATABASE_URL is not set' : '';

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

/** The lock for which a step waits that is held up. */
const gate = 4_711;

/** Where the process is killed: what is about to be written, in which table. */
const points = [
  ['before an order is committed', 'orders.order_events', isEvent('placed')],
  ['after it, before its pieces are kept', 'products.reservations', "new.state = 'HELD'"],
  ['when they are kept, before it says so', 'orders.order_events', isEvent('reserved')],
  ['after that, before they are sold', 'products.reservations', "new.state = 'CONFIRMED'"],
  ['when they are sold, before money is taken', 'orders.simulated_payments', 'new.asked = 1'],
  ['when money is taken, before it says so', 'orders.order_events', isEvent('paid')],
  ['when a payment is declined, before it says so', 'orders.order_events', isEvent('rejected')],
  ['after that, before pieces go back', 'products.reservations', "new.state = 'RELEASED'"],
  [
    'when they are back, before it says so',
    'orders.orders',
    "new.status = 'REJECTED' and new.due_at is null",
  ],
  ['before a cancellation is committed', 'orders.order_events', isEvent('cancelled')],
  ['after it, before money goes back', 'orders.simulated_payments', 'new.refunded_at is not null'],
] as const;

interface Wish {
  readonly userId: string;
  readonly key: string;
  readonly productId: string;
  readonly quantity: number;
  readonly token: string;
  readonly isCalledOff: boolean;
}

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
  let outside: pg.Client;
  let holder: pg.Client;
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
    outside = await connect();
    holder = await connect();
    await outside.query(
      `create function public.wait_for_test() returns trigger language plpgsql as $$ begin
        perform pg_advisory_xact_lock(${gate}); return new; end $$`,
    );
    for (const stock of [1_000, 1_000, 20]) {
      const { rows } = await outside.query<{ id: string }>(
        `insert into products.products (sku, name, price_minor, stock, weight_grams)
          values ('SKU-' || nextval('products.products_id_seq'), 'A product', 500, $1, 100) returning id`,
        [stock],
      );
      initial.set(rows[0]?.id ?? '', stock);
    }
  });
  afterAll(async () => {
    await orders.end('SIGTERM');
    await products.end('SIGTERM');
    await outside.end();
    await holder.end();
    await database.drop();
    await rm(directory, { recursive: true, force: true });
  });

  it.each(points)('threat 73: loses nothing when it is killed %s', async (_, table, condition) => {
    await outside.query(
      `create trigger held_up before insert or update on ${table} for each row
        when (${condition}) execute function public.wait_for_test()`,
    );
    await holder.query(`select pg_advisory_lock(${gate})`);
    const asked = newWishes(8);
    const inFlight = asked.map((wish) => fulfil(wish).catch((error: unknown) => error));
    try {
      await eventually(waiting, (count) => count > 0);
      await orders.end('SIGKILL');
      await Promise.all(inFlight);
    } finally {
      await holder.query(`select pg_advisory_unlock(${gate})`);
      await outside.query(`drop trigger held_up on ${table}`);
    }
    await startOrders();
    await comeToRest(asked);
  });

  it('threat 73: loses nothing when it is killed again and again, at any moment', async () => {
    for (let round = 0; round < 6; round += 1) {
      const asked = newWishes(20);
      const from = await countEvents();
      const killedAt = 1 + random.below(40);
      const inFlight = asked.map((wish) => fulfil(wish).catch((error: unknown) => error));
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
        // As when the time of the process that was killed is over.
        await outside.query(
          `update orders.orders set due_at = now() - interval '1 s' where due_at is not null and tries = 0`,
        );
        return left();
      },
      (count) => count === 0,
    );
    await expectSound();
    for (const wish of asked) await fulfil(wish);
    await eventually(left, (count) => count === 0);
    await expectSound();
    const keys = await outside.query<{ count: number }>(
      'select count(*)::int as count from orders.order_keys',
    );
    const all = await outside.query<{ count: number }>(
      'select count(*)::int as count from orders.orders',
    );
    expect([keys.rows[0]?.count, all.rows[0]?.count]).toEqual([wishes.length, wishes.length]);
    for (const { userId, key, productId, quantity, token, isCalledOff } of asked) {
      const { rows } = await outside.query<{ status: string; reason: string | null }>(
        `select o.status, o.reason from orders.order_keys k join orders.orders o on o.id = k.order_id
          join orders.order_items i on i.order_id = o.id and i.product_id = $3 and i.quantity = $4
          where k.user_id = $1 and k.key = $2`,
        [userId, key, productId, quantity],
      );
      const [order] = rows;
      if (order?.reason === 'OUT_OF_STOCK') continue;
      const status = token === 'tok_declined' ? 'REJECTED' : isCalledOff ? 'CANCELLED' : 'PAID';
      expect([key, order?.status]).toEqual([key, status]);
    }
  }

  /** What holds whenever nothing is in flight. */
  async function expectSound(): Promise<void> {
    for (const [id, stock] of initial) {
      const { rows } = await outside.query<{ stock: number; kept: number; sold: number }>(
        `select stock, (select coalesce(sum(quantity), 0)::int from products.reservation_items
            join products.reservations using (order_id) where product_id = p.id and state <> 'RELEASED') as kept,
          (select coalesce(sum(quantity), 0)::int from orders.order_items i join orders.orders o on o.id = i.order_id
            where product_id = p.id and status = 'PAID') as sold
          from products.products p where id = $1`,
        [id],
      );
      const [pieces] = rows;
      expect(pieces).toEqual({
        stock: stock - (pieces?.kept ?? 0),
        kept: pieces?.sold,
        sold: pieces?.sold,
      });
      expect(pieces?.stock).toBeGreaterThanOrEqual(0);
    }
    const wrong = await outside.query(
      `select o.id, o.status, p.outcome, p.refunded_at, r.state, e.types
        from orders.orders o
        left join orders.simulated_payments p on p.order_id = o.id
        left join products.reservations r on r.order_id = o.id
        join lateral (select string_agg(split_part(type, '.', 3), ' ' order by id) as types
          from orders.order_events where order_id = o.id) e on true
        where not case o.status
          when 'PAID' then p.outcome = 'CHARGED' and p.refunded_at is null and r.state = 'CONFIRMED'
            and e.types = 'placed reserved paid'
          when 'REJECTED' then p.outcome in ('DECLINED', 'VOIDED') and r.state = 'RELEASED'
            and e.types in ('placed rejected', 'placed reserved rejected')
          when 'CANCELLED' then p.outcome = 'CHARGED' and p.refunded_at is not null and r.state = 'RELEASED'
            and e.types = 'placed reserved paid cancelled'
          else false end`,
    );
    expect(wrong.rows).toEqual([]);
    const without = await outside.query(
      `select order_id from products.reservations where state <> 'RELEASED' and order_id not in (select id from orders.orders)`,
    );
    expect(without.rows).toEqual([]);
  }

  /** Orders of customers of their own; some are declined, some are called off, some find too few pieces. */
  function newWishes(count: number): readonly Wish[] {
    const made = Array.from({ length: count }, (_, index) => {
      const number = wishes.length + index;
      const products = [...initial.keys()];
      return {
        userId: String(10_000 + random.below(5)),
        key: `wish-${seed}-${number}`,
        // The last product runs out; those that are to be declined or called off must have their pieces.
        productId: random.pick(number % 4 < 2 ? products.slice(0, 2) : products),
        quantity: 1 + random.below(4),
        // Of eight in a row there is one of each kind.
        token: number % 4 === 0 ? 'tok_declined' : 'tok_visa',
        isCalledOff: number % 4 === 1,
      };
    });
    wishes.push(...made);
    return made;
  }

  /** What a client does for an order: asks until there is an answer, then calls it off if it is to be. */
  async function fulfil(wish: Wish): Promise<void> {
    const { userId, key, productId, quantity, token, isCalledOff } = wish;
    const input = {
      idempotencyKey: key,
      items: [{ productId, quantity }],
      shippingAddress: address,
      payment: { method: 'CARD', token },
    };
    const { placeOrder } = await ask<{ placeOrder: Outcome }>(
      userId,
      'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id status } userErrors { code } } }',
      { input },
    );
    if (!isCalledOff || placeOrder.order?.status !== 'PAID') return;
    await ask(
      userId,
      'mutation ($input: CancelOrderInput!) { cancelOrder(input: $input) { order { id status } userErrors { code } } }',
      { input: { id: placeOrder.order.id } },
    );
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

  async function connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    return client;
  }

  /** How many wait at the gate. */
  async function waiting(): Promise<number> {
    const { rows } = await outside.query<{ count: number }>(
      `select count(*)::int as count from pg_locks where locktype = 'advisory' and objid = ${gate} and not granted`,
    );
    return rows[0]?.count ?? 0;
  }

  async function countEvents(): Promise<number> {
    const { rows } = await outside.query<{ count: number }>(
      'select count(*)::int as count from orders.order_events',
    );
    return rows[0]?.count ?? 0;
  }

  /** How many orders are not at rest. */
  async function left(): Promise<number> {
    const { rows } = await outside.query<{ count: number }>(
      'select count(*)::int as count from orders.orders where due_at is not null',
    );
    return rows[0]?.count ?? 0;
  }
});

interface Outcome {
  readonly order: { readonly id: string; readonly status: string } | null;
}

function isEvent(event: string): string {
  return `new.type = 'shop.order.${event}.v1'`;
}
