import { type AccessTable, admins, everyone, ownedBy, ownerAndAdmins } from '../kit/access.ts';
import type { Order } from './domain/order.ts';

/** Who may see what in orders. */
export const access: AccessTable = {
  rows: {
    // Wherever an order comes from, for anybody but its owner and admins it does not exist.
    Order: ownedBy((order: Order) => order.userId),
  },
  fields: {
    'Query.order': everyone,
    'Query.orders': admins,

    Order: everyone,
    OrderItem: everyone,
    OrderConnection: everyone,
    OrderEdge: everyone,
    PageInfo: everyone,
    Money: everyone,

    'User.id': everyone,
    'User.orders': ownerAndAdmins((user: { readonly id: string }) => user.id),

    Product: everyone,
  },
};
