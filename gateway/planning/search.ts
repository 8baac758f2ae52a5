import { Kind, type SelectionNode } from 'graphql';
import type { PlanBudget } from './plan-budget.ts';
import type {
  ContextArgumentUse,
  DeferredPart,
  Entry,
  Leaf,
  Need,
  ObjectClass,
  Position,
  State,
} from './search-state.ts';
import { type SelectionTree } from './selection-tree.ts';
import type { ContextUse, FieldInGraph, Jump, SupergraphIndex } from './supergraph-index.ts';
import { isRiskyVeiled } from './veiled-fields.ts';

/** What a search needs besides the tree. */
export interface SearchContext {
  readonly index: SupergraphIndex;
  readonly tree: SelectionTree;
  readonly budget: PlanBudget;
  readonly activeLabels: ReadonlySet<string>;
  /** A name for a variable of the plan's own. */
  readonly variable: (base: string) => string;
  /** False to have deferred parts fetched with the parts around them wherever that takes fewer steps. */
  readonly isDeferring: boolean;
}

const noProvided: readonly SelectionNode[] = [];

/**
 * Finds where everything that is selected can be had, and after how many steps at least: docs/planner.md explains how.
 * What is found does not depend on what is chosen of it later, since a fetch never makes another impossible.
 */
export class Search {
  /** Every state that was found. */
  readonly states: State[] = [];
  private readonly context: SearchContext;
  private readonly covered = new Map<ObjectClass, Map<number, boolean>>();
  private readonly found = new Map<Position, readonly Leaf[]>();
  private readonly requirements = new Map<Entry, Map<number, readonly Need[] | undefined>>();
  private contextArguments = 0;
  /** The classes of which deferred parts select something too. */
  private readonly shared = new Set<ObjectClass>();
  /** The classes of deferred parts whose states have been found. */
  private readonly begun = new Set<ObjectClass>();
  private readonly keyEntries = new Map<ObjectClass, ReadonlySet<Entry>>();
  /** The step after which something is known that the objects being looked at need. */
  private awaited = 0;
  private readonly needs = new Map<Jump, Map<ObjectClass, readonly Need[]>>();

  constructor(context: SearchContext) {
    this.context = context;
  }

  /** The leaves of an operation whose root fields these subgraphs have. Throws for what no subgraph can answer. */
  leavesOf(root: Position, graphs: readonly number[]): readonly Leaf[] {
    const [only] = root.classes;
    if (!only) return [];
    const { name } = only.type;
    only.states = [];
    for (const graph of graphs)
      only.states.push(
        this.state({ class: only, graph, level: 0, origin: 'root', typename: name }),
      );
    const leaves: Leaf[] = [];
    if (only.entries.length === 0) this.shared.add(only);
    else if (!this.solveClass(only, leaves)) throw new Unreachable();
    return leaves;
  }

  /** The leaves of a deferred part, when those of the parts around it have been chosen. */
  leavesOfPart(part: DeferredPart): readonly Leaf[] {
    const leaves: Leaf[] = [];
    for (const { deferred } of this.shared)
      for (const of of deferred) if (of.position.part === part) this.solveDeferred(of, leaves);
    return leaves;
  }

  /** The leaves below a field of the plan's own, once it has been reached. */
  leavesBelow(position: Position): readonly Leaf[] {
    return this.found.get(position) ?? [];
  }

  /** The field in the subgraph of a state, if the state can answer it. */
  offer(state: State, entry: Entry): FieldInGraph | undefined {
    const { name, class: of } = entry;
    const offer = of.type.offer(name, state.graph);
    if (!offer || !this.isActive(offer)) return undefined;
    if (state.isForKeys && !this.isTakenEarlier(entry, state)) return undefined;
    if (offer.isExternal) return provides(state.provided, name) ? offer : undefined;
    return state.requiring === entry || !this.isConditional(entry, offer) ? offer : undefined;
  }

  /** What must be known of the objects before they can be asked for by a key. */
  needsOf({ class: of, requiring, graph }: State, jump: Jump): readonly Need[] {
    const needs = this.keyNeeds(of, jump);
    const required = requiring && this.requirementsOf(requiring, graph);
    return required && required.length > 0 ? [...needs, ...required] : needs;
  }

  /** True when the subgraph knows which type each of the objects is of. */
  knowsType({ class: { type }, graph }: State): boolean {
    return !type.isVeiledIn(graph);
  }

