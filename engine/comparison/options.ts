import type { GatewayInterface } from '../apollo-interface.ts';

/** Another gateway for the same subgraphs, and how many queries are also asked of it. */
export interface ComparisonOptions {
  /** Its `load` and `stop` are called by the gateway that is compared with it. */
  readonly gateway: GatewayInterface;
  /** The share of queries that are compared, from 0 to 1. Default: 0.01. */
  readonly sampleRate?: number;
  /** How many comparisons there may be at a time, those included that wait for their client to be answered. Default: 4. */
  readonly maxInFlight?: number;
  /** How long the other gateway may take for an answer. Default: 10,000. */
  readonly timeoutMs?: number;
  /** Whether a difference tells the variables of the query, which may hold personal data. Default: false. */
  readonly showsVariables?: boolean;
  /** Whether a difference tells the two values that differ, which may be personal data. Default: true. */
  readonly showsValues?: boolean;
  /** Told of every difference; the log has each only once. What it throws is logged. */
  readonly onDifference?: (difference: AnswerDifference) => void;
}

/** Where the other gateway answered a query otherwise. A query has at most one of each kind. */
export interface AnswerDifference {
  /** `failure`: one of the two failed to answer at all, or the other one not in time. */
  readonly kind: 'data' | 'errors' | 'cachePolicy' | 'failure';
  readonly operationName: string | undefined;
  /** The text of the document, cut to 4,000 characters. */
  readonly document: string;
  /** Only with `showsVariables`. */
  readonly variables?: Readonly<Record<string, unknown>>;
  /** The first place in `data` that differs; empty for other kinds. */
  readonly path: readonly (string | number)[];
  /** What was there in the client's answer, cut to 200 characters. */
  readonly ours: string;
  /** What was there in the answer of the other gateway, cut to 200 characters. */
  readonly theirs: string;
}

/** How often queries were compared since the gateway was made. */
export interface ComparisonStatistics {
  /** Queries that were picked. Each is counted once below when it has ended. */
  readonly sampled: number;
  readonly equal: number;
  readonly different: number;
  /** Of those that are different: one of the two gateways failed to answer. */
  readonly failed: number;
  /** Not compared: too many were in flight, the client was not answered in time, or the gateway was stopped. */
  readonly dropped: number;
}

/** Comparison options with their defaults. */
export type ComparisonSettings = Required<Omit<ComparisonOptions, 'onDifference'>> &
  Pick<ComparisonOptions, 'onDifference'>;

/** Reads the option `compareWith`. Throws a RangeError or TypeError for a value that cannot be meant. */
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
