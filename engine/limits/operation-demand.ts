import type { Variables } from './cost/expression.ts';
import type { Violation } from './violation.ts';

/** The cost of an operation with certain variables, and its violation, if any. */
export interface Demand {
  /** By the cost specification; `undefined` when cost is not measured. */
  readonly cost: number | undefined;
  readonly violation: Violation | undefined;
}

/** Computes an operation's demand. Never throws, whatever the variables are. */
export type MeasureDemand = (variables: Variables) => Demand;

/** How operations are measured. */
export interface DemandOptions {
  /** The largest argument that sets a list's length. */
  readonly maxListArgument: number;
  /** The deepest nesting of lists and objects in a variable. */
  readonly maxInputDepth: number;
  readonly cost: CostOptions;
}

/** How cost is measured. */
export interface CostOptions {
  /** `measure` only estimates the cost, `enforce` also rejects operations over `max`. */
  readonly mode: 'off' | 'measure' | 'enforce';
  readonly max: number;
  /** Assumed list length when the schema gives none. */
  readonly listSize: number;
}

/** Allows a page whose entries have two pages each. */
export const defaultCostOptions: CostOptions = { mode: 'enforce', max: 5_000, listSize: 10 };
