import { type DocumentNode, Kind, OperationTypeNode } from 'graphql';
import { Choice } from '../../../engine/planning/choice.ts';
import {
  type FetchGroup,
  fetchGroups,
  isBatchable,
} from '../../../engine/planning/fetch-groups.ts';
import type { EntityKey } from '../../../engine/planning/indexed-type.ts';
import { PlanBudget } from '../../../engine/planning/plan-budget.ts';
import { PlannedKeys } from '../../../engine/planning/planned-keys.ts';
import type { Leaf, State } from '../../../engine/planning/search-state.ts';
import { Search } from '../../../engine/planning/search.ts';
import { SelectionTree } from '../../../engine/planning/selection-tree.ts';
import { SupergraphIndex } from '../../../engine/planning/supergraph-index.ts';
import type { Supergraph } from '../../../engine/supergraph/supergraph.ts';

/** How many requests the planner chose for a query, and the fewest of all choices with as few steps. */
export interface RequestCounts {
  readonly chosen: number;
  /** `undefined` where there are too many choices to try them all. */
  readonly fewest: number | undefined;
}

/** How many choices are tried. */
const choicesMax = 20_000;

/** Compares the planner's choice with every other one. `undefined` for anything but a query without conditions. */
export function compareChoices(
  supergraph: Supergraph,
  document: DocumentNode,
  activeLabels: ReadonlySet<string>,
): RequestCounts | undefined {
  const found = searchOf(supergraph, document, activeLabels);
  if (!found) return undefined;
  const { search, leaves, budget } = found;
  new Choice(search, leaves, budget).choose();
  const chosen = requestsOf(search);
  return { chosen, fewest: new EveryChoice(search, leaves, budget).fewest(chosen) };
}

function searchOf(
  { document: supergraph, features, apiSchema }: Supergraph,
  { definitions }: DocumentNode,
  activeLabels: ReadonlySet<string>,
):
  | { readonly search: Search; readonly leaves: readonly Leaf[]; readonly budget: PlanBudget }
  | undefined {
  const fragments = new Map(
    definitions.flatMap((each) =>
      each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as const] : [],
    ),
  );
  const [operation] = definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
  if (operation?.operation !== OperationTypeNode.QUERY) return undefined;
  const index = new SupergraphIndex(supergraph, features, apiSchema);
  const budget = new PlanBudget(Infinity);
  const keys = new PlannedKeys(index);
  const tree = new SelectionTree({
    index,
    fragments,
    conditions: new Map(),
    keys,
    budget,
    parts: undefined,
  });
  const type = index.type(index.rootName(operation.operation));
  if (!type) return undefined;
  const root = tree.root(type, operation.selectionSet.selections);
  if (root.classes[0]?.entries.every(({ name }) => name.startsWith('__')) !== false)
    return undefined;
  const variable = (base: string): string => base;
  const search = new Search({ index, tree, budget, activeLabels, variable, isDeferring: false });
  const leaves = search.leavesOf(root, [...root.type.inGraphs.keys()]);
  return { search, leaves, budget };
}

/** Requests of the fetches that are chosen, after those that can wait have been delayed. */
function requestsOf(search: Search): number {
  const groups = fetchGroups(search);
  const batches = new Set(groups.filter(isBatchable).map(batchOf));
  return batches.size + groups.filter((group) => !isBatchable(group)).length;
}

function batchOf({ level, graph }: FetchGroup): string {
  return `${level} ${graph}`;
}

/** Makes each choice in turn that can be made: wherever there are several ways, all of them, one a run. */
class EveryChoice extends Choice {
  private readonly of: Search;
  /** Which way is taken where several lead on, in the order in which they are met, and how many there are. */
  private script: { taken: number; readonly ways: number }[] = [];
  private at = 0;

  constructor(search: Search, leaves: readonly Leaf[], budget: PlanBudget) {
    super(search, leaves, budget);
    this.of = search;
  }

  /** The fewest requests, at most as many as those given. */
  fewest(most: number): number | undefined {
    let fewest = most;
    for (let runs = 0; runs < choicesMax; runs += 1) {
      this.at = 0;
      this.run(new Set(), runs > 0);
      // The first run finds how many steps are allowed, and is the beginning of none.
      if (runs > 0) {
        fewest = Math.min(fewest, requestsOf(this.of));
        if (!this.next()) return fewest;
      } else this.script = [];
    }
    return undefined;
  }

  protected override cheapest(states: readonly State[]): State {
    return states.find(({ chosen }) => chosen) ?? this.pick(states);
  }

  protected override cheapestKey({ entityKeys }: State): EntityKey {
    return this.pick(entityKeys);
  }

  private pick<T>(ways: readonly T[]): T {
    const [first] = ways;
    if (first === undefined) throw new Error('Expected a way; got none.');
    if (ways.length === 1) return first;
    const step = (this.script[this.at] ??= { taken: 0, ways: ways.length });
    this.at += 1;
    return ways[step.taken] ?? first;
  }

  /** Goes on to the next script; false when there is none. */
  private next(): boolean {
    this.script.length = this.at;
    for (let last = this.script.pop(); last; last = this.script.pop()) {
      if (last.taken + 1 < last.ways) {
        this.script.push({ ...last, taken: last.taken + 1 });
        return true;
      }
    }
    return false;
  }
}
