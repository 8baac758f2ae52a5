import { type OperationDefinitionNode, OperationTypeNode } from 'graphql';
import type { PlanNode } from '../execution/plan.ts';
import type { Supergraph } from '../supergraph/supergraph.ts';
import { Choice } from './choice.ts';
import { DeferPlan } from './defer-plan.ts';
import { type DeferredParts, deferredPartsOf } from './deferred-parts.ts';
import { type FetchGroup, fetchGroups } from './fetch-groups.ts';
import { PlanBudget, tooComplex } from './plan-budget.ts';
import { RequestWriter } from './plan-requests.ts';
import { PlannedKeys } from './planned-keys.ts';
import type { PlannedOperation, Planner, PlanRequest } from './planner.ts';
import type { Entry, ObjectClass, Position } from './search-state.ts';
import { Search, UnreachableField } from './search.ts';
import { SelectionTree } from './selection-tree.ts';
import { SupergraphIndex } from './supergraph-index.ts';

/** Our own planner: pure functions over an index of the supergraph. docs/planner.md explains the algorithm. */
export function createOwnPlanner({ document, features, apiSchema }: Supergraph): Planner {
  const index = new SupergraphIndex(document, features, apiSchema);
  return { name: 'own', plan: (request) => new Planning(index, request).plan() };
}

/** Plans one operation. */
class Planning {
  private readonly index: SupergraphIndex;
  private readonly request: PlanRequest;
  private readonly budget = new PlanBudget();
  private readonly keys: PlannedKeys;
  private readonly tree: SelectionTree;
  private readonly variable: (base: string) => string;
  private readonly writer: RequestWriter;
  private readonly parts: DeferredParts | undefined;
  private readonly deferPlan: DeferPlan | undefined;

  constructor(index: SupergraphIndex, request: PlanRequest) {
    const { fragments, conditions, operation, operationName } = request;
    const { budget } = this;
    const keys = new PlannedKeys(index);
    const parts = deferredPartsOf(request, budget);
    const tree = new SelectionTree({ index, fragments, conditions, keys, budget, parts });
    const variable = variableNames(operation);
    this.index = index;
    this.request = request;
    this.keys = keys;
    this.tree = tree;
    this.variable = variable;
    this.writer = new RequestWriter({ index, tree, budget, operation, operationName, variable });
    this.parts = parts;
    this.deferPlan = parts && new DeferPlan(parts, this.writer);
  }

  plan(): PlannedOperation {
    try {
      const node = this.node();
      return {
        plan: { node: this.deferPlan ? this.deferPlan.withDeferredParts(node) : node },
        storeKeys: this.keys,
      };
    } catch (error) {
      // The operation is deeper than the call stack.
      throw error instanceof RangeError ? tooComplex() : error;
    }
  }

  private node(): PlanNode | undefined {
    const { operation, selectionSet } = this.request.operation;
    const type = this.index.type(this.index.rootName(operation));
    const root = type && this.tree.root(type, selectionSet.selections);
    const [object] = root?.classes ?? [];
    const fields = object?.entries.filter(({ name }) => name !== '__typename') ?? [];
    if (!root || (fields.length === 0 && !object?.deferred.length)) return undefined;
    if (operation === OperationTypeNode.MUTATION) return this.inSeries(root, fields);
    const { search, groups } = this.search(onlyWith(root, fields), [...root.type.inGraphs.keys()]);
    const node = this.nodeFor(search, groups, operation);
    return operation === OperationTypeNode.SUBSCRIPTION ? subscription(node) : node;
  }

  /**
   * Each field completes before the next one starts (GraphQL spec §6.2.2); within one request the subgraph ensures
   * this.
   */
  private inSeries(root: Position, fields: readonly Entry[]): PlanNode | undefined {
    const graphs = [...root.type.inGraphs.keys()];
    const runs: { readonly graph: number | undefined; readonly fields: Entry[] }[] = [];
    let isOpen = false;
    for (const field of fields) {
      const { groups } = this.search(onlyWith(root, [field]), graphs);
      const graph = groups.find(({ origin }) => origin === 'root')?.graph;
      const run = runs.at(-1);
      if (isOpen && run?.graph === graph) run?.fields.push(field);
      else runs.push({ graph, fields: [field] });
      isOpen = groups.filter(({ part }) => !part).length === 1;
    }
    const nodes = runs.flatMap(({ graph, fields: together }) => {
      const from = graph === undefined ? graphs : [graph];
      const { search, groups } = this.search(onlyWith(root, together), from);
      return this.nodeFor(search, groups, OperationTypeNode.MUTATION) ?? [];
    });
    const [only] = nodes;
    return only && nodes.length === 1 ? only : { kind: 'sequence', nodes };
  }

  private search(
    root: Position,
    graphs: readonly number[],
  ): { readonly search: Search; readonly groups: readonly FetchGroup[] } {
    try {
      return this.searchDeferring(root, graphs, true);
    } catch (error) {
      // A deferred field may be unreachable from what was chosen for its enclosing part.
      if (!this.parts || !(error instanceof UnreachableField)) throw error;
      return this.searchDeferring(root, graphs, false);
    }
  }

  private searchDeferring(
    root: Position,
    graphs: readonly number[],
    isDeferring: boolean,
  ): { readonly search: Search; readonly groups: readonly FetchGroup[] } {
    const { index, tree, budget, variable } = this;
    const { activeLabels } = this.request;
    const search = new Search({ index, tree, budget, activeLabels, variable, isDeferring });
    new Choice(search, search.leavesOf(root, graphs), budget).choose();
    for (const part of this.parts?.all ?? []) {
      const leaves = search.leavesOfPart(part);
      if (leaves.length > 0) new Choice(search, leaves, budget).choose();
    }
    return { search, groups: fetchGroups(search) };
  }

  private nodeFor(
    search: Search,
    groups: readonly FetchGroup[],
    kind: OperationTypeNode,
  ): PlanNode | undefined {
    return (this.deferPlan ?? this.writer).nodeFor(search, groups, kind);
  }
}

/** A subscription has one root field (GraphQL spec §5.2.3.1), and so one primary fetch. */
function subscription(node: PlanNode | undefined): PlanNode | undefined {
  const [primary, ...others] = node?.kind === 'sequence' ? node.nodes : node ? [node] : [];
  if (primary?.kind !== 'fetch') return node;
  const [only] = others;
  const rest = others.length > 1 ? ({ kind: 'sequence', nodes: others } as const) : only;
  return { kind: 'subscription', primary, rest };
}

/** The root position, reduced to some of its fields. */
function onlyWith(root: Position, fields: readonly Entry[]): Position {
  const classes: ObjectClass[] = [];
  const position: Position = { ...root, classes };
  for (const object of root.classes) {
    const entries: Entry[] = [];
    const of: ObjectClass = { ...object, position, entries, own: new Map(), states: [] };
    for (const field of fields) entries.push({ ...field, class: of, child: undefined });
    classes.push(of);
  }
  return position;
}

/** Creates unique names for the plan's variables, different from the client's. */
function variableNames({
  variableDefinitions = [],
}: OperationDefinitionNode): (base: string) => string {
  const taken = new Set(variableDefinitions.map(({ variable }) => variable.name.value));
  return (base) => {
    let name = base;
    for (let at = 1; taken.has(name); at += 1) name = `${base}_${at}`;
    return name;
  };
}
