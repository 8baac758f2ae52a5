import { z } from 'zod';
import { wholeNumber } from './setting-values.ts';

/** How paid orders are shipped, as a settings file says it. */
export const fulfilmentSection = z
  .strictObject({
    shipAfterMs: wholeNumber(0, 60_000)
      .optional()
      .describe(
        'How long after its payment an order is shipped: 4000 in development, so that it can be watched; 0 in production.',
      ),
    providerTimeoutMs: wholeNumber(10, 25_000)
      .default(15_000)
      .describe('How long the shipping provider may take for an answer.'),
  })
  .describe('How paid orders are shipped. Read by the events process.');

/** The settings of fulfilment. */
export type FulfilmentConfig = Readonly<z.infer<typeof fulfilmentSection>>;
