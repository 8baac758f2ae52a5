import { status } from '@grpc/grpc-js';
import type { CallScope, Exchange } from '../../kit/grpc/handlers.ts';
import { StatusError } from '../../kit/grpc/status-error.ts';
import { readId } from '../../kit/ids.ts';
import type { MessageRepository } from '../data/message-repository.ts';
import type { OrderRepository } from '../data/repository.ts';
import type { ChatMessage } from '../domain/chat-message.ts';
import { createRoomMember, type RoomMember } from './chat-member.ts';
import type { ChatOrder, ChatPace, ChatRooms } from './chat-rooms.ts';

/** The message `ChatMessage` of `chat.proto`. */
export interface ChatMessageOnWire {
  readonly user_id: string;
  readonly message: string;
  /** Milliseconds since 1970, as text. */
  readonly timestamp: string;
  readonly room_id: string;
}

/** What streams of chats need. */
export interface ChatStreamDependencies {
  readonly orders: Pick<OrderRepository, 'byIds'>;
  readonly messages: Pick<MessageRepository, 'lastNumber'>;
  readonly rooms: ChatRooms;
  readonly maxRooms: number;
  /** Ends all streams. */
  readonly stopping: AbortSignal;
}

/** The reader of a stream slows it down itself. */
const pace: ChatPace = { pageSize: 50, pauseMs: 0 };

/**
 * Serves one stream until its caller sends no more and has got all of its own messages, or is gone. Throws for a message that
 * cannot be taken, for a reader that does not read, and when the server stops.
 */
export async function serveChatStream(
  { requests, write }: Exchange<ChatMessageOnWire, ChatMessageOnWire>,
  { signal: gone }: Pick<CallScope, 'signal'>,
  dependencies: ChatStreamDependencies,
): Promise<void> {
  const { rooms, maxRooms, stopping } = dependencies;
  const joined = new Map<string, RoomMember>();
  const said = new Map<RoomMember, number>();
  let isOver = false;
  let end: (error: unknown) => void = () => undefined;
  const ended = new Promise<never>((_resolve, reject) => {
    end = reject;
  });
  const stop = (): void => {
    end(serverStops());
  };

  const join = async (roomId: string): Promise<RoomMember> => {
    const known = joined.get(roomId);
    if (known) return known;
    if (joined.size === maxRooms) {
      const message = `A stream is in ${maxRooms} rooms at most: open another one.`;
      throw new StatusError(status.RESOURCE_EXHAUSTED, message);
    }
    const order = await findRoom(dependencies.orders, roomId);
    const newest = await dependencies.messages.lastNumber(order.id);
    const events = await rooms.follow(order, newest, pace);
    if (isOver) {
      void events.return?.();
      throw serverStops();
    }
    const member = createRoomMember(order, events, (message) => write(toWire(message)), end);
    joined.set(roomId, member);
    return member;
  };
  const take = async (): Promise<void> => {
    for await (const { user_id: userId, message: text, room_id: roomId } of requests) {
      const senderId = readId(userId);
      if (senderId === undefined) throw invalid(`the id of an account; got ${userId}`);
      const member = await join(roomId);
      if (text === '') continue;
      const sent = await rooms.send(member.order, { senderId, text, key: null });
      const [fault] = sent.faults;
      if (fault) throw new StatusError(status.INVALID_ARGUMENT, fault.message);
      if (sent.message) said.set(member, sent.message.number);
    }
    if (gone.aborted) return;
    await Promise.all([...said].map(([member, number]) => member.told(number)));
  };

  gone.addEventListener('abort', stop, { once: true });
  stopping.addEventListener('abort', stop, { once: true });
  if (stopping.aborted || gone.aborted) stop();
  try {
    await Promise.race([take(), ended]);
  } catch (error) {
    // Nothing that fails matters to a caller that is gone.
    if (!gone.aborted) throw error;
  } finally {
    isOver = true;
    gone.removeEventListener('abort', stop);
    stopping.removeEventListener('abort', stop);
    for (const member of joined.values()) member.leave();
  }
}

/** The order that a room is about. Throws NOT_FOUND. */
export async function findRoom(
  orders: Pick<OrderRepository, 'byIds'>,
  roomId: string,
): Promise<ChatOrder> {
  const [order] = await orders.byIds([roomId]);
  if (order) return order;
  throw new StatusError(
    status.NOT_FOUND,
    `There is no room ${JSON.stringify(roomId)}: it is the id of an order.`,
  );
}

/** A message as it is sent. */
export function toWire({ orderId, senderId, text, sentAt }: ChatMessage): ChatMessageOnWire {
  return {
    user_id: senderId,
    message: text,
    timestamp: String(sentAt.getTime()),
    room_id: orderId,
  };
}

/** An argument that is not what the call takes. */
export function invalid(expectation: string): StatusError {
  return new StatusError(status.INVALID_ARGUMENT, `The call takes ${expectation}.`);
}

function serverStops(): StatusError {
  return new StatusError(status.UNAVAILABLE, 'The server stops: open another stream.');
}
