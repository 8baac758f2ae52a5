import { z } from 'zod';
import { wholeNumber } from '../../common/setting-values.ts';

/** What is remembered of operations. */
export const planCacheSection = z
  .strictObject({
    maxBytes: wholeNumber(1024 * 1024, 16 * 1024 * 1024 * 1024)
      .default(40 * 1024 * 1024)
      .describe(
        'Memory for what is known of operations: two thirds for plans and what is compiled from them, a third for documents and what else is known of them.',
      ),
    warmedOperations: wholeNumber(0, 100_000)
      .default(200)
      .describe('How many of the most used operations are planned ahead on a new supergraph.'),
    reportEveryMs: wholeNumber(0, 86_400_000)
      .default(300_000)
      .describe(
        'How often the log has a line `plan cache` with `hits`, `misses`, `hitPercent`, `entries` and `bytes`, if there were any; 0: at the end.',
      ),
  })
  .describe('What is remembered of operations.');
