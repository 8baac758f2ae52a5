import type { ChatMessage } from '../domain/chat-message.ts';
import type { Order } from '../domain/order.ts';
import { readMessageCursor } from './message-connection.ts';
import type { SubscriptionResolvers } from './types.generated.ts';

export const Subscription: SubscriptionResolvers = {
  orderStatusChanged: {
    subscribe: (_subscription, { orderId, withCurrent }, { following, viewer }) =>
      following.follow(orderId, viewer, { withCurrent }) as never,
    resolve: (order: Order) => order,
  },

  messageAdded: {
    subscribe: (_subscription, { orderId, after }, { chat, viewer }) =>
      chat.follow(viewer, orderId, readMessageCursor(orderId, after)) as never,
    resolve: (message: ChatMessage) => message,
  },

  orderPlaced: {
    subscribe: (_subscription, _args, { placed }) => placed.follow() as never,
    resolve: (order: Order) => order,
  },
};
