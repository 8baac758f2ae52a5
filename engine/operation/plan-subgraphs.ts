import type { PlanNode } from '../execution/plan.ts';

/** The names of the subgraphs that a plan calls. */
export function subgraphsOf(node: PlanNode | undefined): readonly string[] {
  if (!node) return [];
  switch (node.kind) {
    case 'sequence':
    case 'parallel':
      return node.nodes.flatMap(subgraphsOf);
    case 'flatten':
      return subgraphsOf(node.node);
    case 'subscription':
      return [node.primary.subgraph, ...subgraphsOf(node.rest)];
    case 'condition':
      return [node.whenTrue, node.whenFalse].flatMap(subgraphsOf);
    case 'defer':
      return [node.primary.node, ...node.deferred.map((each) => each.node)].flatMap(subgraphsOf);
    case 'fetch':
    case 'batch-fetch':
      return [node.subgraph];
  }
}
