import { Kind, type SelectionNode } from 'graphql';
import type { FieldInGraph } from './join-directives.ts';
import type { PlanBudget } from './plan-budget.ts';
import type { Entry, ObjectClass, State } from './search-state.ts';
import type { SelectionTree } from './selection-tree.ts';
import type { SupergraphIndex } from './supergraph-index.ts';
import { needsTypeFirst } from './type-dependent-fields.ts';

/** What is needed to know which fields subgraphs resolve. */
export interface CoverageContext {
  readonly index: SupergraphIndex;
  readonly tree: SelectionTree;
  readonly budget: PlanBudget;
  readonly activeLabels: ReadonlySet<string>;
}

/** True for a field that the enclosing part of a deferred one may also fetch, when only keys are taken from it. */
export type IsFetchedEarlier = (entry: Entry, state: State) => boolean;

const noProvided: readonly SelectionNode[] = [];

/** Knows which selected fields the subgraphs resolve. */
export class Coverage {
  private readonly context: CoverageContext;
  private readonly isTakenEarlier: IsFetchedEarlier;
  private readonly covered = new Map<ObjectClass, Map<number, boolean>>();

  constructor(context: CoverageContext, isTakenEarlier: IsFetchedEarlier) {
    this.context = context;
    this.isTakenEarlier = isTakenEarlier;
  }

  /** The field in the subgraph of a state, if the state can resolve it. */
  offer(state: State, entry: Entry): FieldInGraph | undefined {
    const { name, class: of } = entry;
    const offer = of.type.offer(name, state.graph);
    if (!offer || !this.isActive(offer)) return undefined;
    if (state.isForKeys && !this.isTakenEarlier(entry, state)) return undefined;
    if (offer.isExternal) return provides(state.provided, name) ? offer : undefined;
    return state.requiring === entry || !this.isConditional(entry, offer) ? offer : undefined;
  }

  /** True when the subgraph knows the type of each object. */
  knowsType({ class: { type }, graph }: State): boolean {
    return !type.isInterfaceObjectIn(graph);
  }

  /** True when a subgraph resolves everything selected on a class, at any depth. */
  covers(of: ObjectClass, graph: number, provided: readonly SelectionNode[] | undefined): boolean {
    if (provided) return this.coversNow(of, graph, provided);
    let known = this.covered.get(of);
    if (!known) this.covered.set(of, (known = new Map<number, boolean>()));
    let isCovered = known.get(graph);
    if (isCovered === undefined)
      known.set(graph, (isCovered = this.coversNow(of, graph, undefined)));
    return isCovered;
  }

  private coversNow(
    of: ObjectClass,
    graph: number,
    provided: readonly SelectionNode[] | undefined,
  ): boolean {
    this.context.budget.spend(1);
    this.context.budget.spendOnChecks(of.entries.length);
    if (of.deferred.length > 0) return false;
    if (of.position.needsType && of.type.isInterfaceObjectIn(graph)) return false;
    return of.entries.every((entry) => {
      if (entry.name === '__typename') return true;
      const offer = of.type.offer(entry.name, graph);
      if (!offer || !this.isActive(offer)) return false;
      if (offer.isExternal ? !provides(provided, entry.name) : this.isConditional(entry, offer))
        return false;
      return this.coversBelow(entry, offer, provided);
    });
  }

  /** True when a subgraph resolves everything selected below a field. */
  coversBelow(
    entry: Entry,
    offer: FieldInGraph,
    provided: readonly SelectionNode[] | undefined,
  ): boolean {
    const child = this.context.tree.childOf(entry);
    if (!child) return true;
    const possible = this.context.index.type(offer.typename)?.possibleIn(offer.graph);
    return child.classes.every((below) => {
      if (!below.types.some((name) => possible?.has(name))) return true;
      return this.covers(below, offer.graph, this.providedTo(below, entry, offer, provided));
    });
  }

  /** True for a field that may be fetched from a subgraph only after the types of the objects are known. */
  needsTypeFirst(entry: Entry, graph: number): boolean {
    return needsTypeFirst(entry, graph, this.context.tree);
  }

  /** True for a field that may not be fetched immediately from a subgraph that has the object. */
  isConditional(entry: Entry, { requires, contexts, graph }: FieldInGraph): boolean {
    return requires !== undefined || contexts.length > 0 || this.needsTypeFirst(entry, graph);
  }

  /** What a field provides on the objects of a class below it (`@provides`). */
  providedTo(
    below: ObjectClass,
    { name }: Entry,
    { provides: own }: FieldInGraph,
    provided: readonly SelectionNode[] | undefined,
  ): readonly SelectionNode[] | undefined {
    if (!own && !provided) return undefined;
    const sets = provided ? selectionsUnder(provided, name) : noProvided;
    const all = [...(own ?? noProvided), ...sets];
    const here = all.length > 0 ? this.applying(all, below) : all;
    return here.length > 0 ? here : undefined;
  }

  private applying(
    selections: readonly SelectionNode[],
    of: ObjectClass,
  ): readonly SelectionNode[] {
    return selections.flatMap((selection): readonly SelectionNode[] => {
      if (selection.kind === Kind.FIELD) return [selection];
      if (selection.kind !== Kind.INLINE_FRAGMENT) return [];
      const condition = selection.typeCondition?.name.value;
      if (condition !== undefined && !this.context.index.applies(condition, of.type.name))
        return [];
      return this.applying(selection.selectionSet.selections, of);
    });
  }

  isActive({ label, isForActiveLabel }: FieldInGraph): boolean {
    return label === undefined || this.context.activeLabels.has(label) === isForActiveLabel;
  }
}

function provides(selections: readonly SelectionNode[] | undefined, name: string): boolean {
  return selections?.some((each) => each.kind === Kind.FIELD && each.name.value === name) === true;
}

function selectionsUnder(
  selections: readonly SelectionNode[],
  name: string,
): readonly SelectionNode[] {
  return selections.flatMap((each) =>
    each.kind === Kind.FIELD && each.name.value === name
      ? (each.selectionSet?.selections ?? [])
      : [],
  );
}