  /** True when a subgraph answers everything that is selected of a class, all below included. */
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
    if (of.deferred.length > 0) return false;
    if (of.position.needsType && of.type.isVeiledIn(graph)) return false;
    return of.entries.every((entry) => {
      if (entry.name === '__typename') return true;
      const offer = of.type.offer(entry.name, graph);
      if (!offer || !this.isActive(offer)) return false;
      if (offer.isExternal ? !provides(provided, entry.name) : this.isConditional(entry, offer))
        return false;
      return this.coversBelow(entry, offer, provided);
    });
  }

  private coversBelow(
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

  /** True for a field that a subgraph must be asked for only when the types of the objects are known. */
  isRisky(entry: Entry, graph: number): boolean {
    return isRiskyVeiled(entry, graph, this.context.tree);
  }

  /** True for a field that a subgraph may not be asked for as soon as it has the object. */
  private isConditional(entry: Entry, { requires, contexts, graph }: FieldInGraph): boolean {
    return requires !== undefined || contexts.length > 0 || this.isRisky(entry, graph);
  }

  /** What a field provides to the objects of a class below it. */
  private providedTo(
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

  private isActive({ label, isForActiveLabel }: FieldInGraph): boolean {
    return label === undefined || this.context.activeLabels.has(label) === isForActiveLabel;
  }

  private state(
    given: Pick<State, 'class' | 'graph' | 'level' | 'origin' | 'typename'> & Partial<State>,
  ): State {
    this.context.budget.spend(1);
    const state: State = {
      parent: undefined,
      provided: undefined,
      jumps: [],
      requiring: undefined,
      isForKeys: false,
      chosen: undefined,
      ...given,
    };
    this.states.push(state);
    return state;
  }

  /** Finds the leaves of a class whose states by fields are known. False when something cannot be had. */
  private solveClass(of: ObjectClass, leaves: Leaf[]): boolean {
    // No subgraph that gives the objects can give one of these types.
    if (of.states.length === 0) return true;
    if (of.deferred.length > 0) this.shared.add(of);
    const { needsType } = of.position;
    const first = Math.min(...of.states.map(({ level }) => level));
    const whole = of.states.filter(
      (state) => state.level === first && this.covers(of, state.graph, state.provided),
    );
    const entries = of.entries.filter(({ name }) => name !== '__typename');
    if (whole.length > 0) {
      const asksType = needsType || entries.length === 0;
      leaves.push({ class: of, entries, asksType, states: whole, level: first });
      return true;
    }
    this.extend(of);
    if (needsType || entries.length === 0) {
      const states = of.states.filter((state) => !needsType || this.knowsType(state));
      if (!addLeaf(leaves, { class: of, entries: [], asksType: true, states })) return false;
    }
    return entries.every((entry) => this.solveEntry(entry, leaves));
  }

  /** A deferred part asks for its fields itself; those for which there is no key come with the part around it. */
  private solveDeferred(of: ObjectClass, leaves: Leaf[]): void {
    this.begin(of);
    if (of.states.length === 0) return;
    for (const entry of of.entries) {
      const reach = (): boolean => {
        const found: Leaf[] = [];
        if (!this.solveEntry(entry, found)) return false;
        leaves.push(...found);
        return true;
      };
      if (reach()) continue;
      this.addEarlier(of, () => true);
      if (!reach()) throw new Unreachable();
    }
  }

  /** Finds the states of a deferred part's class, by the keys that the parts around it can give along. */
  private begin(of: ObjectClass): void {
    if (this.begun.has(of)) return;
    this.begun.add(of);
    of.states = [];
    for (const own of of.own.values()) own.reachedAt = undefined;
    if (of.position.entry) {
      if (this.context.isDeferring) this.addEarlier(of, ({ chosen }) => chosen !== undefined, true);
      else this.addEarlier(of, () => true);
      return;
    }
    const { name: typename, inGraphs } = of.type;
    for (const graph of inGraphs.keys())
      of.states.push(this.state({ class: of, graph, level: 0, origin: 'root', typename }));
    this.extend(of);
  }

  /** Adds the states of the parts around, the outermost first: what they have is there earlier. */
  private addEarlier(of: ObjectClass, isTaken: (state: State) => boolean, isForKeys = false): void {
    for (const around of basesOf(of)) {
      for (const parent of around.states) {
        if (parent.origin === 'earlier' || !isTaken(parent)) continue;
        const { graph, typename, provided } = parent;
        const same = { class: of, graph, typename, provided, parent };
        of.states.push(this.state({ ...same, level: 0, origin: 'earlier', isForKeys }));
      }
    }
    if (of.states.length > 0) this.extend(of);
  }

  /** True for what the part around may be asked for: what is in a key, and what it asks for anyway. */
  private isTakenEarlier(entry: Entry, { parent }: State): boolean {
    if (!entry.isOwn) return false;
    const { class: of } = entry;
    let keys = this.keyEntries.get(of);
    if (!keys) {
      const needs = of.type.jumps.flatMap((jump) => this.keyNeeds(of, jump));
      this.keyEntries.set(of, (keys = new Set(needs.flatMap((need) => need.entry ?? []))));
    }
    if (keys.has(entry)) return true;
    if (entry.sets.length > 0) return false;
    const taken = [...(parent?.chosen?.taken.keys() ?? [])];
    return taken.some(({ name, args }) => name === entry.name && args === entry.args);
  }

  private solveEntry(entry: Entry, leaves: Leaf[]): boolean {
    const { class: of } = entry;
    const states = of.states.filter((state) => this.offer(state, entry));
    if (states.length === 0) return false;
    const child = this.context.tree.childOf(entry);
    if (!child) return addLeaf(leaves, { class: of, entries: [entry], asksType: false, states });
    const first = Math.min(...states.map(({ level }) => level));
    const whole = states.filter((state) => {
      const offer = state.level === first && this.offer(state, entry);
      return offer && this.coversBelow(entry, offer, state.provided);
    });
    if (whole.length > 0) {
      return addLeaf(leaves, { class: of, entries: [entry], asksType: false, states: whole });
    }
    return this.solveBelow(child, entry, states, leaves);
  }

  private solveBelow(
    child: Position,
    entry: Entry,
    states: readonly State[],
    leaves: Leaf[],
  ): boolean {
    for (const below of child.classes) {
      below.states = [];
      for (const own of below.own.values()) own.reachedAt = undefined;
      for (const state of states) {
        const offer = this.offer(state, entry);
        const possible = offer && this.context.index.type(offer.typename)?.possibleIn(state.graph);
        if (!offer || !below.types.some((name) => possible?.has(name))) continue;
        const { graph, level } = state;
        const provided = this.providedTo(below, entry, offer, state.provided);
        const { typename } = offer;
        const isKnown = below.states.some(
          (other) => other.graph === graph && other.level <= level && !provided && !other.provided,
        );
        // The cheaper of two that offer the same.
        if (isKnown && state.requiring === undefined) continue;
        below.states.push(
          this.state({
            class: below,
            graph,
            level,
            origin: 'field',
            parent: state,
            typename,
            provided,
          }),
        );
      }
    }
    return child.classes.every((below) => this.solveClass(below, leaves));
  }

  /** Adds the states that other subgraphs can be asked in, a step at a time. */
  private extend(of: ObjectClass): void {
    const around = this.awaited;
    this.awaited = 0;
    for (let level = Math.min(...of.states.map((state) => state.level)); ; level += 1) {
      this.context.budget.spend(1);
      const added = [...this.entered(of, level), ...this.required(of, level)];
      of.states.push(...added);
      const isLast = level >= this.awaited && of.states.every((state) => state.level <= level);
      if (added.length === 0 && isLast) break;
    }
    this.awaited = around;
  }

  private *entered(of: ObjectClass, level: number): Iterable<State> {
    const isThere = (graph: number): boolean =>
      of.states.some(
        (state) =>
          state.graph === graph &&
          state.level <= level + 1 &&
          !state.requiring &&
          state.origin !== 'earlier',
      );
    const next = { class: of, level: level + 1, typename: of.type.name };
    for (const [graph, ways] of of.type.jumpsInto) {
      if (isThere(graph)) continue;
      const possible = ways.filter((jump) => this.areMet(this.keyNeeds(of, jump), level));
      if (possible.length > 0)
        yield this.state({ ...next, graph, origin: 'entities', jumps: possible });
    }
    if (of.type.name !== this.context.index.rootName('query')) return;
    const [parent] = of.states.filter((state) => state.level <= level);
    for (const graph of of.type.inGraphs.keys()) {
      if (parent && !isThere(graph))
        yield this.state({ ...next, graph, origin: 'operation', parent });
    }
  }

  /** States for fields that the subgraph resolves only when it is told something. */
  private *required(of: ObjectClass, level: number): Iterable<State> {
    for (const entry of selectedAndOwn(of)) {
      for (const offer of of.type.offers(entry.name)) {
        if (!this.isConditional(entry, offer) || offer.isExternal || !this.isActive(offer))
          continue;
        const { graph } = offer;
        if (of.states.some((state) => state.requiring === entry && state.graph === graph)) continue;
        const requirements = this.requirementsOf(entry, graph);
        if (!requirements || !this.areMet(requirements, level)) continue;
        const possible = (of.type.jumpsInto.get(graph) ?? []).filter((jump) =>
          this.areMet(this.keyNeeds(of, jump), level),
        );
        if (possible.length === 0) continue;
        yield this.state({
          class: of,
          graph,
          level: level + 1,
          origin: 'entities',
          typename: of.type.name,
          jumps: possible,
          requiring: entry,
        });
      }
    }
  }

  private keyNeeds(of: ObjectClass, jump: Jump): readonly Need[] {
    let known = this.needs.get(jump);
    if (!known) this.needs.set(jump, (known = new Map<ObjectClass, readonly Need[]>()));
    let needs = known.get(of);
    if (!needs) {
      const key = this.context.tree.ownEntries(of, jump.key);
      needs = key.map((entry): Need => ({ class: of, entry }));
      if (!of.position.type.isObject && !jump.isOfInterface)
        needs = [...needs, { class: of, entry: undefined }];
      known.set(of, needs);
    }
    return needs;
  }

  /** What a field requires and takes from its context; `undefined` when there is no such context around it. */
  private requirementsOf(entry: Entry, graph: number): readonly Need[] | undefined {
    let known = this.requirements.get(entry);
    if (!known)
      this.requirements.set(entry, (known = new Map<number, readonly Need[] | undefined>()));
    if (!known.has(graph)) known.set(graph, this.readRequirements(entry, graph));
    return known.get(graph);
  }

  private readRequirements(entry: Entry, graph: number): readonly Need[] | undefined {
    const { class: of } = entry;
    const offer = of.type.offer(entry.name, graph);
    const required = offer?.requires ? this.context.tree.ownEntries(of, offer.requires) : [];
    const needs = required.map((each): Need => ({ class: of, entry: each }));
    if (this.isRisky(entry, graph)) needs.push({ class: of, entry: undefined });
    if (!offer || offer.contexts.length === 0) return needs;
    const uses: ContextArgumentUse[] = [];
    for (const context of offer.contexts) {
      const found = this.findContext(of, context);
      if (!found) return undefined;
      const [source, entryThere, levelsUp] = found;
      needs.push({ class: source, entry: entryThere });
      const { argument, type } = context;
      this.contextArguments += 1;
      const variable = this.context.variable(`contextualArgument_${this.contextArguments}`);
      uses.push({ argument, type, variable, levelsUp, path: this.pathTo(entryThere) });
    }
    entry.contexts = uses;
    return needs;
  }

  private findContext(
    of: ObjectClass,
    { context, selection }: ContextUse,
  ): readonly [ObjectClass, Entry, number] | undefined {
    const { index, tree } = this.context;
    const names = [...(index.contextTypes.get(context) ?? [])];
    let around = of.position.entry?.class;
    for (let levelsUp = 1; around; levelsUp += 1) {
      const { type } = around;
      if (names.some((name) => index.applies(name, type.name))) {
        const source = this.inPartOf(of, around);
        const [entry] = tree.ownEntries(source, selection);
        if (entry) return [source, entry, levelsUp];
      }
      around = around.position.entry?.class;
    }
    return undefined;
  }

  /** The objects around others, as the same part of the answer has them. */
  private inPartOf({ position: { part } }: ObjectClass, around: ObjectClass): ObjectClass {
    if (!part || around.position.part === part) return around;
    const source = this.context.tree.deferredClass(around, part) ?? around;
    this.begin(source);
    return source;
  }

  private pathTo(entry: Entry): readonly string[] {
    const below = this.context.tree.childOf(entry)?.classes[0]?.entries[0];
    return below ? [entry.key, ...this.pathTo(below)] : [entry.key];
  }

  private areMet(needs: readonly Need[], level: number): boolean {
    return needs.every((need) => this.isMet(need, level));
  }

  private isMet({ class: of, entry }: Need, level: number): boolean {
    this.context.budget.spend(1);
    const here = of.states.filter((state) => state.level <= level);
    if (!entry) return here.some((state) => this.knowsType(state));
    const states = here.filter((state) => this.offer(state, entry));
    if (states.length === 0) return false;
    const child = this.context.tree.childOf(entry);
    if (!child || (entry.reachedAt !== undefined && entry.reachedAt <= level)) return true;
    const leaves: Leaf[] = [];
    if (!this.solveBelow(child, entry, states, leaves)) return false;
    const last = Math.max(0, ...leaves.map((leaf) => leaf.level));
    if (last > level) {
      this.awaited = Math.max(this.awaited, last);
      return false;
    }
    this.found.set(child, leaves);
    entry.reachedAt = last;
    return true;
  }
}

/** There is no way to what was asked for, which composition rules out. */
export class Unreachable extends Error {
  constructor() {
    super('The supergraph has no way to a field that the operation asks for.');
  }
}

/** The same objects in the parts around, the outermost first. */
function basesOf({ base }: ObjectClass): readonly ObjectClass[] {
  return base ? [...basesOf(base), base] : [];
}

function addLeaf(leaves: Leaf[], leaf: Omit<Leaf, 'level'>): boolean {
  if (leaf.states.length === 0) return false;
  leaves.push({ ...leaf, level: Math.min(...leaf.states.map(({ level }) => level)) });
  return true;
}

/** What is required may require something itself: what is added on the way is met on the way. */
function* selectedAndOwn({ entries, own }: ObjectClass): Iterable<Entry> {
  yield* entries;
  yield* own.values();
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
