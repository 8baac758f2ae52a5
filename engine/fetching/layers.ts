import type { Clock } from '../../common/clock.ts';
import { type BreakerOptions, breakerPerSubgraph } from './breaker.ts';
import { whileClientStays } from './client-leaving.ts';
import { deadline, type DeadlineOptions } from './deadline.ts';
import { type InFlightLimitOptions, limitInFlight } from './in-flight-limit.ts';
import { retryReads, type RetryOptions } from './retry.ts';
import { shareQueries } from './sharing.ts';
import type { FetchLayer, SubgraphFetch } from './types.ts';

/** The layers of subgraph calls. `false` removes a layer, so that it costs nothing. */
export interface FetchLayerOptions {
  readonly sharing: boolean;
  readonly breaker: false | Omit<BreakerOptions, 'clock'>;
  readonly retries: false | Omit<RetryOptions, 'clock' | 'random'>;
  readonly inFlight: false | Omit<InFlightLimitOptions, 'clock'>;
  readonly deadline: false | Omit<DeadlineOptions, 'clock'>;
}

/** What the layers depend on. */
export interface FetchLayerDependencies {
  readonly clock: Clock;
  /** Returns a number in [0, 1). */
  readonly random: () => number;
}

/**
 * The way of a call to its subgraph, from the outside in. A shared call passes once through all the rest; the breaker
 * counts a call with its retries as one; each try takes a place in line; the deadline runs from when it is sent.
 */
export function fetchLayers(
  options: FetchLayerOptions,
  { clock, random }: FetchLayerDependencies,
): readonly FetchLayer[] {
  const { sharing, breaker, retries, inFlight } = options;
  return [
    sharing && shareQueries({ clock }),
    breaker && breakerPerSubgraph({ ...breaker, clock }),
    retries && retryReads({ ...retries, clock, random }),
    inFlight && limitInFlight({ ...inFlight, clock }),
    whileClientStays,
    options.deadline && deadline({ ...options.deadline, clock }),
  ].filter((layer) => layer !== false);
}

/** Wraps a fetch in layers, the first one outermost. Without layers it is the fetch itself. */
export function layered(fetch: SubgraphFetch, layers: readonly FetchLayer[]): SubgraphFetch {
  return layers.reduceRight((next, layer) => layer(next), fetch);
}
