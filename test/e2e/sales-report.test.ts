import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { DatabaseHome } from '../../subgraphs/kit/database/database.ts';
import { openTestHome } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { accounts, startTestStorefront, type TestStorefront } from '../support/storefront.ts';

const report = /* GraphQL */ `
  query ($from: String!, $days: Int! = 2) {
    salesReport(from: $from, days: $days) {
      days {
        day
        orders
        revenue {
          amount
          currencyCode
        }
        refunds
        refunded {
          amount
        }
      }
    }
  }
`;

const place = /* GraphQL */ `
  mutation ($input: PlaceOrderInput!) {
    placeOrder(input: $input) {
      order {
        id
        status
      }
    }
  }
`;

const change = (field: string, id: string) =>
  `mutation { ${field}(input: { id: "${id}" }) { order { status } userErrors { code } } }`;

interface Sums {
  readonly orders: number;
  readonly revenue: number;
  readonly refunds: number;
  readonly refunded: number;
}

describe('the report of sales', () => {
  const from = new Date().toISOString().slice(0, 10);
  let home: DatabaseHome;
  let storefront: TestStorefront;
  let john: string;
  let admin: string;

  beforeAll(async () => {
    home = await openTestHome();
    const settings = { fulfilment: { shipAfterMs: 60_000 } };
    storefront = await startTestStorefront({ home, settings });
    john = await storefront.login(accounts.john);
    admin = await storefront.login(accounts.admin);
  });
  afterAll(() => storefront.stop());

  const order = async (count: number): Promise<string> => {
    const { data } = await storefront.ask(john, place, {
      input: {
        idempotencyKey: `order-of-report-${count}`,
        items: [{ productId: '2', quantity: count }],
        shippingAddress: {
          ...{ name: 'John Doe', line1: '1 Main Street', city: 'Springfield' },
          ...{ postalCode: '62701', country: 'US' },
        },
        payment: { method: 'CARD', token: count === 5 ? 'tok_declined' : 'tok_visa' },
      },
    });
    return data.placeOrder.order.id as string;
  };
  /** As the tables of orders have it, for all that was placed since the start. */
  const sums = async (): Promise<Sums | undefined> => {
    const { rows } = await sql<Sums>`
      with totals as (
        select o.id, o.status, o.shipping_minor + sum(i.quantity * i.unit_price_minor) as total,
          exists (select from orders.order_events e
            where e.order_id = o.id and e.type = 'shop.order.paid.v1') as is_paid
        from orders.orders o join orders.order_items i on i.order_id = o.id
        where o.id >= 1000 group by o.id)
      select count(*)::int as orders,
        coalesce(sum(total) filter (where is_paid), 0)::int as revenue,
        (count(*) filter (where is_paid and status in ('CANCELLED', 'REFUNDED')))::int as refunds,
        coalesce(sum(total) filter (where is_paid and status in ('CANCELLED', 'REFUNDED')), 0)::int as refunded
      from totals`.execute(home.connect('orders'));
    return rows[0];
  };
  const reported = async (): Promise<Sums> => {
    const { data, errors } = await storefront.ask(admin, report, { from });
    expect(errors).toBeUndefined();
    const days = data.salesReport.days as {
      orders: number;
      revenue: { amount: string };
      refunds: number;
      refunded: { amount: string };
    }[];
    const minor = ({ amount }: { amount: string }) => Math.round(Number(amount) * 100);
    const total = (of: (day: (typeof days)[number]) => number) =>
      days.reduce((sum, each) => sum + of(each), 0);
    return {
      orders: total((each) => each.orders),
      revenue: total((each) => minor(each.revenue)),
      refunds: total((each) => each.refunds),
      refunded: total((each) => minor(each.refunded)),
    };
  };

  it('is what the tables of orders add up to', async () => {
    expect(await reported()).toEqual({ orders: 0, revenue: 0, refunds: 0, refunded: 0 });
    const ids: string[] = [];
    for (const count of [1, 2, 3, 4, 5]) ids.push(await order(count));
    const [, second = '', third = ''] = ids;
    await storefront.ask(john, change('cancelOrder', second));
    await storefront.ask(admin, change('refundOrder', third));
    const right = await sums();
    expect(right).toMatchObject({ orders: 5, refunds: 2 });
    expect(await eventually(reported, (now) => now.refunds === 2 && now.orders === 5)).toEqual(
      right,
    );
  });

  it('is for admins', async () => {
    for (const [token, code] of [
      [john, 'FORBIDDEN'],
      [undefined, 'UNAUTHENTICATED'],
    ] as const) {
      const { errors } = await storefront.ask(token, report, { from });
      expect(errors?.[0]?.extensions?.code).toBe(code);
    }
  });

  it.each([
    [{ from: '2026-02-30' }, '"from" takes a day such as 2026-11-28, in UTC.'],
    [{ from: '2026-11-01', days: 0 }, '"days" takes a number from 1 to 366; got 0.'],
    [{ from: '2026-11-01', days: 367 }, '"days" takes a number from 1 to 366; got 367.'],
  ])('refuses %j', async (variables, message) => {
    const { errors } = await storefront.ask(admin, report, variables);
    expect(errors).toMatchObject([{ message, extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});
