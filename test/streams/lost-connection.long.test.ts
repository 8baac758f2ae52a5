import { describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { Viewer } from '../../common/viewer.ts';
import { messageAdded, messagesIn, say, textsOf } from '../orders/chat-texts.ts';
import { followOrders } from '../orders/follow-orders.ts';
import { admin, john, useShop } from '../orders/shop.ts';
import { openPostgresHome } from '../support/database.ts';
import { postgresUrl } from '../support/postgres.ts';
import { until } from '../support/until.ts';
import type { OpenStream } from './read-events.ts';

(postgresUrl === undefined ? describe.skip : describe)(
  'streams: when the connection that listens is lost',
  () => {
    const shop = useShop(openPostgresHome);

    const follow = (viewer: Viewer, query: string): Promise<OpenStream> =>
      followOrders(shop.ordersUrl(), viewer, query);
    const valuesIn = ({ events }: OpenStream): readonly string[] =>
      events.map(({ data }) =>
        Object.values((data as { data: Record<string, Record<string, string>> }).data)
          .flatMap((fields) => Object.values(fields))
          .join(),
      );
    const listeners = async (): Promise<readonly number[]> => {
      const { rows } = await sql<{ pid: number }>`select pid from pg_stat_activity
        where datname = current_database() and application_name = 'supergraph-listen'`.execute(
        shop.orders(),
      );
      return rows.map(({ pid }) => pid);
    };
    /** Ends what listens, again and again while something happens, and lets it listen again. */
    const whileLost = async (act: () => Promise<void>): Promise<void> => {
      const before = await listeners();
      expect(before.length).toBeGreaterThan(0);
      const kill = () =>
        sql`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and application_name = 'supergraph-listen'`.execute(
          shop.orders(),
        );
      const acting = { isOver: false };
      const killing = (async () => {
        while (!acting.isOver) await kill();
      })();
      await act();
      acting.isOver = true;
      await killing;
      await until(async () => (await listeners()).some((pid) => !before.includes(pid)));
    };
    const place = async (): Promise<string> => {
      const { data } = await shop.place(john, { items: [{ productId: '2', quantity: 1 }] });
      return data.placeOrder.order.id as string;
    };
    const change = (mutation: string, id: string) =>
      shop.ask(admin, `mutation { ${mutation}(input: { id: "${id}" }) { userErrors { code } } }`);

    it('tells the state that an order has reached meanwhile, once', async () => {
      const id = await place();
      const stream = await follow(
        john,
        `subscription { orderStatusChanged(orderId: "${id}", withCurrent: true) { status } }`,
      );
      await until(() => stream.events.length === 1);
      await whileLost(async () => {
        await change('shipOrder', id);
      });
      await until(() => stream.events.length === 2);
      await change('deliverOrder', id);
      await until(() => stream.events.length === 3);
      await change('refundOrder', id);
      await until(() => stream.events.length === 4);
      expect(valuesIn(stream)).toEqual(['PAID', 'SHIPPED', 'DELIVERED', 'REFUNDED']);
      stream.leave();
    });

    it('tells each message that was sent meanwhile, once and in order', async () => {
      const id = '123';
      const stream = await followOrders(shop.ordersUrl(), john, messageAdded, { id });
      const said = ['before'];
      await say(shop.ask, admin, id, 'before');
      await until(() => stream.events.length === 1);
      await whileLost(async () => {
        for (let more = 0; more < 10; more += 1) {
          said.push(`lost ${more}`);
          await say(shop.ask, admin, id, `lost ${more}`);
        }
      });
      said.push('after');
      await say(shop.ask, admin, id, 'after');
      await until(() => stream.events.length >= said.length);
      expect(textsOf(messagesIn(stream))).toEqual(said);
      stream.leave();
    });

    it('tells admins of each order that was placed meanwhile, once', async () => {
      const placed: string[] = [];
      const stream = await follow(admin, 'subscription { orderPlaced { id } }');
      do placed.push(await place());
      while (stream.events.length === 0);
      await whileLost(async () => {
        for (let more = 0; more < 5; more += 1) placed.push(await place());
      });
      for (let more = 0; more < 2; more += 1) placed.push(await place());
      await until(() => valuesIn(stream).includes(placed.at(-1) ?? ''));
      const told = valuesIn(stream);
      const from = placed.indexOf(told[0] ?? '');
      expect(from).toBeGreaterThanOrEqual(0);
      expect([...told].sort()).toEqual(placed.slice(from).sort());
      stream.leave();
    });
  },
);
