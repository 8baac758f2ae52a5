import { Coverage, type CoverageContext } from './coverage.ts';
import { Needs } from './needs.ts';
import type {
  DeferredPart,
  Entry,
  Leaf,
  Need,
  ObjectClass,
  Position,
  State,
} from './search-state.ts';

/** What a search needs besides the tree. */
export interface SearchContext extends CoverageContext {
  /** A unique name for a variable of the plan. */
  readonly variable: (base: string) => string;
  /** False to fetch deferred parts with their enclosing parts, wherever that takes fewer steps. */
  readonly isDeferring: boolean;
}

/**
 * Finds where each selected field can be fetched, and after how many steps at the earliest; docs/planner.md explains
 * how. The result does not depend on later choices, because a fetch never makes another one impossible.
 */
export class Search {
  /** Every state found. */
  readonly states: State[] = [];
  readonly coverage: Coverage;
  readonly needs: Needs;
  private readonly context: SearchContext;
  private readonly found = new Map<Position, readonly Leaf[]>();
  /** The classes on which deferred parts select fields, too. */
  private readonly withDeferred = new Set<ObjectClass>();
  /** The classes of deferred parts whose states have been found. */
  private readonly started = new Set<ObjectClass>();
  private readonly keyEntries = new Map<ObjectClass, ReadonlySet<Entry>>();
  /** The step after which a need of the current objects will be satisfied. */
  private pendingLevel = 0;

  constructor(context: SearchContext) {
    this.context = context;
    const coverage = new Coverage(context, (entry, state) => this.isTakenEarlier(entry, state));
    this.coverage = coverage;
    this.needs = new Needs({
      ...context,
      coverage,
      findStates: (of) => {
        this.startPart(of);
      },
    });
  }

