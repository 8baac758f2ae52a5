import type { PlanNode, QueryPlan } from '../../engine/execution/plan.ts';
import { pathText } from './path-text.ts';

/** A plan in a line: `orders → (users at order.user + products at order.items.product)`. */
export function planInShort({ node }: QueryPlan): string {
  return node ? shortOf(node, '') : 'no request';
}

function shortOf(node: PlanNode, path: string): string {
  switch (node.kind) {
    case 'fetch':
      return requestOf(node.subgraph, path === '' ? [] : [path]);
    case 'batch-fetch':
      return requestOf(node.subgraph, [
        ...new Set(node.groups.flatMap(({ paths }) => paths.map(pathText))),
      ]);
    case 'flatten':
      return shortOf(node.node, pathText(node.path));
    case 'sequence':
      return node.nodes.map((each) => shortOf(each, path)).join(' → ');
    case 'parallel':
      return atOnce(node.nodes, path);
    case 'condition':
      return atOnce([node.whenTrue, node.whenFalse], path);
    case 'subscription':
      return [node.primary, node.rest]
        .flatMap((each) => (each ? shortOf(each, path) : []))
        .join(' → ');
    case 'defer': {
      const parts = node.deferred.map((part) => part.node);
      return atOnce([node.primary.node, ...parts], path);
    }
  }
}

function requestOf(subgraph: string, paths: readonly string[]): string {
  return paths.length === 0 ? subgraph : `${subgraph} at ${paths.join(', ')}`;
}

function atOnce(nodes: readonly (PlanNode | undefined)[], path: string): string {
  const parts = nodes.flatMap((each) => (each ? shortOf(each, path) : []));
  return parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(' + ')})`;
}
