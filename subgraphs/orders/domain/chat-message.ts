import type { Fault } from './fault.ts';
import type { Order } from './order.ts';

/** The values of the schema's `ChatRole`. */
export type ChatRole = 'CUSTOMER' | 'SUPPORT';

/** A message of the chat on an order. */
export interface ChatMessage {
  readonly orderId: string;
  /** Its place in the chat, from 1, without gaps. */
  readonly number: number;
  /** The account that sent it. */
  readonly senderId: string;
  readonly senderRole: ChatRole;
  readonly text: string;
  /** Later than that of every earlier message of the chat. */
  readonly sentAt: Date;
  /** The customer of the order. */
  readonly customerId: string;
}

/** A part of a chat, newest first: at most `limit`, before a number. */
export interface MessageRange {
  readonly limit: number;
  readonly before: number | undefined;
}

/** The most characters of a message, as the database counts them. */
const maxMessageLength = 4_000;

/** Control characters other than line breaks, and halves of surrogate pairs. */
const forbidden = /[\p{Cs}]|(?!\n)\p{Cc}/u;

/** What a reader can see. */
const visible = /[^\p{Z}\p{C}]/u;

/** As what an account speaks on an order: its own customer, or support for everybody else's. */
export function roleOn({ userId }: Pick<Order, 'userId'>, senderId: string): ChatRole {
  return userId === senderId ? 'CUSTOMER' : 'SUPPORT';
}

/** A text as it is stored: trimmed, each line break one LF. */
export function tidyMessage(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n').trim();
}

/** The faults of a tidy text. */
export function faultsOfMessage(text: string): readonly Fault[] {
  const { length } = Array.from(text);
  if (length <= maxMessageLength && visible.test(text) && !forbidden.test(text)) return [];
  const message = `A message has 1 to ${maxMessageLength} characters, of which one at least can be seen, and no control characters but line breaks.`;
  return [{ code: 'MESSAGE_INVALID', message, path: ['input', 'message'] }];
}
