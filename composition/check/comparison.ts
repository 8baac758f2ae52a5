import type { KnownOperation } from '../operations/known-operation.ts';
import type { Change } from './change.ts';
import type { ContractComparison } from './contracts/contract-comparison.ts';
import type { CheckSettings } from './settings/check-settings.ts';
import type { Side } from './side.ts';
import type { Usage } from './usage/read-usage.ts';

/** The two sides of a check, and what is known about their use. */
export interface Comparison {
  readonly base: Side;
  readonly head: Side;
  /** Committed operations, and those that clients sent recently. */
  readonly operations: readonly KnownOperation[];
  /** There when there is a usage log: only then, and if the log has no gap, can something count as unused. */
  readonly usage?: Pick<Usage, 'gap'> | undefined;
  readonly contracts?: readonly ContractComparison[];
  readonly settings: CheckSettings;
  readonly now: Date;
}

/** A rule that needs more than the two API schemas; a pure function. */
export type Rule = (comparison: Comparison) => readonly Change[];
