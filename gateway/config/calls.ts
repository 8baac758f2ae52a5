import { z } from 'zod';
import { flag, wholeNumber } from '../../common/setting-values.ts';

/** What stands between a call and its subgraph: the layers of `engine/fetching/layers.ts`, each on or off by itself. */
export const callsSection = z
  .strictObject({
    sharing: flag
      .default(true)
      .describe('Whether equal queries of one viewer that are in flight at once become one call.'),
    breaker: flag
      .default(true)
      .describe('Whether a subgraph that fails is left alone for a moment.'),
    breakerFailurePercent: wholeNumber(1, 100)
      .default(50)
      .describe('The part of the calls in a window from which on a subgraph counts as failing.'),
    breakerMinCalls: wholeNumber(1, 1_000_000)
      .default(20)
      .describe('A window with fewer calls says nothing.'),
    breakerWindowMs: wholeNumber(100, 600_000).default(10_000).describe('The length of a window.'),
    breakerOpenMs: wholeNumber(10, 600_000)
      .default(2_000)
      .describe('How long a subgraph is left alone before one call may try.'),
    maxRetries: wholeNumber(0, 5)
      .default(1)
      .describe(
        'How often a query is tried again that the subgraph did not get, or answered with 502, 503 or 504; 0 turns it off.',
      ),
    retryBudgetPercent: wholeNumber(1, 100)
      .default(20)
      .describe('The most retries, as a part of all queries to a subgraph.'),
    retryMaxBackoffMs: wholeNumber(0, 10_000)
      .default(50)
      .describe('The longest pause before the first retry; it doubles with each.'),
    inFlightLimit: flag
      .default(true)
      .describe('Whether the calls to one subgraph at a time are limited.'),
    maxInFlight: wholeNumber(1, 100_000)
      .optional()
      .describe(
        'The calls to one subgraph at a time; `subgraphs.maxConnections` where it is left out.',
      ),
    maxWaiting: wholeNumber(0, 1_000_000)
      .default(256)
      .describe(
        'The calls to one subgraph that may wait for others to end; more get `OVERLOADED`.',
      ),
    maxWaitMs: wholeNumber(1, 600_000).default(1_000).describe('How long such a call may wait.'),
    tellRemainingTime: flag
      .default(true)
      .describe(
        'Whether subgraphs read in `x-deadline-ms` for how long their answer is still waited for.',
      ),
  })
  .describe('What is between a call and its subgraph: layers, each on or off by itself.');

/** Settings of the layers between a call and its subgraph. */
export type CallsConfig = z.infer<typeof callsSection>;
