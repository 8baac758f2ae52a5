import { AppError } from '../../../common/errors.ts';
import {
  type Connection,
  encodeCursor,
  type PageRequest,
  readPage,
  toConnection,
} from '../../kit/connection.ts';
import type { ChatMessage, MessageRange } from '../domain/chat-message.ts';

/** The name of the order of a chat, and how many values a position in it has: the order's id, and the message's number. */
const chat = 'chat';
const keys = 2;

/** A requested page: as connection arguments, and as a range of the chat. */
export interface MessagePage {
  readonly request: PageRequest;
  /** One message more than the page, which shows whether there is a next page. */
  readonly range: MessageRange;
}

/** Reads the arguments of `Order.messages`. Throws AppError BAD_USER_INPUT. */
export function readMessagePage(
  orderId: string,
  args: { readonly first: number; readonly after?: string | null },
): MessagePage {
  const request = readPage(args, chat, keys);
  const before = request.after && readNumber(orderId, request.after);
  return { request, range: { limit: request.first + 1, before } };
}

/** The ChatMessageConnection for the messages found. */
export function toMessageConnection(
  found: readonly ChatMessage[],
  { request }: MessagePage,
): Connection<ChatMessage> {
  return toConnection(found, request, chat, positionOf);
}

/** The cursor of a message. */
export function cursorOf(message: ChatMessage): string {
  return encodeCursor(chat, positionOf(message));
}

/** The number of the message that a cursor names; 0, before the first, without one. Throws AppError BAD_USER_INPUT. */
export function readMessageCursor(orderId: string, after: string | null | undefined): number {
  const page = readPage({ first: 1, after }, chat, keys);
  return page.after ? readNumber(orderId, page.after) : 0;
}

function positionOf({ orderId, number }: ChatMessage): readonly string[] {
  return [orderId, String(number)];
}

function readNumber(orderId: string, [of = '', number = '']: readonly string[]): number {
  if (of === orderId && /^[1-9]\d{0,8}$/.test(number)) return Number(number);
  throw new AppError('BAD_USER_INPUT', '"after" is not a cursor of this chat.');
}