  /**
   * The leaves of an operation with these subgraphs for the root fields. Throws when no subgraph can resolve a field.
   */
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
    if (only.entries.length === 0) this.withDeferred.add(only);
    else if (!this.solveClass(only, leaves)) throw new UnreachableField();
    return leaves;
  }

  /** The leaves of a deferred part, once those of the enclosing parts have been chosen. */
  leavesOfPart(part: DeferredPart): readonly Leaf[] {
    const leaves: Leaf[] = [];
    for (const { deferred } of this.withDeferred)
      for (const of of deferred) if (of.position.part === part) this.solveDeferred(of, leaves);
    return leaves;
  }

  /** The leaves below one of the plan's own fields, once it has been reached. */
  leavesBelow(position: Position): readonly Leaf[] {
    return this.found.get(position) ?? [];
  }

  private state(
    given: Pick<State, 'class' | 'graph' | 'level' | 'origin' | 'typename'> & Partial<State>,
  ): State {
    this.context.budget.spend(1);
    const state: State = {
      parent: undefined,
      provided: undefined,
      entityKeys: [],
      requiring: undefined,
      isForKeys: false,
      chosen: undefined,
      ...given,
    };
    this.states.push(state);
    return state;
  }

  /** Finds the leaves of a class whose field states are known. False when something cannot be fetched. */
  private solveClass(of: ObjectClass, leaves: Leaf[]): boolean {
    // No subgraph that returns the objects can return one of these types.
    if (of.states.length === 0) return true;
    if (of.deferred.length > 0) this.withDeferred.add(of);
    const { needsType } = of.position;
    const first = Math.min(...of.states.map(({ level }) => level));
    const whole = of.states.filter(
      (state) => state.level === first && this.coverage.covers(of, state.graph, state.provided),
    );
    const entries = of.entries.filter(({ name }) => name !== '__typename');
    if (whole.length > 0) {
      const asksType = needsType || entries.length === 0;
      leaves.push({ class: of, entries, asksType, states: whole, level: first });
      return true;
    }
    this.addOtherStates(of);
    if (needsType || entries.length === 0) {
      const states = of.states.filter((state) => !needsType || this.coverage.knowsType(state));
      if (!addLeaf(leaves, { class: of, entries: [], asksType: true, states })) return false;
    }
    return entries.every((entry) => this.solveEntry(entry, leaves));
  }

  /** A deferred part fetches its fields itself; those without a key are fetched with the enclosing part. */
  private solveDeferred(of: ObjectClass, leaves: Leaf[]): void {
    this.startPart(of);
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
      if (!reach()) throw new UnreachableField();
    }
  }

  /** Finds the states of a deferred part's class, by the keys that the enclosing parts can fetch. */
  private startPart(of: ObjectClass): void {
    if (this.started.has(of)) return;
    this.started.add(of);
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
    this.addOtherStates(of);
  }

  /** Adds the states of the enclosing parts, outermost first: their data is available earlier. */
  private addEarlier(of: ObjectClass, isTaken: (state: State) => boolean, isForKeys = false): void {
    for (const enclosing of basesOf(of)) {
      for (const parent of enclosing.states) {
        if (parent.origin === 'earlier' || !isTaken(parent)) continue;
        const { graph, typename, provided } = parent;
        const same = { class: of, graph, typename, provided, parent };
        of.states.push(this.state({ ...same, level: 0, origin: 'earlier', isForKeys }));
      }
    }
    if (of.states.length > 0) this.addOtherStates(of);
  }

  /** True for what the enclosing part may fetch: the fields of keys, and what it selects anyway. */
  private isTakenEarlier(entry: Entry, { parent }: State): boolean {
    if (!entry.isOwn) return false;
    const { class: of } = entry;
    let keys = this.keyEntries.get(of);
    if (!keys) {
      const needs = of.type.entityKeys.flatMap((entityKey) => this.needs.ofKey(of, entityKey));
      this.keyEntries.set(of, (keys = new Set(needs.flatMap((need) => need.entry ?? []))));
    }
    if (keys.has(entry)) return true;
    if (entry.sets.length > 0) return false;
    const taken = [...(parent?.chosen?.taken.keys() ?? [])];
    return taken.some(({ name, args }) => name === entry.name && args === entry.args);
  }

  private solveEntry(entry: Entry, leaves: Leaf[]): boolean {
    const { class: of } = entry;
    this.context.budget.spendOnChecks(of.states.length);
    const states = of.states.filter((state) => this.coverage.offer(state, entry));
    if (states.length === 0) return false;
    const child = this.context.tree.childOf(entry);
    if (!child) return addLeaf(leaves, { class: of, entries: [entry], asksType: false, states });
    const first = Math.min(...states.map(({ level }) => level));
    const whole = states.filter((state) => {
      const offer = state.level === first && this.coverage.offer(state, entry);
      return offer && this.coverage.coversBelow(entry, offer, state.provided);
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
        const offer = this.coverage.offer(state, entry);
        const possible = offer && this.context.index.type(offer.typename)?.possibleIn(state.graph);
        if (!offer || !below.types.some((name) => possible?.has(name))) continue;
        const { graph, level } = state;
        const provided = this.coverage.providedTo(below, entry, offer, state.provided);
        const { typename } = offer;
        this.context.budget.spendOnChecks(below.states.length);
        const isKnown = below.states.some(
          (other) => other.graph === graph && other.level <= level && !provided && !other.provided,
        );
        // A cheaper state offers the same.
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

  /** Adds states in other subgraphs, one step at a time. */
  private addOtherStates(of: ObjectClass): void {
    const outerLevel = this.pendingLevel;
    this.pendingLevel = 0;
    const asked = new Set<string>();
    for (let level = Math.min(...of.states.map((state) => state.level)); ; level += 1) {
      this.context.budget.spend(1);
      this.context.budget.spendOnChecks(of.states.length);
      const added: State[] = [];
      this.addEntityStates(of, level, added);
      // A requirement may have requirements itself; those are added during the same iteration.
      for (const entry of of.entries) this.addRequiringStates(entry, level, asked, added);
      for (const entry of of.own.values()) this.addRequiringStates(entry, level, asked, added);
      of.states.push(...added);
      const isLast = level >= this.pendingLevel && of.states.every((state) => state.level <= level);
      if (added.length === 0 && isLast) break;
    }
    this.pendingLevel = outerLevel;
  }

  /** Adds states for entities that can be fetched by key, and for root types. */
  private addEntityStates(of: ObjectClass, level: number, added: State[]): void {
    const there = new Set<number>();
    for (const state of of.states)
      if (state.level <= level + 1 && !state.requiring && state.origin !== 'earlier')
        there.add(state.graph);
    const next = { class: of, level: level + 1, typename: of.type.name };
    for (const [graph, keys] of of.type.entityKeysIn) {
      if (there.has(graph)) continue;
      const possible = keys.filter((entityKey) =>
        this.areSatisfied(this.needs.ofKey(of, entityKey), level),
      );
      if (possible.length === 0) continue;
      there.add(graph);
      added.push(this.state({ ...next, graph, origin: 'entities', entityKeys: possible }));
    }
    if (of.type.name !== this.context.index.rootName('query')) return;
    const [parent] = of.states.filter((state) => state.level <= level);
    for (const graph of of.type.inGraphs.keys()) {
      if (parent && !there.has(graph))
        added.push(this.state({ ...next, graph, origin: 'operation', parent }));
    }
  }

  /** Adds states for a field that needs `@requires` or `@fromContext` values. */
  private addRequiringStates(
    entry: Entry,
    level: number,
    asked: Set<string>,
    added: State[],
  ): void {
    const { class: of, name } = entry;
    this.context.budget.spendOnChecks(1);
    if (!of.type.isConditional(name)) return;
    for (const offer of of.type.offers(name)) {
      const { graph, isExternal } = offer;
      if (isExternal || !this.coverage.isConditional(entry, offer)) continue;
      const key = `${graph} ${entry.key}`;
      if (asked.has(key) || !this.coverage.isActive(offer)) continue;
      const requirements = this.needs.ofField(entry, graph);
      if (!requirements || !this.areSatisfied(requirements, level)) continue;
      const entityKeys = (of.type.entityKeysIn.get(graph) ?? []).filter((entityKey) =>
        this.areSatisfied(this.needs.ofKey(of, entityKey), level),
      );
      if (entityKeys.length === 0) continue;
      asked.add(key);
      const typename = of.type.name;
      const next = { class: of, graph, level: level + 1, typename, requiring: entry };
      added.push(this.state({ ...next, origin: 'entities', entityKeys }));
    }
  }

  private areSatisfied(needs: readonly Need[], level: number): boolean {
    return needs.every((need) => this.isSatisfied(need, level));
  }

  private isSatisfied({ class: of, entry }: Need, level: number): boolean {
    const { budget } = this.context;
    budget.spend(1);
    budget.spendOnChecks(of.states.length);
    const here = of.states.filter((state) => state.level <= level);
    if (!entry) return here.some((state) => this.coverage.knowsType(state));
    const states = here.filter((state) => this.coverage.offer(state, entry));
    if (states.length === 0) return false;
    const child = this.context.tree.childOf(entry);
    if (!child || (entry.reachedAt !== undefined && entry.reachedAt <= level)) return true;
    const leaves: Leaf[] = [];
    if (!this.solveBelow(child, entry, states, leaves)) return false;
    const last = Math.max(0, ...leaves.map((leaf) => leaf.level));
    if (last > level) {
      this.pendingLevel = Math.max(this.pendingLevel, last);
      return false;
    }
    this.found.set(child, leaves);
    entry.reachedAt = last;
    return true;
  }
}

/** No subgraph path leads to a selected field; composition rules this out. */
export class UnreachableField extends Error {
  constructor() {
    super('The supergraph has no path to a field of the operation.');
  }
}

/** The same objects in the enclosing parts, outermost first. */
function basesOf({ base }: ObjectClass): readonly ObjectClass[] {
  return base ? [...basesOf(base), base] : [];
}

function addLeaf(leaves: Leaf[], leaf: Omit<Leaf, 'level'>): boolean {
  if (leaf.states.length === 0) return false;
  leaves.push({ ...leaf, level: Math.min(...leaf.states.map(({ level }) => level)) });
  return true;
}
