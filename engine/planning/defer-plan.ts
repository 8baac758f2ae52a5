import { Kind, OperationTypeNode, type SelectionSetNode, type SelectionNode } from 'graphql';
import type { DeferNode, DeferredNode, FetchNode, PlanNode } from '../execution/plan.ts';
import type { DeferredParts } from './deferred-parts.ts';
import type { FetchGroup } from './fetch-groups.ts';
import { parallel, type RequestWriter } from './plan-requests.ts';
import type { DeferredPart } from './search-state.ts';
import type { Search } from './search.ts';
import { pathTo } from './store-paths.ts';

/** The fetches of a deferred part: one node per search that has any. */
interface PlannedPart {
  readonly nodes: PlanNode[];
  readonly depends: Set<string>;
}

/** Assigns the fetches of an operation to its deferred parts. */
export class DeferPlan {
  private readonly parts: DeferredParts;
  private readonly writer: RequestWriter;
  private readonly planned = new Map<DeferredPart, PlannedPart>();

  constructor(parts: DeferredParts, writer: RequestWriter) {
    this.parts = parts;
    this.writer = writer;
  }

  /** The node for the primary part of one search; the nodes of deferred parts are kept for `withDeferredParts`. */
  nodeFor(
    search: Search,
    groups: readonly FetchGroup[],
    kind: FetchNode['operationKind'],
  ): PlanNode | undefined {
    const { writer } = this;
    const of = (part: DeferredPart | undefined): readonly FetchGroup[] =>
      groups.filter((group) => group.part === part);
    for (const group of groups)
      for (const need of group.needs) if (need.part !== group.part) writer.requireId(need);
    const node = writer.nodeFor(search, of(undefined), kind);
    for (const part of this.parts.all) {
      const own = of(part);
      const fetches = writer.nodeFor(search, own, OperationTypeNode.QUERY);
      if (!fetches) continue;
      const planned = this.planned.get(part) ?? { nodes: [], depends: new Set() };
      this.planned.set(part, planned);
      planned.nodes.push(fetches);
      for (const { needs } of own)
        for (const need of needs) if (need.part !== part) planned.depends.add(writer.idOf(need));
    }
    return node;
  }

  /** Wraps a node in the plan with all deferred parts; returns the node itself when there are none. */
  withDeferredParts(node: PlanNode | undefined): PlanNode | undefined {
    return this.node(undefined, this.parts.primary, node);
  }

  private node(
    enclosing: DeferredPart | undefined,
    selections: readonly SelectionNode[],
    node: PlanNode | undefined,
  ): PlanNode | DeferNode | undefined {
    const inside = this.parts.all.filter(
      (part) => part.enclosing === enclosing && part.entries.size > 0,
    );
    if (inside.length === 0) return node;
    const deferred = inside.map((part) => this.deferred(part));
    return { kind: 'defer', primary: { selection: selectionSet(selections), node }, deferred };
  }

  private deferred(part: DeferredPart): DeferredNode {
    const { directive, place, label, selections, entries } = part;
    const { nodes = [], depends = [] } = this.planned.get(part) ?? {};
    const paths = [...entries].map((entry) => pathTo({ entry }));
    const node = this.node(part, selections, parallel(nodes));
    return {
      directive,
      place,
      label,
      paths: [...new Map(paths.map((path) => [JSON.stringify(path), path])).values()],
      depends: [...depends].sort((left, right) => Number(left) - Number(right)),
      selection: node?.kind === 'defer' ? undefined : selectionSet(selections),
      node,
    };
  }
}

function selectionSet(selections: readonly SelectionNode[]): SelectionSetNode {
  return { kind: Kind.SELECTION_SET, selections };
}
