import { z } from 'zod';
import { wholeNumber } from '../../common/setting-values.ts';

/** What the gateway caches of operations. */
export const planCacheSection = z
  .strictObject({
    maxBytes: wholeNumber(1024 * 1024, 16 * 1024 * 1024 * 1024)
      .default(40 * 1024 * 1024)
      .describe(
        'Memory for operations: two thirds for plans and code compiled from them, one third for documents and everything else about them.',
      ),
    warmedOperations: wholeNumber(0, 100_000)
      .default(200)
      .describe(
        'How many of the most used operations are planned in advance for a new supergraph.',
      ),
    reportEveryMs: wholeNumber(0, 86_400_000)
      .default(300_000)
      .describe(
        'How often the log gets a line `plan cache` with `hits`, `misses`, `hitPercent`, `entries` and `bytes`, if there were any; 0: only at the end.',
      ),
  })
  .describe('What the gateway caches of operations.');
