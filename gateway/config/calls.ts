import { z } from 'zod';
import { flag, wholeNumber } from '../../common/setting-values.ts';

/** The layers between a call and its subgraph, in `engine/fetching/layers.ts`; each is on or off independently. */
export const callsSection = z
  .strictObject({
    sharing: flag
      .default(true)
      .describe(
        'Whether identical queries of one viewer that are in flight at the same time become one call.',
      ),
    breaker: flag
      .default(true)
      .describe('Whether a failing subgraph is not called for a moment (circuit breaker).'),
    breakerFailurePercent: wholeNumber(1, 100)
      .default(50)
      .describe(
        'The share of failed calls in a window from which on a subgraph counts as failing.',
      ),
    breakerMinCalls: wholeNumber(1, 1_000_000)
      .default(20)
      .describe('A window with fewer calls is ignored.'),
    breakerWindowMs: wholeNumber(100, 600_000).default(10_000).describe('The length of a window.'),
    breakerOpenMs: wholeNumber(10, 600_000)
      .default(2_000)
      .describe('How long a failing subgraph is not called, before one trial call.'),
    maxRetries: wholeNumber(0, 5)
      .default(1)
      .describe(
        'How often a query is retried that the subgraph did not receive, or answered with 502, 503 or 504; 0 turns retries off.',
      ),
    retryBudgetPercent: wholeNumber(1, 100)
      .default(20)
      .describe('The maximum share of retries among all queries to a subgraph.'),
    retryMaxBackoffMs: wholeNumber(0, 10_000)
      .default(50)
      .describe('The longest delay before the first retry; it doubles with each retry.'),
    inFlightLimit: flag
      .default(true)
      .describe('Whether concurrent calls to one subgraph are limited.'),
    maxInFlight: wholeNumber(1, 100_000)
      .optional()
      .describe(
        'The maximum number of concurrent calls to one subgraph; by default `subgraphs.maxConnections`.',
      ),
    maxWaiting: wholeNumber(0, 1_000_000)
      .default(256)
      .describe(
        'How many more calls to one subgraph may wait for others to end; beyond that, calls fail with `OVERLOADED`.',
      ),
    maxWaitMs: wholeNumber(1, 600_000).default(1_000).describe('The longest such a call may wait.'),
    tellRemainingTime: flag
      .default(true)
      .describe(
        'Whether calls have the header `x-deadline-ms`, which tells a subgraph for how long the gateway waits for its response.',
      ),
  })
  .describe('The layers between a call and its subgraph; each is on or off independently.');

/** Settings of the layers between a call and its subgraph. */
export type CallsConfig = z.infer<typeof callsSection>;
