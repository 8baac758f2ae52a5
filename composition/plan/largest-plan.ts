import type { PlanNode } from '../../engine/execution/plan.ts';
import { conditionVariables } from '../../engine/planning/conditions.ts';
import type { PlannedOperation, Planner, PlanRequest } from '../../engine/planning/planner.ts';
import { fragmentsOf, type KnownOperation, operationOf } from '../operations/known-operation.ts';

/** The size of a plan. */
export interface PlanSize {
  /** The number of sequential requests on the longest path. */
  readonly steps: number;
  readonly requests: number;
}

/** The largest plan of an operation over all values of the variables in `@skip` and `@include`. */
export interface LargestPlan extends PlanSize {
  readonly plan: PlannedOperation['plan'];
}

/** With more variables, only all true and all false are tried. */
const combinedMax = 4;

/** Plans an operation that is valid on the planner's supergraph. Throws what the planner throws. */
export function largestPlan(
  planner: Planner,
  { document, name }: KnownOperation,
): LargestPlan | undefined {
  const operation = operationOf(document, name);
  if (!operation) return undefined;
  const source: Omit<PlanRequest, 'conditions'> = {
    operation,
    fragments: fragmentsOf(document),
    operationName: operation.name?.value,
    activeLabels: new Set(),
  };
  let largest: LargestPlan | undefined;
  for (const conditions of combinationsOf(conditionVariables(source))) {
    const { plan } = planner.plan({ ...source, conditions });
    const size = plan.node ? sizeOf(plan.node) : { steps: 0, requests: 0 };
    if (!largest || isLarger(size, largest)) largest = { ...size, plan };
  }
  return largest;
}

function isLarger(one: PlanSize, other: PlanSize): boolean {
  return one.steps > other.steps || (one.steps === other.steps && one.requests > other.requests);
}

function combinationsOf(names: readonly string[]): readonly ReadonlyMap<string, boolean>[] {
  if (names.length > combinedMax) {
    return [true, false].map((value) => new Map(names.map((name) => [name, value] as const)));
  }
  return Array.from(
    { length: 2 ** names.length },
    (_, bits) => new Map(names.map((name, at) => [name, ((bits >> at) & 1) === 0] as const)),
  );
}

/** Sequential steps and requests. */
function sizeOf(node: PlanNode): PlanSize {
  switch (node.kind) {
    case 'sequence':
      return inRow(node.nodes.map(sizeOf));
    case 'parallel':
      return atOnce(node.nodes.map(sizeOf));
    case 'flatten':
      return sizeOf(node.node);
    case 'condition':
      return atOnce([node.whenTrue, node.whenFalse].map(sizeOfPart));
    case 'subscription':
      return inRow([sizeOf(node.primary), sizeOfPart(node.rest)]);
    case 'defer':
      return inRow([
        sizeOfPart(node.primary.node),
        atOnce(node.deferred.map((part) => sizeOfPart(part.node))),
      ]);
    case 'fetch':
    case 'batch-fetch':
      return { steps: 1, requests: 1 };
  }
}

function sizeOfPart(node: PlanNode | undefined): PlanSize {
  return node ? sizeOf(node) : { steps: 0, requests: 0 };
}

function inRow(sizes: readonly PlanSize[]): PlanSize {
  let [steps, requests] = [0, 0];
  for (const size of sizes) {
    steps += size.steps;
    requests += size.requests;
  }
  return { steps, requests };
}

function atOnce(sizes: readonly PlanSize[]): PlanSize {
  let [steps, requests] = [0, 0];
  for (const size of sizes) {
    steps = Math.max(steps, size.steps);
    requests += size.requests;
  }
  return { steps, requests };
}
