import type { ComparedPlanner } from '../../test/support/oracles/oracle.ts';

/** The planners that are compared, each in a process of its own. The first is ours. */
export const contestants = [
  'own',
  'apollo',
  'native',
] as const satisfies readonly ComparedPlanner[];
