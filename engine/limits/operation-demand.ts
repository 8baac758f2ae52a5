import type { Variables } from './cost/expression.ts';
import type { Violation } from './violation.ts';

/** What an operation asks for with certain variables. */
export interface Demand {
  /** By the cost specification; `undefined` when cost is not measured. */
  readonly cost: number | undefined;
  readonly violation: Violation | undefined;
}

/** Tells what an operation asks for. Never throws, whatever the variables are. */
export type MeasureDemand = (variables: Variables) => Demand;

/** How operations are measured. */
export interface DemandOptions {
  /** The largest argument that says how long a list gets. */
  readonly maxListArgument: number;
  /** The most lists and objects within one another in a variable. */
  readonly maxInputDepth: number;
  readonly cost: CostOptions;
}

/** How cost is measured. */
export interface CostOptions {
  /** `measure` tells the cost, `enforce` also refuses what is over `max`. */
  readonly mode: 'off' | 'measure' | 'enforce';
  readonly max: number;
  /** How long a list is taken to be of which the schema says nothing. */
  readonly listSize: number;
}

/** No more than a page with two pages in each of its entries. */
export const defaultCostOptions: CostOptions = { mode: 'enforce', max: 5_000, listSize: 10 };
