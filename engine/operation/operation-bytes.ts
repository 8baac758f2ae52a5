import type { PlanNode, QueryPlan } from '../execution/plan.ts';

/**
 * Estimates the memory that a plan and its compiled form use, in bytes. Fitted to the heap after 700 to 2,000 distinct
 * operations of each of eight kinds, from a single leaf to a hundred fields and from one fetch to three at twenty
 * places, on Node 20 (`bench/planner/plan-bytes.ts`). Together with its document, none of them used more than
 * estimated, and each used at least 70 percent of it.
 */
export function plannedBytes({ node }: QueryPlan): number {
  const { characters, objects } = node ? sizeOf(node) : nothing;
  return 5_000 + 16 * characters + 1_300 * objects;
}

interface PlanSize {
  readonly characters: number;
  /** Places in the response that hold objects. */
  readonly objects: number;
}

const nothing: PlanSize = { characters: 0, objects: 0 };

function sizeOf(node: PlanNode): PlanSize {
  switch (node.kind) {
    case 'fetch':
      return textSize(node.operation, node.entities ? 1 : 0);
    case 'batch-fetch':
      return textSize(node.operation, node.groups.length);
    case 'flatten':
      return sizeOf(node.node);
    case 'sequence':
    case 'parallel':
      return sumOf(node.nodes);
    case 'subscription':
      return sumOf(node.rest ? [node.primary, node.rest] : [node.primary]);
    case 'defer':
      return sumOf([node.primary, ...node.deferred].flatMap((part) => part.node ?? []));
    case 'condition':
      return sumOf([node.whenTrue, node.whenFalse].filter((each) => each !== undefined));
  }
}

/** Entities are objects that an earlier fetch has counted; each group adds three pairs of braces. */
function textSize(operation: string, entityGroups: number): PlanSize {
  const objects = operation.split('{').length - 1 - 3 * entityGroups;
  return { characters: operation.length, objects: Math.max(0, objects) };
}

function sumOf(nodes: readonly PlanNode[]): PlanSize {
  return nodes.map(sizeOf).reduce(
    (sum, each) => ({
      characters: sum.characters + each.characters,
      objects: sum.objects + each.objects,
    }),
    nothing,
  );
}
