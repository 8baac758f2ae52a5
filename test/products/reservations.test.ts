import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Kysely, sql } from 'kysely';
import type { DatabaseHome } from '../../subgraphs/kit/database/database.ts';
import { migrate } from '../../subgraphs/kit/database/migrate.ts';
import {
  createReservationRepository,
  type ReservationRepository,
} from '../../subgraphs/products/data/reservation-repository.ts';
import type { ProductsTables } from '../../subgraphs/products/data/tables.ts';
import type { ReserveOutcome } from '../../subgraphs/products/domain/reservation.ts';
import { products } from '../../subgraphs/products/subgraph.ts';
import { describeOnEachDatabase } from '../support/database.ts';

const now = new Date('2026-12-01T12:00:00.000Z');
const later = new Date('2026-12-01T12:15:00.000Z');
const muchLater = new Date('2026-12-01T13:00:00.000Z');

describeOnEachDatabase('products/reservations', (open) => {
  let home: DatabaseHome;
  let database: Kysely<ProductsTables>;
  let reservations: ReservationRepository;
  let lastOrder = 0;

  beforeAll(async () => {
    home = await open();
    database = home.connect('products');
    await migrate(database, 'products', products.migrations);
    reservations = createReservationRepository(database);
  });
  afterAll(() => home.close());

  it('threat 72: lets 200 buyers at once have 50 pieces, one each', async () => {
    const id = await productWith(50);
    const watch = watchInvariant(id, 50);
    const outcomes = await Promise.all(
      Array.from({ length: 200 }, () => reserve(newOrder(), [[id, 1]])),
    );
    expect(await watch.end()).toBeGreaterThan(0);
    expect(outcomes.filter(({ kind }) => kind === 'held')).toHaveLength(50);
    expect(outcomes.filter(({ kind }) => kind === 'short')).toHaveLength(150);
    expect(await piecesOf(id)).toEqual({ free: 0, held: 50, sold: 0 });
  });

  it('threat 72: is exact when two processes take pieces of the same products for many orders each, some twice', async () => {
    const [one, other, rare] = [
      await productWith(500),
      await productWith(500),
      await productWith(7),
    ];
    const processes = [reservations, createReservationRepository(database)];
    const watch = watchInvariant(rare, 7);
    const outcomes = await Promise.all(
      Array.from({ length: 120 }, async (_, index) => {
        const items = index % 3 === 0 ? [rare, one] : index % 2 === 0 ? [one, other] : [other, one];
        const reservation = {
          orderId: newOrder(),
          items: items.map((productId) => ({ productId, quantity: 1 })),
          ...{ state: 'HELD' as const, now, expiresAt: later },
        };
        const [first, second] = await Promise.all(
          processes.map((each) => each.reserve(reservation)),
        );
        expect(second).toEqual(first);
        return { isRare: index % 3 === 0, kind: first?.kind };
      }),
    );
    await watch.end();
    const held = (isRare: boolean): number =>
      outcomes.filter((each) => each.isRare === isRare && each.kind === 'held').length;
    expect([held(true), held(false)]).toEqual([7, 80]);
    expect(await piecesOf(rare)).toEqual({ free: 0, held: 7, sold: 0 });
    expect(await piecesOf(one)).toEqual({ free: 413, held: 87, sold: 0 });
    expect(await piecesOf(other)).toEqual({ free: 420, held: 80, sold: 0 });
  });

  it('takes all pieces of an order or none, and says what is lacking', async () => {
    const [plenty, few, archived] = [
      await productWith(10),
      await productWith(1),
      await productWith(5),
    ];
    await database
      .updateTable('products')
      .set({ archived_at: now })
      .where('id', '=', archived)
      .execute();
    const items = [
      [plenty, 2],
      [few, 2],
      [archived, 1],
      ['4711', 1],
    ] as const;
    expect(await reserve(newOrder(), items)).toEqual({
      kind: 'short',
      shortages: [few, archived, '4711']
        .sort((one, other) => Number(one) - Number(other))
        .map((productId) => ({ productId, available: productId === few ? 1 : 0 })),
    });
    expect(await piecesOf(plenty)).toEqual({ free: 10, held: 0, sold: 0 });
    expect(await piecesOf(few)).toEqual({ free: 1, held: 0, sold: 0 });
    expect(await count('reservations', lastOrder)).toBe(0);
  });

  it('gives 50 equal calls at once one reservation and one answer', async () => {
    const id = await productWith(100);
    const order = newOrder();
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => reserve(order, [[id, 3]])));
    for (const outcome of outcomes) expect(outcome).toEqual({ kind: 'held', expiresAt: later });
    expect(await piecesOf(id)).toEqual({ free: 97, held: 3, sold: 0 });
  });

  it('sells pieces with the reservation: made alone, with others, or before; not when it was released', async () => {
    const id = await productWith(10);
    const held = { kind: 'held', expiresAt: later };
    const [alone, before, released] = [newOrder(), newOrder(), newOrder()];
    expect(await reserve(alone, [[id, 1]], 'CONFIRMED')).toEqual(held);
    await Promise.all(
      Array.from({ length: 4 }, async (_, index) => {
        const state = index % 2 === 0 ? 'HELD' : 'CONFIRMED';
        expect(await reserve(newOrder(), [[id, 1]], state)).toEqual(held);
      }),
    );
    expect(await piecesOf(id)).toEqual({ free: 5, held: 2, sold: 3 });
    await reserve(before, [[id, 2]]);
    expect(await reserve(before, [[id, 2]], 'CONFIRMED')).toEqual(held);
    expect(await reserve(alone, [[id, 1]], 'CONFIRMED')).toEqual(held);
    expect(await piecesOf(id)).toEqual({ free: 3, held: 2, sold: 5 });
    await reserve(released, [[id, 1]]);
    await reservations.release(released, now);
    expect(await reserve(released, [[id, 1]], 'CONFIRMED')).toEqual({ kind: 'ended' });
    await reservations.releaseExpired(muchLater, 1_000);
    expect(await piecesOf(id)).toEqual({ free: 5, held: 0, sold: 5 });
  });

  it('tells an order that has a reservation of other items', async () => {
    const id = await productWith(10);
    const other = await productWith(10);
    const order = newOrder();
    await reserve(order, [[id, 3]]);
    for (const items of [
      [[id, 2]],
      [[other, 3]],
      [
        [id, 3],
        [other, 1],
      ],
    ] as const) {
      expect(await reserve(order, items)).toEqual({ kind: 'different' });
    }
    expect(await piecesOf(id)).toEqual({ free: 7, held: 3, sold: 0 });
    expect(await piecesOf(other)).toEqual({ free: 10, held: 0, sold: 0 });
  });

  it('sells what is held, once, and keeps it through the end of its time', async () => {
    const id = await productWith(10);
    const order = newOrder();
    await reserve(order, [[id, 4]]);
    expect(await Promise.all([1, 2, 3].map(() => reservations.confirm(order)))).toEqual([
      true,
      true,
      true,
    ]);
    await reservations.releaseExpired(muchLater, 100);
    expect(await piecesOf(id)).toEqual({ free: 6, held: 0, sold: 4 });
    expect(await reserve(order, [[id, 4]])).toEqual({ kind: 'held', expiresAt: later });
    expect(await piecesOf(id)).toEqual({ free: 6, held: 0, sold: 4 });
  });

  it('puts back what is released, held or sold, once however often it is asked', async () => {
    const id = await productWith(10);
    for (const isSold of [false, true]) {
      const order = newOrder();
      await reserve(order, [[id, 4]]);
      if (isSold) await reservations.confirm(order);
      await Promise.all(Array.from({ length: 5 }, () => reservations.release(order, now)));
      expect(await piecesOf(id)).toEqual({ free: 10, held: 0, sold: 0 });
      expect(await reservations.confirm(order)).toBe(false);
      expect(await reserve(order, [[id, 4]])).toEqual({ kind: 'ended' });
      expect(await piecesOf(id)).toEqual({ free: 10, held: 0, sold: 0 });
    }
  });

  it('keeps nothing for an order that was released before its reservation came', async () => {
    const id = await productWith(10);
    const order = newOrder();
    await reservations.release(order, now);
    expect(await reserve(order, [[id, 1]])).toEqual({ kind: 'ended' });
    expect(await reservations.confirm(order)).toBe(false);
    expect(await piecesOf(id)).toEqual({ free: 10, held: 0, sold: 0 });
  });

  it('confirms nothing that was never reserved', async () => {
    expect(await reservations.confirm(newOrder())).toBe(false);
  });

  it('loses no piece where reserving and releasing one order race', async () => {
    const id = await productWith(10);
    for (let round = 0; round < 20; round += 1) {
      const order = newOrder();
      await Promise.all([
        reserve(order, [[id, 2]]),
        reservations.release(order, now),
        reserve(order, [[id, 2]]),
      ]);
      expect(await piecesOf(id)).toEqual({ free: 10, held: 0, sold: 0 });
    }
  });

  it('releases an unconfirmed reservation when its time is over, with any number of concurrent processes', async () => {
    // What other tests have kept ends at the same time.
    while ((await reservations.releaseExpired(later, 100)) > 0);
    const id = await productWith(30);
    const other = await productWith(30);
    const early = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const order = newOrder();
        await reserve(order, [
          [id, 2],
          [other, 1],
        ]);
        return order;
      }),
    );
    const [sold = ''] = early;
    await reservations.confirm(sold);
    expect(await reservations.releaseExpired(new Date(later.getTime() - 1), 100)).toBe(0);
    const released = await Promise.all(
      Array.from({ length: 4 }, () => reservations.releaseExpired(later, 3)),
    );
    const rest = await reservations.releaseExpired(later, 100);
    expect(released.reduce((sum, each) => sum + each, rest)).toBe(9);
    expect(await piecesOf(id)).toEqual({ free: 28, held: 0, sold: 2 });
    expect(await piecesOf(other)).toEqual({ free: 29, held: 0, sold: 1 });
  });

  it('threat 74: reserves two products for many orders that name them in opposite order', async () => {
    const [one, two] = [await productWith(100), await productWith(100)];
    const outcomes = await Promise.all(
      Array.from({ length: 60 }, (_, n) =>
        reserve(
          newOrder(),
          n % 2 === 0
            ? [
                [one, 1],
                [two, 1],
              ]
            : [
                [two, 1],
                [one, 1],
              ],
        ),
      ),
    );
    expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['held']));
    expect(await piecesOf(one)).toEqual({ free: 40, held: 60, sold: 0 });
    expect(await piecesOf(two)).toEqual({ free: 40, held: 60, sold: 0 });
  });

  describe.each(['40001', '40P01'])('threat 74: in a database that answers %s', (state) => {
    it.each([
      [1, 'held'],
      [2, 'held'],
      [3, undefined],
    ])('%i times, it runs the whole transaction again: %s', async (times, kind) => {
      const id = await productWith(5);
      const order = newOrder();
      await failing(state, times, async () => {
        const outcome = reserve(order, [[id, 1]]);
        if (kind === undefined) await expect(outcome).rejects.toMatchObject({ code: state });
        else expect(await outcome).toMatchObject({ kind });
      });
      const held = kind === undefined ? 0 : 1;
      expect(await piecesOf(id)).toEqual({ free: 5 - held, held, sold: 0 });
    });
  });

  it('has a floor in the database below all of it', async () => {
    const id = await productWith(1);
    const taken = sql`update products.products set stock = stock - 2 where id = ${id}`;
    await expect(taken.execute(database)).rejects.toMatchObject({ code: '23514' });
  });

  function reserve(
    orderId: string,
    items: readonly (readonly [productId: string, quantity: number])[],
    state: 'HELD' | 'CONFIRMED' = 'HELD',
  ): Promise<ReserveOutcome> {
    return reservations.reserve({
      orderId,
      items: items.map(([productId, quantity]) => ({ productId, quantity })),
      state,
      now,
      expiresAt: later,
    });
  }

  function newOrder(): string {
    lastOrder += 1;
    return String(lastOrder);
  }

  async function productWith(stock: number): Promise<string> {
    const { id } = await database
      .insertInto('products')
      .values({
        sku: `SKU-${Math.random().toString(36).slice(2).toUpperCase()}`,
        name: 'A product',
        price_minor: '100',
        stock,
        weight_grams: 1,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    return id;
  }

  async function piecesOf(id: string) {
    const { rows } = await sql<{ free: number; held: number; sold: number }>`
      select stock as free,
        (select coalesce(sum(quantity), 0)::int from products.reservation_items join products.reservations using (order_id)
          where product_id = products.id and state = 'HELD') as held,
        (select coalesce(sum(quantity), 0)::int from products.reservation_items join products.reservations using (order_id)
          where product_id = products.id and state = 'CONFIRMED') as sold
      from products.products where id = ${id}`.execute(database);
    return rows[0];
  }

  /** Looks at all pieces of a product again and again, each time in one statement; rejects at the first sum that is wrong. */
  function watchInvariant(id: string, initial: number): { end(): Promise<number> } {
    const over = new AbortController();
    const looking = (async () => {
      let looks = 0;
      while (!over.signal.aborted) {
        const { free = 0, held = 0, sold = 0 } = (await piecesOf(id)) ?? {};
        expect(free + held + sold).toBe(initial);
        looks += 1;
        // The embedded database answers within the same turn of the event loop.
        await nextTurn();
      }
      return looks;
    })();
    return {
      end() {
        over.abort();
        return looking;
      },
    };
  }

  async function count(table: 'reservations', orderId: number): Promise<number> {
    const rows = await database
      .selectFrom(table)
      .select('order_id')
      .where('order_id', '=', String(orderId))
      .execute();
    return rows.length;
  }

  /** A sequence counts through a rollback: the first so many transactions that reserve fail as if others were in the way. */
  async function failing(state: string, times: number, work: () => Promise<void>): Promise<void> {
    await sql.raw(`create sequence products.failures`).execute(database);
    await sql
      .raw(
        `create function products.fail() returns trigger language plpgsql as $$ begin
          if nextval('products.failures') <= ${times} then raise exception using errcode = '${state}'; end if;
          return new;
        end $$`,
      )
      .execute(database);
    await sql
      .raw(
        `create trigger fails before insert on products.reservation_items for each row execute function products.fail()`,
      )
      .execute(database);
    try {
      await work();
    } finally {
      await sql.raw('drop trigger fails on products.reservation_items').execute(database);
      await sql.raw('drop function products.fail').execute(database);
      await sql.raw('drop sequence products.failures').execute(database);
    }
  }
});
