import type { Transaction } from 'kysely';
import { shopCurrency } from '../../../common/money.ts';
import type { RemovedRows } from '../../kit/define-subgraph.ts';
import type { OrderStatus } from '../domain/order.ts';
import { recordHistory } from './record-event.ts';
import type { OrdersTables } from './tables.ts';

interface DemonstrationOrder {
  readonly id: string;
  readonly userId: string;
  readonly status: OrderStatus;
  readonly placedAt: string;
  readonly items: readonly (readonly [product: DemonstrationProduct, quantity: number])[];
}

interface DemonstrationProduct {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly priceMinor: string;
}

const laptop: DemonstrationProduct = {
  id: '1',
  sku: 'LAP-001',
  name: 'Laptop',
  priceMinor: '99999',
};
const mouse: DemonstrationProduct = {
  id: '2',
  sku: 'MOU-001',
  name: 'Mouse',
  priceMinor: '2999',
};
/** The former price of the mouse: an order keeps the price at the time it was placed. */
const mouseInSummer: DemonstrationProduct = { ...mouse, priceMinor: '3499' };

const john = '1';
const jane = '2';

const demonstrationOrders: readonly DemonstrationOrder[] = [
  {
    id: '118',
    userId: john,
    status: 'CANCELLED',
    placedAt: '2026-07-02T09:15:00.000Z',
    items: [[laptop, 2]],
  },
  {
    id: '119',
    userId: john,
    status: 'DELIVERED',
    placedAt: '2026-07-14T18:40:12.250Z',
    items: [[mouseInSummer, 1]],
  },
  {
    id: '120',
    userId: jane,
    status: 'DELIVERED',
    placedAt: '2026-08-30T07:05:44.000Z',
    items: [
      [laptop, 1],
      [mouseInSummer, 1],
    ],
  },
  {
    id: '121',
    userId: jane,
    status: 'CANCELLED',
    placedAt: '2026-10-11T21:30:00.500Z',
    items: [[mouse, 10]],
  },
  {
    id: '122',
    userId: jane,
    status: 'SHIPPED',
    placedAt: '2026-11-03T12:00:00.000Z',
    items: [[mouse, 3]],
  },
  {
    id: '123',
    userId: john,
    status: 'SHIPPED',
    placedAt: '2026-11-09T16:20:31.125Z',
    items: [
      [laptop, 1],
      [mouse, 2],
    ],
  },
  {
    id: '124',
    userId: jane,
    status: 'PAID',
    placedAt: '2026-11-18T10:45:09.000Z',
    items: [[laptop, 1]],
  },
  {
    id: '125',
    userId: john,
    status: 'PENDING',
    placedAt: '2026-11-22T08:10:55.750Z',
    items: [[mouse, 1]],
  },
];

/** Inserts orders of the demonstration accounts, one in every status. Their ids are below those of new orders. */
export async function seed(transaction: Transaction<OrdersTables>): Promise<void> {
  await transaction
    .insertInto('orders')
    .values(
      demonstrationOrders.map(({ id, userId, status, placedAt }) => ({
        id,
        user_id: userId,
        status,
        currency_code: shopCurrency,
        placed_at: new Date(placedAt),
        is_shipped: status === 'SHIPPED' || status === 'DELIVERED',
      })),
    )
    .execute();
  await transaction
    .insertInto('order_items')
    .values(
      demonstrationOrders.flatMap(({ id, items }) =>
        items.map(([product, quantity], index) => ({
          order_id: id,
          line: index + 1,
          product_id: product.id,
          sku: product.sku,
          name: product.name,
          quantity,
          unit_price_minor: product.priceMinor,
        })),
      ),
    )
    .execute();
  // No event: no customer placed these orders.
  await recordHistory(
    transaction,
    demonstrationOrders.map(({ id, placedAt }) => ({
      type: 'PLACED',
      orderId: id,
      at: new Date(placedAt),
    })),
  );
}

/** The demonstration accounts, as users has them. */
const accounts = ['1', '2', '3'];

const ofAnOrder = [
  'order_messages',
  'order_chats',
  'simulated_payments',
  'order_events',
  'order_payments',
  'order_addresses',
  'order_items',
] as const;

/** Deletes all orders of the demonstration accounts and their dependent rows. */
export async function unseed(transaction: Transaction<OrdersTables>): Promise<RemovedRows> {
  const removed: Record<string, number> = {};
  for (const table of ofAnOrder) {
    const result = await transaction
      .deleteFrom(table)
      .where('order_id', 'in', (eb) =>
        eb.selectFrom('orders').select('id').where('user_id', 'in', accounts),
      )
      .executeTakeFirst();
    removed[table] = Number(result.numDeletedRows);
  }
  // In the chats of others.
  const said = await transaction
    .deleteFrom('order_messages')
    .where('sender_id', 'in', accounts)
    .executeTakeFirst();
  removed.order_messages = (removed.order_messages ?? 0) + Number(said.numDeletedRows);
  for (const table of ['order_keys', 'orders'] as const) {
    const result = await transaction
      .deleteFrom(table)
      .where('user_id', 'in', accounts)
      .executeTakeFirst();
    removed[table] = Number(result.numDeletedRows);
  }
  return removed;
}
