import { z } from 'zod';
import { flag, wholeNumber } from '../../common/setting-values.ts';

/** What stands between a call and its subgraph: the layers of `engine/fetching/layers.ts`, each on or off by itself. */
export const callsSection = z.strictObject({
  /** Whether equal queries of one viewer that are in flight at once become one call. */
  sharing: flag.default(true),
  /** Whether a subgraph that fails is left alone for a moment. */
  breaker: flag.default(true),
  /** Of the calls in a window, from which on a subgraph counts as failing. */
  breakerFailurePercent: wholeNumber(1, 100).default(50),
  /** A window with fewer calls says nothing. */
  breakerMinCalls: wholeNumber(1, 1_000_000).default(20),
  breakerWindowMs: wholeNumber(100, 600_000).default(10_000),
  /** How long a subgraph is left alone before one call may try. */
  breakerOpenMs: wholeNumber(10, 600_000).default(2_000),
  /** How often a query that met a momentary failure is tried again; 0 turns it off. */
  maxRetries: wholeNumber(0, 5).default(1),
  /** Retries as a part of all queries to a subgraph. */
  retryBudgetPercent: wholeNumber(1, 100).default(20),
  /** The longest pause before the first retry; it doubles with each. */
  retryMaxBackoffMs: wholeNumber(0, 10_000).default(50),
  /** Whether the calls to one subgraph at a time are limited. */
  inFlightLimit: flag.default(true),
  /** The calls to one subgraph at a time; `subgraphs.maxConnections` where it is left out. */
  maxInFlight: wholeNumber(1, 100_000).optional(),
  /** The calls to one subgraph that may wait for others to end. */
  maxWaiting: wholeNumber(0, 1_000_000).default(256),
  maxWaitMs: wholeNumber(1, 600_000).default(1_000),
  /** Whether subgraphs are told for how long their answer is still waited for. */
  tellRemainingTime: flag.default(true),
});

/** Settings of the layers between a call and its subgraph. */
export type CallsConfig = z.infer<typeof callsSection>;
