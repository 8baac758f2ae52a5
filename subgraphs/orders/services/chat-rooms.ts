import type { Clock } from '../../../common/clock.ts';
import { AppError } from '../../../common/errors.ts';
import type { Changes } from '../../kit/streams/changes.ts';
import { WakeableEvents } from '../../kit/streams/wakeable-events.ts';
import type { MessageRepository } from '../data/message-repository.ts';
import { type ChatMessage, faultsOfMessage, roleOn, tidyMessage } from '../domain/chat-message.ts';
import type { Fault } from '../domain/fault.ts';
import type { Order } from '../domain/order.ts';

/** The order that a chat is on. */
export type ChatOrder = Pick<Order, 'id' | 'userId'>;

/** What somebody says. */
export interface Saying {
  readonly senderId: string;
  readonly text: string;
  /** A key of the sender's own under which it is said once; null without. */
  readonly key: string | null;
}

/** A message, or why there is none. */
export interface SendOutcome {
  readonly message: ChatMessage | null;
  readonly faults: readonly Fault[];
}

/** The chats on orders. Whether somebody may take part in one is decided before. */
export interface ChatRooms {
  /** Throws AppError RATE_LIMITED for a sender who sends too much. */
  send(order: ChatOrder, saying: Saying): Promise<SendOutcome>;
  /** Each message that follows on a number, once and in order: those that are there, then each new one. */
  follow(
    order: ChatOrder,
    after: number,
    pace: ChatPace,
  ): Promise<AsyncIterableIterator<ChatMessage>>;
}

/** How fast a reader gets what is there already. */
export interface ChatPace {
  /** How many messages are read at a time, and in memory. */
  readonly pageSize: number;
  /** The pause after each full page; 0 where the reader slows the stream down itself. */
  readonly pauseMs: number;
}

/** What chats are kept and followed with. */
export interface ChatRoomsDependencies {
  readonly messages: MessageRepository;
  readonly changes: Pick<Changes, 'follow'>;
  readonly messagesPerMinute: number;
  readonly clock: Clock;
}

const spanMs = 60_000;

/** Creates the service. */
export function createChatRooms({
  messages,
  changes,
  messagesPerMinute,
  clock,
}: ChatRoomsDependencies): ChatRooms {
  return {
    async send(order, { senderId, text: given, key }) {
      const text = tidyMessage(given);
      const faults = faultsOfMessage(text);
      if (faults.length > 0) return { message: null, faults };
      const now = clock.now();
      const { message, fullUntil } = await messages.add(
        {
          ...{ orderId: order.id, customerId: order.userId, senderId, text, key },
          senderRole: roleOn(order, senderId),
          sentAt: new Date(now),
        },
        { max: messagesPerMinute, spanMs },
      );
      if (fullUntil) {
        // A message counts from when it was sent, which may be some milliseconds ahead of the clock.
        const waitMs = Math.min(fullUntil.getTime() - clock.now(), spanMs);
        throw tooMany(messagesPerMinute, waitMs);
      }
      return message.text === text
        ? { message, faults: [] }
        : { message: null, faults: [keyReused] };
    },

    async follow({ id }, after, { pageSize, pauseMs }) {
      let last = after;
      let unfollow = (): void => undefined;
      let goOn: NodeJS.Timeout | undefined;
      const events = new WakeableEvents<ChatMessage>({
        async more() {
          const page = await messages.after(id, last, pageSize);
          last = page.at(-1)?.number ?? last;
          if (page.length < pageSize) return page;
          if (pauseMs === 0) events.wake();
          else goOn = setTimeout(() => events.wake(), pauseMs).unref();
          return page;
        },
        onEnd: () => {
          clearTimeout(goOn);
          unfollow();
        },
      });
      unfollow = await changes.follow(id, () => {
        events.wake();
      });
      events.wake();
      return events;
    },
  };
}

function tooMany(max: number, waitMs: number): AppError {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1_000));
  return new AppError(
    'RATE_LIMITED',
    `An account may send ${max} messages a minute; try again in ${retryAfterSeconds} seconds.`,
    { retryAfterSeconds },
  );
}

const keyReused: Fault = {
  code: 'IDEMPOTENCY_KEY_REUSED',
  message: 'Something else was said with this key; take a new one for each message.',
  path: ['input', 'idempotencyKey'],
};
