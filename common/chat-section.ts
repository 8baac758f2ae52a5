import { z } from 'zod';
import { wholeNumber } from './setting-values.ts';

/** The chat on orders, as a settings file says it. */
export const chatSection = z
  .strictObject({
    grpcPort: wholeNumber(0, 65_535)
      .default(50_052)
      .describe(
        'The port at which orders serves `chat.ChatService` by gRPC, beside HTTP; 0 picks a free one, and so does a port of HTTP that is 0 where this one is not set.',
      ),
    maxStreams: wholeNumber(1, 100_000)
      .default(500)
      .describe(
        'Open `Chat` streams of one process; beyond that they end with `RESOURCE_EXHAUSTED`.',
      ),
    maxRoomsPerStream: wholeNumber(1, 1_000)
      .default(20)
      .describe('Rooms of one `Chat` stream; one more ends it with `RESOURCE_EXHAUSTED`.'),
    readerMaxMs: wholeNumber(100, 600_000)
      .default(30_000)
      .describe(
        'How long a stream of gRPC waits for a reader that takes nothing, before it ends with `DEADLINE_EXCEEDED`.',
      ),
    messagesPerMinute: wholeNumber(1, 10_000)
      .default(30)
      .describe('How many messages one account may send, in all chats together (`RATE_LIMITED`).'),
  })
  .describe('The chat on orders. Of orders.');

/** The settings of the chat. */
export type ChatConfig = Readonly<z.infer<typeof chatSection>>;
