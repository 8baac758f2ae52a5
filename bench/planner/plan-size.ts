import type { PlanNode } from '../../engine/execution/plan.ts';

/** What a plan asks of the subgraphs, and how large it is. */
export interface PlanSize {
  readonly requests: number;
  readonly steps: number;
  readonly planBytes: number;
}

/** The size of a plan; of none where no subgraph is needed. */
export function sizeOf(node: PlanNode | undefined): PlanSize {
  if (!node) return { requests: 0, steps: 0, planBytes: 0 };
  return {
    requests: requestsIn(node),
    steps: stepsIn(node),
    planBytes: JSON.stringify(node).length,
  };
}

function requestsIn(node: PlanNode): number {
  return childrenOf(node)?.reduce((sum, each) => sum + requestsIn(each), 0) ?? 1;
}

/** How many requests follow on each other. */
function stepsIn(node: PlanNode): number {
  const steps = childrenOf(node)?.map(stepsIn);
  if (!steps) return 1;
  return node.kind === 'sequence'
    ? steps.reduce((sum, each) => sum + each, 0)
    : Math.max(0, ...steps);
}

function childrenOf(node: PlanNode): readonly PlanNode[] | undefined {
  switch (node.kind) {
    case 'sequence':
    case 'parallel':
      return node.nodes;
    case 'flatten':
      return [node.node];
    case 'condition':
      return [node.whenTrue, node.whenFalse].filter((each) => each !== undefined);
    default:
      return undefined;
  }
}
