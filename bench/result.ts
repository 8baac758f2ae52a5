import type { Comparison } from './measure/comparison.ts';
import type { FirstTimeCost } from './measure/first-time.ts';
import type { Guard } from './measure/guards.ts';
import type { MemoryPoint } from './measure/many-operations.ts';
import type { Operation } from './operations/operation.ts';

/** A gateway that took part, or should have. */
export interface Participant {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Installed packages as `name@version`. */
  readonly versions: readonly string[];
  /** Why it was not measured at all. */
  readonly notStarted?: string;
}

/** All that a run found out. */
export interface Result {
  readonly startedAt: Date;
  readonly minutes: number;
  readonly machine: Machine;
  readonly participants: readonly Participant[];
  readonly operations: readonly Operation[];
  readonly comparison: Comparison;
  /** How cost grows with the size of an answer; not measured by a short run. */
  readonly growth?: Growth;
  /** What only a whole run measures. */
  readonly whole?: {
    readonly firstTime: readonly FirstTimeCost[];
    readonly memory: readonly MemoryPoint[];
  };
  readonly guards: readonly Guard[];
}

/** One operation with answers of several sizes, from the smallest. */
export interface Growth {
  readonly operations: readonly (Operation & { readonly size: number })[];
  readonly comparison: Comparison;
}

/** Where it ran. */
export interface Machine {
  readonly node: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  /** The load average of the last minute before the run: what else was going on. */
  readonly loadBefore: number;
}
