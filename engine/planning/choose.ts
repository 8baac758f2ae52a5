import { AppError, messageOf } from '../../common/errors.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { createApolloPlanner } from './apollo-planner.ts';
import { createOwnPlanner } from './own-planner.ts';
import type { ApolloPlannerConfig, Planner, PlannerName } from './planner.ts';

/** `own` is ours; `apollo` uses `@apollo/query-planner`, for those who have it installed and want a second opinion. */
export type PlannerChoice = PlannerName;

/** Creates another kind of planner; tests use it to compare ours with others. */
export type CreatePlanner = (supergraph: Supergraph) => Planner;

/**
 * Creates the planner for a supergraph. Throws an AppError when the choice is unknown, or the planner rejects the
 * supergraph.
 */
export function choosePlanner(
  supergraph: Supergraph,
  choice: PlannerChoice | CreatePlanner,
  apolloConfig?: ApolloPlannerConfig,
): Planner {
  const create =
    typeof choice === 'function' ? choice : new Map(Object.entries(planners)).get(choice);
  if (!create) {
    const known = Object.keys(planners).map((name) => `"${name}"`);
    throw new AppError(
      'SUPERGRAPH_INVALID',
      `There is no planner "${String(choice)}": expected ${known.join(' or ')}.`,
    );
  }
  try {
    return create(supergraph, apolloConfig);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError(
      'SUPERGRAPH_INVALID',
      `The supergraph cannot be planned on: ${messageOf(cause)}`,
      { cause },
    );
  }
}

const planners: Readonly<
  Record<PlannerName, (supergraph: Supergraph, apolloConfig?: ApolloPlannerConfig) => Planner>
> = { own: createOwnPlanner, apollo: createApolloPlanner };
