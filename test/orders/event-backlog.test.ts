import { expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { createLogger, type Logger } from '../../common/logger.ts';
import { createEventBacklog } from '../../subgraphs/orders/services/event-backlog.ts';
import { describeOnEachDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { john, newKey, useShop } from './shop.ts';

/** Each order is placed, reserved and paid: three events. */
const outboxMax = 7;

describeOnEachDatabase('orders/event-backlog', (open) => {
  const shop = useShop(open, { events: { outboxMax } });
  const publishAll = () =>
    sql`update orders.outbox set published_at = now() where published_at is null`.execute(
      shop.orders(),
    );

  it('takes no new orders while too many events wait, and goes on with those it has', async () => {
    await publishAll();
    const items = [{ productId: await shop.productWith(1_000), quantity: 1 }];
    const placed = { idempotencyKey: newKey(), items };
    const first = await shop.place(john, placed);
    const { id } = first.data.placeOrder.order as { id: string };
    const refused = await eventually(
      () => shop.placeOnce(john, { items }),
      ({ errors }) => errors !== undefined,
    );
    expect(refused.errors).toMatchObject([
      { message: expect.stringMatching(/nothing was ordered/), extensions: { code: 'OVERLOADED' } },
    ]);
    const { rows } = await sql<{ orders: number; waiting: number }>`
      select (select count(*)::int from orders.orders where id >= 1000) as orders,
        (select count(*)::int from orders.outbox where published_at is null) as waiting`.execute(
      shop.orders(),
    );
    const [counted] = rows;
    if (!counted) throw new Error('Nothing was counted.');
    expect(counted.waiting).toBe(counted.orders * 3);
    expect(counted.waiting).toBeGreaterThanOrEqual(outboxMax);

    expect((await shop.placeOnce(john, placed)).data.placeOrder.order.id).toBe(id);
    const cancelled = await shop.ask(
      john,
      'mutation ($id: ID!) { cancelOrder(input: { id: $id }) { order { status } } }',
      { id },
    );
    expect(cancelled.data.cancelOrder.order.status).toBe('CANCELLED');

    await publishAll();
    const taken = await eventually(
      () => shop.placeOnce(john, { items }),
      ({ errors }) => errors === undefined,
    );
    expect(taken.data.placeOrder.userErrors).toEqual([]);
  });

  it('counts once a second for all, and says once that it is full', async () => {
    await publishAll();
    const lines: string[] = [];
    const log = {
      ...createLogger('orders', 'silent'),
      error: (_: object, line: string) => lines.push(line),
      info: (line: string) => lines.push(line),
    } as unknown as Logger;
    let now = 0;
    const backlog = createEventBacklog({
      database: shop.orders(),
      maxWaiting: 1,
      clock: { now: () => now },
      log,
    });
    expect(await Promise.all([backlog.isFull(), backlog.isFull()])).toEqual([false, false]);
    await sql`update orders.outbox set published_at = null where id = (select max(id) from orders.outbox)`.execute(
      shop.orders(),
    );
    expect(await backlog.isFull()).toBe(false);
    now += 1_000;
    expect(await backlog.isFull()).toBe(true);
    now += 1_000;
    expect(await backlog.isFull()).toBe(true);
    await publishAll();
    now += 1_000;
    expect(await backlog.isFull()).toBe(false);
    expect(lines).toEqual([
      'too many events wait: no new orders are taken',
      'new orders are taken again',
    ]);
  });
});
