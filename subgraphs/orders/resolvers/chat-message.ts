import { cursorOf } from './message-connection.ts';
import type { ChatMessageResolvers } from './types.generated.ts';

export const ChatMessage: ChatMessageResolvers = {
  id: ({ orderId, number }) => `${orderId}-${number}`,
  cursor: cursorOf,
  sender: ({ senderId }) => ({ __typename: 'User', id: senderId }),
  role: ({ senderRole }) => senderRole,
};
