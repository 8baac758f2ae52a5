import { z } from 'zod';
import { wholeNumber } from './setting-values.ts';

/** The chat on orders, as a settings file says it. */
export const chatSection = z
  .strictObject({
    messagesPerMinute: wholeNumber(1, 10_000)
      .default(30)
      .describe('How many messages one account may send, in all chats together (`RATE_LIMITED`).'),
  })
  .describe('The chat on orders. Of orders.');

/** The settings of the chat. */
export type ChatConfig = Readonly<z.infer<typeof chatSection>>;
