import type { GatewayInterface } from '../apollo-interface.ts';

/** Another gateway for the same subgraphs, and the share of queries that is sent to it, too. */
export interface ComparisonOptions {
  /** The other gateway; its `load` and `stop` are called by this one. */
  readonly gateway: GatewayInterface;
  /** The share of queries that are compared, from 0 to 1. Default: 0.01. */
  readonly sampleRate?: number;
  /** The most comparisons at a time, including those that wait for their client's response. Default: 4. */
  readonly maxInFlight?: number;
  /** How long the other gateway may take to answer, in milliseconds. Default: 10,000. */
  readonly timeoutMs?: number;
  /** Whether differences include the variables of the query, which may hold personal data. Default: false. */
  readonly showsVariables?: boolean;
  /** Whether differences include the two values, which may be personal data. Default: true. */
  readonly showsValues?: boolean;
  /** Called for every difference, while the log shows each only once. Errors that it throws are logged. */
  readonly onDifference?: (difference: AnswerDifference) => void;
}

/** A difference between the answers of two gateways. A query has at most one of each kind. */
export interface AnswerDifference {
  /** `failure`: one of the two gateways failed to answer, or the other one timed out. */
  readonly kind: 'data' | 'errors' | 'cachePolicy' | 'failure';
  readonly operationName: string | undefined;
  /** The text of the document, cut to 4,000 characters. */
  readonly document: string;
  /** Only with `showsVariables`. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** The first place in `data` that differs; empty for other kinds. */
  readonly path: readonly (string | number)[];
  /** This gateway's value, cut to 200 characters. */
  readonly ours: string;
  /** The other gateway's value, cut to 200 characters. */
  readonly theirs: string;
}

/** The number of compared queries since the gateway was created. */
export interface ComparisonStatistics {
  /** Sampled queries. Each is also counted once below when it has ended. */
  readonly sampled: number;
  readonly equal: number;
  readonly different: number;
  /** Of the different ones: one of the two gateways failed to answer. */
  readonly failed: number;
  /** Not compared: too many were in flight, the client's response took too long, or the gateway was stopped. */
  readonly dropped: number;
}

/** Comparison options with their defaults. */
export type ComparisonSettings = Required<Omit<ComparisonOptions, 'onDifference'>> &
  Pick<ComparisonOptions, 'onDifference'>;

/** Reads the option `compareWith`. Throws a RangeError or TypeError for an invalid value. */
export function readComparison(option: GatewayInterface | ComparisonOptions): ComparisonSettings {
  const options = 'gateway' in option ? option : { gateway: option };
  const settings = {
    sampleRate: 0.01,
    maxInFlight: 4,
    timeoutMs: 10_000,
    showsVariables: false,
    showsValues: true,
    ...options,
  };
  const { gateway, sampleRate, maxInFlight, timeoutMs } = settings;
  if (typeof (gateway as Partial<GatewayInterface> | undefined)?.load !== 'function') {
    throw new TypeError('Expected compareWith to be a gateway or to have one as "gateway".');
  }
  expectBetween('sampleRate', sampleRate, 0, 1);
  expectBetween('maxInFlight', maxInFlight, 1, 1000);
  expectBetween('timeoutMs', timeoutMs, 1, 600_000);
  return settings;
}

function expectBetween(name: string, value: number, min: number, max: number): void {
  if (value >= min && value <= max) return;
  throw new RangeError(
    `Expected compareWith.${name} to be a number from ${min} to ${max}; got ${String(value)}.`,
  );
}
