import type { KnownOperation } from '../operations/known-operation.ts';
import type { Change } from './change.ts';
import type { CheckSettings } from './settings/check-settings.ts';
import type { Side } from './side.ts';

/** What is compared, and what is known of how it is used. */
export interface Comparison {
  readonly base: Side;
  readonly head: Side;
  /** Operations that are committed or that clients sent lately. */
  readonly operations: readonly KnownOperation[];
  /** Whether a usage log says what clients send: only then may something count as unused. */
  readonly isUsageKnown: boolean;
  readonly settings: CheckSettings;
  readonly now: Date;
}

/** A rule that looks at more than what clients see; a pure function. */
export type Rule = (comparison: Comparison) => readonly Change[];
