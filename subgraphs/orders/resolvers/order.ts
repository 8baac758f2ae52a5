import { totalOf, totalWithShippingOf } from '../domain/order.ts';
import { readMessagePage, toMessageConnection } from './message-connection.ts';
import { idOf } from './reference.ts';
import type { OrderResolvers } from './types.generated.ts';

export const Order: OrderResolvers = {
  __resolveReference(reference, { orderById }) {
    const id = idOf(reference);
    return id === undefined ? null : orderById.load(id);
  },
  user: ({ userId }) => ({ __typename: 'User', id: userId }),
  expiresAt: ({ status, expiresAt }) => (status === 'RESERVED' ? expiresAt : null),
  items: ({ id }, _args, { itemsByOrder }) => itemsByOrder.load(id),
  total: async ({ id }, _args, { itemsByOrder }) => totalOf(await itemsByOrder.load(id)),
  totalWithShipping: async ({ id, shipping }, _args, { itemsByOrder }) =>
    totalWithShippingOf(await itemsByOrder.load(id), shipping),
  shippingAddress: ({ id }, _args, { addressByOrder }) => addressByOrder.load(id),
  async messages({ id }, args, { messagesByOrder }) {
    const page = readMessagePage(id, args);
    return toMessageConnection(await messagesByOrder(page.range).load(id), page);
  },
  events: ({ id }, _args, { eventsByOrder }) => eventsByOrder.load(id),
};
