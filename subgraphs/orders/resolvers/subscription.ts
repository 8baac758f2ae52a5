import type { Order } from '../domain/order.ts';
import type { SubscriptionResolvers } from './types.generated.ts';

export const Subscription: SubscriptionResolvers = {
  orderStatusChanged: {
    subscribe: (_subscription, { orderId, withCurrent }, { following, viewer }) =>
      following.follow(orderId, viewer, { withCurrent }) as never,
    resolve: (order: Order) => order,
  },

  orderPlaced: {
    subscribe: (_subscription, _args, { placed }) => placed.follow() as never,
    resolve: (order: Order) => order,
  },
};
