import type { KnownOperation } from '../operations/known-operation.ts';
import type { Change } from './change.ts';
import type { CheckSettings } from './settings/check-settings.ts';
import type { Side } from './side.ts';

/** The two sides of a check, and what is known about their use. */
export interface Comparison {
  readonly base: Side;
  readonly head: Side;
  /** Committed operations, and those that clients sent recently. */
  readonly operations: readonly KnownOperation[];
  /** True when there is a usage log: only then can something count as unused. */
  readonly isUsageKnown: boolean;
  readonly settings: CheckSettings;
  readonly now: Date;
}

/** A rule that needs more than the two API schemas; a pure function. */
export type Rule = (comparison: Comparison) => readonly Change[];
