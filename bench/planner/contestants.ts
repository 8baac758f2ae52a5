import type { PlannerChoice } from '../../gateway/planning/choose.ts';

/** The planners that are compared, each in a process of its own. The first is ours. */
export const contestants = ['own', 'apollo'] as const satisfies readonly PlannerChoice[];
