import { z } from 'zod';
import { wholeNumber } from '../../common/setting-values.ts';

/** What is remembered of operations. */
export const planCacheSection = z.strictObject({
  /**
   * Memory for what is known of operations: two thirds for plans and what is compiled from them, a third for documents
   * and what else is known of them.
   */
  maxBytes: wholeNumber(1024 * 1024, 16 * 1024 * 1024 * 1024).default(40 * 1024 * 1024),
  /** How many of the most used operations are planned ahead on a new supergraph. */
  warmedOperations: wholeNumber(0, 100_000).default(200),
  /** How often the log tells what the cache is worth, if it was asked; 0 turns it off. */
  reportEveryMs: wholeNumber(0, 86_400_000).default(300_000),
});
