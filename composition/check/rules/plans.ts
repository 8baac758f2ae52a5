import { messageOf } from '../../../common/errors.ts';
import { createOwnPlanner } from '../../../engine/planning/own-planner.ts';
import type { Planner } from '../../../engine/planning/planner.ts';
import { affectedOf, type KnownOperation } from '../../operations/known-operation.ts';
import { type LargestPlan, largestPlan } from '../../plan/largest-plan.ts';
import { planInShort } from '../../plan/plan-in-short.ts';
import type { Change } from '../change.ts';
import type { Rule } from '../comparison.ts';
import { isValidFor } from '../usage/is-valid-for.ts';

/** Known operations whose plan has more sequential steps or more requests than before. */
export const plans: Rule = ({ base, head, operations }) => {
  // Most changes affect no plan, and creating planners is slow.
  if (operations.length === 0 || base.supergraph.sdl === head.supergraph.sdl) return [];
  const [before, after] = [createOwnPlanner(base.supergraph), createOwnPlanner(head.supergraph)];
  return operations
    .filter((operation) => isValidFor(base.api, operation) && isValidFor(head.api, operation))
    .flatMap((operation) => changesOf(operation, before, after));
};

function changesOf(operation: KnownOperation, before: Planner, after: Planner): readonly Change[] {
  const about = {
    in: 'head',
    ...(operation.place && { place: operation.place }),
    operations: [affectedOf(operation)],
  } as const;
  let old: LargestPlan | undefined;
  try {
    old = largestPlan(before, operation);
  } catch {
    // An operation that could not be planned before cannot get worse.
    return [];
  }
  let next: LargestPlan | undefined;
  try {
    next = largestPlan(after, operation);
  } catch (error) {
    return [
      {
        ...about,
        code: 'PLAN_REGRESSION',
        message: `The operation ${operation.name} can no longer be planned: ${messageOf(error)}`,
      },
    ];
  }
  if (!old || !next) return [];
  const isSlower = next.steps > old.steps;
  if (!isSlower && next.requests <= old.requests) return [];
  return [
    {
      ...about,
      code: 'PLAN_REGRESSION',
      message: `The operation ${operation.name} needs ${next.steps} steps and ${next.requests} requests to subgraphs; it needed ${old.steps} and ${old.requests}.`,
      severity: isSlower ? 'error' : 'warning',
      details: [
        `before: ${planInShort(old.plan)}`,
        `now:    ${planInShort(next.plan)}`,
        'The whole plan: supergraph plan FILE',
      ],
    },
  ];
}
