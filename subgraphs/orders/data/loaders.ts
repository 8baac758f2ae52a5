import type DataLoader from 'dataloader';
import { createGroupLoader, createRowLoader } from '../../kit/loaders.ts';
import type { ChatMessage, MessageRange } from '../domain/chat-message.ts';
import type { PastEvent } from '../domain/order-event.ts';
import type { Order, OrderItem, ShippingAddress } from '../domain/order.ts';
import type { MessageRepository } from './message-repository.ts';
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
  /** A loader of one range of each order's chat, by order id. */
  readonly messagesByOrder: (range: MessageRange) => DataLoader<string, readonly ChatMessage[]>;
}

/** Loaders for one request. */
export function createOrderLoaders(
  orders: OrderRepository,
  messages: Pick<MessageRepository, 'newestOf'>,
): OrderLoaders {
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
    ordersByUser: oncePerRange(
      ({ limit, after }) =>
        after ? `${limit} ${after.placedAt.getTime()} ${after.id}` : String(limit),
      (range) =>
        createGroupLoader(
          (userIds) => orders.newestOfUsers(userIds, range),
          ({ userId }) => userId,
        ),
    ),
    messagesByOrder: oncePerRange(
      ({ limit, before = 0 }) => `${limit} ${before}`,
      (range) =>
        createGroupLoader(
          (orderIds) => messages.newestOf(orderIds, range),
          ({ orderId }) => orderId,
        ),
    ),
  };
}

/** Fields with equal arguments share a loader, and so a statement. */
function oncePerRange<TRange, TLoader>(
  keyOf: (range: TRange) => string,
  create: (range: TRange) => TLoader,
): (range: TRange) => TLoader {
  const loaders = new Map<string, TLoader>();
  return (range) => {
    const key = keyOf(range);
    const loader = loaders.get(key) ?? create(range);
    loaders.set(key, loader);
    return loader;
  };
}
