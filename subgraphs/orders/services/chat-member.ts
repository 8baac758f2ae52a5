import type { ChatMessage } from '../domain/chat-message.ts';
import type { ChatOrder } from './chat-rooms.ts';

/** A room that a stream is in. */
export interface RoomMember {
  readonly order: ChatOrder;
  /** Resolves when the reader has got the message with this number. */
  told(number: number): Promise<void>;
  leave(): void;
}

/** Hands the messages of a room to a reader, one after the other. `onFailure` is called once, when that fails. */
export function createRoomMember(
  order: ChatOrder,
  events: AsyncIterableIterator<ChatMessage>,
  write: (message: ChatMessage) => Promise<void>,
  onFailure: (error: unknown) => void,
): RoomMember {
  let last = 0;
  let waiting: { readonly number: number; readonly resolve: () => void } | undefined;
  const pump = async (): Promise<void> => {
    for await (const message of events) {
      await write(message);
      last = message.number;
      if (waiting && waiting.number <= last) waiting.resolve();
    }
  };
  pump().catch(onFailure);
  return {
    order,
    told: (number) =>
      new Promise((resolve) => {
        if (number <= last) resolve();
        else waiting = { number, resolve };
      }),
    leave: () => {
      void events.return?.();
    },
  };
}
