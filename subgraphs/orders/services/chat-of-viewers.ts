import { AppError } from '../../../common/errors.ts';
import { isAdmin, isUser, type Viewer } from '../../../common/viewer.ts';
import type { MessageRepository } from '../data/message-repository.ts';
import type { OrderRepository } from '../data/repository.ts';
import type { ChatMessage } from '../domain/chat-message.ts';
import { faultsOfKey } from '../domain/order-request.ts';
import type { Order } from '../domain/order.ts';
import type { ChatPace, ChatRooms, Saying, SendOutcome } from './chat-rooms.ts';

/** The chats of a viewer: those on their own orders; those on all orders for an admin. */
export interface ChatOfViewers {
  /** Finds no order of others. Throws AppError RATE_LIMITED for a sender who sends too much. */
  send(
    viewer: Viewer,
    orderId: string,
    saying: Saying & { readonly key: string },
  ): Promise<SendOutcome>;
  /**
   * Each message that follows on a number, once and in order: those that are there, then each new one. Throws NOT_FOUND for
   * an order that does not exist for the viewer, and BAD_USER_INPUT when too many are there: pages are for those.
   */
  follow(
    viewer: Viewer,
    orderId: string,
    after: number,
  ): Promise<AsyncIterableIterator<ChatMessage>>;
}

/** So many messages a subscription may begin behind: the queue of a gateway has room for them. */
const maxBehind = 20;

/** The same, for those that come at once, such as after a lost connection. */
const pace: ChatPace = { pageSize: 16, pauseMs: 50 };

/** Creates the service. */
export function createChatOfViewers(
  orders: Pick<OrderRepository, 'byIds'>,
  messages: Pick<MessageRepository, 'lastNumber'>,
  rooms: ChatRooms,
): ChatOfViewers {
  const find = async (viewer: Viewer, orderId: string): Promise<Order | undefined> => {
    const [order] = await orders.byIds([orderId]);
    return order && (isAdmin(viewer) || isUser(viewer, order.userId)) ? order : undefined;
  };
  return {
    async send(viewer, orderId, saying) {
      const wrong = faultsOfKey(saying.key);
      if (wrong.length > 0) return { message: null, faults: wrong };
      const order = await find(viewer, orderId);
      return order ? rooms.send(order, saying) : notFound(orderId);
    },

    async follow(viewer, orderId, after) {
      const order = await find(viewer, orderId);
      if (!order) throw new AppError('NOT_FOUND', 'There is no such order.');
      const newest = await messages.lastNumber(order.id);
      if (newest - after > maxBehind) {
        const message = `More than ${maxBehind} messages follow: read "messages" of the order, and follow from there.`;
        throw new AppError('BAD_USER_INPUT', message);
      }
      return rooms.follow(order, after, pace);
    },
  };
}

function notFound(id: string): SendOutcome {
  const message = `There is no order with the id "${id}".`;
  const fault = { code: 'ORDER_NOT_FOUND', message, path: ['input', 'orderId'] };
  return { message: null, faults: [fault] };
}
