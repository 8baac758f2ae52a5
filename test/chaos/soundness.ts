import type { ShopDatabase } from '../support/shop-database.ts';
import type { Wish } from './wishes.ts';

/** What is wrong with the orders of a shop, each a sentence. */
export interface Wrongs {
  /** Orders that a customer placed and that are not there, or are not as they must be. */
  readonly lost: readonly string[];
  /** Orders that are there twice. */
  readonly duplicated: readonly string[];
  /** Pieces, money and states that do not agree. */
  readonly unsound: readonly string[];
}

type Query = ShopDatabase['query'];

/** What must hold at any moment: no stock is negative or leaks. */
export async function wrongPieces(
  query: Query,
  initial: ReadonlyMap<string, number>,
): Promise<readonly string[]> {
  const rows = await query<{ id: string; stock: number; kept: number }>(
    `select id::text, stock, (select coalesce(sum(quantity), 0)::int from products.reservation_items
        join products.reservations using (order_id) where product_id = p.id and state <> 'RELEASED') as kept
      from products.products p where id = any ($1::bigint[])`,
    [[...initial.keys()]],
  );
  return rows
    .filter(({ id, stock, kept }) => stock < 0 || stock + kept !== initial.get(id))
    .map(
      ({ id, stock, kept }) =>
        `product ${id}: ${stock} free and ${kept} kept of ${initial.get(id) ?? 0}`,
    );
}

/** How many orders are not at rest; those that wait for their customers to pay are. */
export async function ordersLeft(query: Query): Promise<number> {
  return countOf(
    query,
    `select count(*)::int as count from orders.orders o
      where due_at is not null and (status <> 'RESERVED'
        or exists (select from orders.order_payments where order_id = o.id and token is not null))`,
  );
}

/** As when the time of a process that was killed is over: others go on with its orders. */
export async function endLeases(query: Query): Promise<void> {
  await query(
    `update orders.orders set due_at = now() - interval '1 s' where due_at is not null and tries = 0`,
  );
}

/** What must hold when no order is in flight: pieces, money, states and histories agree. */
export async function wrongAtRest(
  query: Query,
  initial: ReadonlyMap<string, number>,
): Promise<readonly string[]> {
  const sold = await query<{ id: string; stock: number; sold: number }>(
    `select id::text, stock, (select coalesce(sum(quantity), 0)::int from orders.order_items i
        join orders.orders o on o.id = i.order_id where product_id = p.id and status in ('RESERVED', 'PAID', 'SHIPPED')) as sold
      from products.products p where id = any ($1::bigint[])`,
    [[...initial.keys()]],
  );
  const states = await query<object>(
    `select o.id::text, o.status, p.outcome, p.refunded_at, r.state, e.types
      from orders.orders o
      left join orders.simulated_payments p on p.order_id = o.id
      left join products.reservations r on r.order_id = o.id
      join lateral (select string_agg(split_part(type, '.', 3), ' ' order by id) as types
        from orders.order_events where order_id = o.id) e on true
      where not coalesce(case o.status
        when 'RESERVED' then p.outcome is null and o.due_at is not null and r.state = 'HELD'
          and e.types = 'placed reserved'
        when 'PAID' then p.outcome = 'CHARGED' and p.refunded_at is null and r.state = 'CONFIRMED'
          and e.types = 'placed reserved paid'
        when 'SHIPPED' then p.outcome = 'CHARGED' and p.refunded_at is null and r.state = 'CONFIRMED'
          and e.types = 'placed reserved paid shipped'
        when 'REJECTED' then p.outcome in ('DECLINED', 'VOIDED') and r.state = 'RELEASED'
          and e.types in ('placed rejected', 'placed reserved rejected')
        when 'CANCELLED' then p.outcome = 'CHARGED' and p.refunded_at is not null and r.state = 'RELEASED'
          and e.types = 'placed reserved paid cancelled'
        else false end, false)`,
  );
  const strays = await query<object>(
    `select order_id::text from products.reservations
      where state <> 'RELEASED' and order_id not in (select id from orders.orders)`,
  );
  return [
    ...(await wrongPieces(query, initial)),
    ...sold
      .filter((row) => row.stock + row.sold !== initial.get(row.id))
      .map((row) => `product ${row.id}: ${row.stock} free and ${row.sold} sold`),
    ...states.map((row) => `order ${JSON.stringify(row)}`),
    ...strays.map((row) => `pieces without an order: ${JSON.stringify(row)}`),
  ];
}

/** What is wrong with the orders of wishes that all have been answered, at rest; `all` have been made so far. */
export async function wrongOrders(
  query: Query,
  wishes: readonly Wish[],
  all: number,
): Promise<Pick<Wrongs, 'lost' | 'duplicated'>> {
  const orders = await countOf(query, 'select count(*)::int as count from orders.orders');
  const rows = await query<{ key: string; status: string; reason: string | null; item: string }>(
    `select k.user_id || ' ' || k.key as key, o.status, o.reason,
        (select string_agg(product_id || ' ' || quantity, ' ') from orders.order_items where order_id = o.id) as item
      from orders.order_keys k join orders.orders o on o.id = k.order_id where k.key = any ($1::text[])`,
    [wishes.map(({ key }) => key)],
  );
  const found = new Map(rows.map((row) => [row.key, row]));
  const lost = wishes.flatMap(({ userId, key, productId, quantity, token, isCalledOff }) => {
    const order = found.get(`${userId} ${key}`);
    if (order?.item !== `${productId} ${quantity}`) return [`${key} has no such order`];
    if (order.reason === 'OUT_OF_STOCK') return [];
    const expected = token === 'tok_declined' ? ['REJECTED'] : [isCalledOff ? 'CANCELLED' : 'PAID'];
    // Fulfilment may ship a paid order, also before it is called off.
    if (token !== 'tok_declined') expected.push('SHIPPED');
    return expected.includes(order.status)
      ? []
      : [`${key} is ${order.status}, not ${expected.join(' or ')}`];
  });
  return {
    lost,
    duplicated: orders > all ? [`${orders} orders for ${all} wishes`] : [],
  };
}

async function countOf(query: Query, statement: string): Promise<number> {
  const [row] = await query<{ count: number }>(statement);
  return row?.count ?? 0;
}
