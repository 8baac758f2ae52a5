import type DataLoader from 'dataloader';
import { createGroupLoader, createRowLoader } from '../../kit/loaders.ts';
import type { PastEvent } from '../domain/order-event.ts';
import type { Order, OrderItem, ShippingAddress } from '../domain/order.ts';
import type { OrderRange, OrderRepository } from './repository.ts';

/** The loaders of one request: each value is loaded once, and values requested together by one statement. */
export interface OrderLoaders {
  /** An order by its id; null when there is none. */
  readonly orderById: DataLoader<string, Order | null>;
  /** The lines of an order, by the order's id. */
  readonly itemsByOrder: DataLoader<string, readonly OrderItem[]>;
  /** The shipping address by order id; null if it was not stored. */
  readonly addressByOrder: DataLoader<string, ShippingAddress | null>;
  /** The history by order id. */
  readonly eventsByOrder: DataLoader<string, readonly PastEvent[]>;
  /** A loader of one range of each user's orders, by user id. */
  readonly ordersByUser: (range: OrderRange) => DataLoader<string, readonly Order[]>;
}

/** Loaders for one request. */
export function createOrderLoaders(orders: OrderRepository): OrderLoaders {
  return {
    orderById: createRowLoader(
      (ids) => orders.byIds(ids),
      ({ id }) => id,
    ),
    itemsByOrder: createGroupLoader(
      (orderIds) => orders.itemsOf(orderIds),
      ({ orderId }) => orderId,
    ),
    addressByOrder: createRowLoader(
      (orderIds) => orders.addressesOf(orderIds),
      ({ orderId }) => orderId,
    ),
    eventsByOrder: createGroupLoader(
      (orderIds) => orders.eventsOf(orderIds),
      ({ orderId }) => orderId,
    ),
    ordersByUser: oncePerRange((range) =>
      createGroupLoader(
        (userIds) => orders.newestOfUsers(userIds, range),
        ({ userId }) => userId,
      ),
    ),
  };
}

/** Fields with equal arguments share a loader, and so a statement. */
function oncePerRange<TLoader>(
  create: (range: OrderRange) => TLoader,
): (range: OrderRange) => TLoader {
  const loaders = new Map<string, TLoader>();
  return (range) => {
    const { limit, after } = range;
    const key = after ? `${limit} ${after.placedAt.getTime()} ${after.id}` : String(limit);
    const loader = loaders.get(key) ?? create(range);
    loaders.set(key, loader);
    return loader;
  };
}
