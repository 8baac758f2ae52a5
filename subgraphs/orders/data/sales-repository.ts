import { type Kysely, sql } from 'kysely';
import type { DayRange, SalesDay } from '../domain/sales.ts';
import type { OrdersTables } from './tables.ts';

/** What the consumer `analytics` of events has counted: its table is read here, and never written. */
export interface SalesRepository {
  /** Days with sales, the earliest first; none where events have never been carried. */
  days(range: DayRange): Promise<readonly SalesDay[]>;
}

interface Row {
  readonly day: string;
  readonly currency: string;
  readonly orders: string;
  readonly revenue: string;
  readonly refunds: string;
  readonly refunded: string;
}

/** The sales in the schema of analytics, on the same database. */
export function createSalesRepository(database: Kysely<OrdersTables>): SalesRepository {
  return {
    async days({ from, until }) {
      const { rows: found } = await sql<{ isThere: boolean }>`
        select to_regclass('analytics.sales') is not null as "isThere"`.execute(database);
      if (found[0]?.isThere !== true) return [];
      const { rows } = await sql<Row>`
        select to_char(at at time zone 'UTC', 'YYYY-MM-DD') as day, currency, sum(orders) as orders,
          sum(revenue) as revenue, sum(refunds) as refunds, sum(refunded) as refunded
        from (
          select placed_at as at, currency, 1 as orders, 0 as revenue, 0 as refunds, 0 as refunded
            from analytics.sales where placed_at >= ${from} and placed_at < ${until}
          union all
          select paid_at, currency, 0, paid_minor, 0, 0
            from analytics.sales where paid_at >= ${from} and paid_at < ${until}
          union all
          select returned_at, currency, 0, 0, 1, paid_minor
            from analytics.sales
            where returned_at >= ${from} and returned_at < ${until} and paid_at is not null
        ) as moments
        group by 1, 2 order by 1, 2`.execute(database);
      return rows.map(toDay);
    },
  };
}

function toDay({ day, currency: currencyCode, ...row }: Row): SalesDay {
  return {
    day,
    orders: Number(row.orders),
    revenue: { amountMinor: BigInt(row.revenue), currencyCode },
    refunds: Number(row.refunds),
    refunded: { amountMinor: BigInt(row.refunded), currencyCode },
  };
}
