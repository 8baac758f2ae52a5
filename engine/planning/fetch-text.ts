import type { FieldInGraph } from './join-directives.ts';
import type { PlanBudget } from './plan-budget.ts';
import type { EnclosingFragment, Entry, ObjectClass, Position, State } from './search-state.ts';
import type { Search } from './search.ts';
import { type SelectionTree } from './selection-tree.ts';
import type { SupergraphIndex } from './supergraph-index.ts';

/** What is needed to write a fetch's selection. */
export interface TextContext {
  readonly index: SupergraphIndex;
  readonly tree: SelectionTree;
  readonly search: Search;
  readonly budget: PlanBudget;
}

/** The text for the objects of one class. */
interface ClassText {
  readonly class: ObjectClass;
  readonly entries: readonly Entry[];
  /** True when it includes the client's own `__typename`. */
  readonly namesType: boolean;
  /** True when it uses named fragments, whose type condition is the type of the objects. */
  readonly hasNamedFragments: boolean;
  /** The fields, one string each. */
  readonly write: (typename: string) => readonly string[];
}

/** Writes the selections of one request, and collects the variables and fragments they use. */
export class FetchText {
  readonly variables = new Set<string>();
  /** Fragment definitions, for directives on fragments. */
  readonly fragments = new Map<string, string>();
  private readonly context: TextContext;

  constructor(context: TextContext) {
    this.context = context;
  }

  /** The selection set for root fields. */
  root(states: readonly State[], position: Position): string {
    const [state] = states;
    return state ? this.chosenAt(position, byPosition(states), state.typename, state.graph) : '{}';
  }

  /** The selection set for entities. */
  entities(states: readonly State[], position: Position, as: string | undefined): string {
    const here = byPosition(states);
    const graph = states[0]?.graph ?? 0;
    if (as !== undefined) return `{ ... on ${as} ${this.chosenAt(position, here, as, graph)} }`;
    const parts: string[] = [];
    for (const text of this.chosenTexts(position, here, graph)) {
      const asksType =
        !position.type.isObject &&
        (here.get(position) ?? []).some(
          (state) => state.class === text.class && state.chosen?.asksType === true,
        );
      for (const name of text.class.types) {
        const fields = text.write(name);
        const head = (asksType && !text.namesType) || fields.length === 0 ? ['__typename'] : [];
        parts.push(this.part(name, [...head, ...fields]));
      }
    }
    return `{ ${parts.join(' ')} }`;
  }

  /** What was chosen at a position, from the states of one fetch. */
  private chosenAt(
    position: Position,
    states: StatesByPosition,
    typename: string,
    graph: number,
  ): string {
    // The objects of an object type all have its name: representations need no answer for that.
    const asksType =
      !position.type.isObject &&
      (states.get(position) ?? []).some(({ chosen }) => chosen?.asksType === true);
    return this.classes(this.chosenTexts(position, states, graph), typename, graph, asksType);
  }

  private chosenTexts(
    position: Position,
    states: StatesByPosition,
    graph: number,
  ): readonly ClassText[] {
    const texts: ClassText[] = [];
    for (const of of position.classes) {
      const here = (states.get(position) ?? []).filter((state) => state.class === of);
      if (here.length > 0) texts.push(this.chosenText(of, here, states, graph));
    }
    return texts;
  }

  private chosenText(
    of: ObjectClass,
    here: readonly State[],
    states: StatesByPosition,
    graph: number,
  ): ClassText {
    const takenFrom = new Map<Entry, State>();
    for (const state of here) {
      for (const [entry, extent] of state.chosen?.taken ?? [])
        if (extent === 'whole' || !takenFrom.has(entry)) takenFrom.set(entry, state);
    }
    const isWhole = of.entries.every(
      (entry) =>
        entry.name === '__typename' || takenFrom.get(entry)?.chosen?.taken.get(entry) === 'whole',
    );
    const own = [...of.entries, ...of.own.values()].filter((entry) =>
      entry.name === '__typename' ? isWhole : takenFrom.has(entry),
    );
    const along = of.deferred.length > 0 || of.base ? keysForDeferredParts(of, here) : [];
    const entries = along.length > 0 ? [...own, ...along] : own;
    const write = (typename: string): readonly string[] =>
      entries.map((entry) => {
        const state = takenFrom.get(entry);
        const offer = state && this.context.search.coverage.offer(state, entry);
        const child = this.context.tree.childOf(entry);
        if (!child || !offer) return this.field(entry, '', typename);
        const below =
          state.chosen?.taken.get(entry) === 'whole'
            ? this.wholeAt(child, offer)
            : this.chosenAt(child, states, offer.typename, graph);
        return this.field(entry, ` ${below}`, typename);
      });
    // Two parts may need the same key.
    return classText(
      of,
      entries,
      along.length > 0 ? (typename) => [...new Set(write(typename))] : write,
    );
  }

  /** Everything that is selected at a position. */
  private wholeAt(position: Position, offer: FieldInGraph): string {
    const { graph } = offer;
    const possible = this.context.index.type(offer.typename)?.possibleIn(graph);
    const texts = position.classes.flatMap((of): readonly ClassText[] =>
      of.types.some((name) => possible?.has(name)) ? [this.wholeText(of, graph)] : [],
    );
    const isEmpty = texts.every(({ entries }) => entries.length === 0);
    return this.classes(texts, offer.typename, graph, position.needsType || isEmpty);
  }

  private wholeText(of: ObjectClass, graph: number): ClassText {
    const { entries, type } = of;
    return classText(of, entries, (typename) =>
      entries.map((entry) => {
        const offer = type.offer(entry.name, graph);
        const child = this.context.tree.childOf(entry);
        return this.field(entry, child && offer ? ` ${this.wholeAt(child, offer)}` : '', typename);
      }),
    );
  }

  /** The selection set for objects of several types, without fragments when the subgraph needs none. */
  private classes(
    texts: readonly ClassText[],
    typename: string,
    graph: number,
    asksType: boolean,
  ): string {
    const { index } = this.context;
    const type = index.type(typename);
    const isOne = type?.isObject === true || type?.inGraphs.get(graph)?.isInterfaceObject === true;
    if (isOne || (type && this.isUniform(texts, typename, graph))) {
      const fields = new Set(texts.flatMap((text) => text.write(typename)));
      const namesType = texts.length > 0 && texts.every((text) => text.namesType);
      const head = (asksType && !namesType) || fields.size === 0 ? ['__typename'] : [];
      return `{ ${[...head, ...fields].join(' ')} }`;
    }
    const possible = type?.possibleIn(graph);
    const parts: string[] = ['__typename'];
    for (const text of texts) {
      for (const name of text.class.types) {
        if (!possible?.has(name)) continue;
        const fields = text.write(name).filter((field) => field !== '__typename');
        if (fields.length > 0) parts.push(this.part(name, fields));
      }
    }
    return `{ ${parts.join(' ')} }`;
  }

  /** True when the same selection applies to every object that the subgraph may return, by the abstract type. */
  private isUniform(texts: readonly ClassText[], typename: string, graph: number): boolean {
    const { index } = this.context;
    const type = index.type(typename);
    const [first, ...others] = texts;
    if (!type || !first) return true;
    if (texts.some(({ hasNamedFragments }) => hasNamedFragments)) return false;
    const possible = type.possibleIn(graph);
    const covered = new Set(texts.flatMap((text) => text.class.types));
    for (const name of possible) if (!covered.has(name)) return false;
    if (!first.entries.every(({ name }) => name === '__typename' || type.offer(name, graph)))
      return false;
    if (others.length === 0) return true;
    const text = first.write(typename).join(' ');
    return others.every((other) => other.write(typename).join(' ') === text);
  }

  /** The fragment for the objects of one type. */
  private part(name: string, fields: readonly string[]): string {
    const text = `... on ${name} { ${fields.join(' ')} }`;
    this.context.budget.spendOnText(text);
    return text;
  }

  private field(entry: Entry, below: string, typename: string): string {
    const { budget } = this.context;
    budget.spend(1);
    budget.spendOnText(below);
    for (const name of entry.variables) this.variables.add(name);
    const { key, name, args, occurrences, contexts = [] } = entry;
    const more = contexts.map(({ argument, variable }) => `${argument}: $${variable}`).join(', ');
    const given = more === '' ? args : args === '' ? `(${more})` : `${args.slice(0, -1)}, ${more})`;
    const head = `${key === name ? name : `${key}: ${name}`}${given}`;
    if (
      occurrences.length === 1 &&
      occurrences[0]?.directives === '' &&
      occurrences[0].enclosing.length === 0
    )
      return head + below;
    return occurrences
      .map(({ directives, enclosing, variables }) => {
        for (const each of variables) this.variables.add(each);
        const field = head + directives + below;
        budget.spendOnText(field);
        return enclosing.reduceRight(
          (text, each) => this.wrapInFragment(text, each, typename),
          field,
        );
      })
      .join(' ');
  }

  private wrapInFragment(text: string, fragment: EnclosingFragment, typename: string): string {
    this.context.budget.spendOnText(text);
    if (!fragment.isNamed) return `...${fragment.directives} { ${text} }`;
    const definition = `on ${typename}${fragment.onDefinition} { ${text} }`;
    let name = this.fragments.get(definition);
    if (name === undefined)
      this.fragments.set(definition, (name = `_fragment_${this.fragments.size}`));
    return `...${name}${fragment.directives}`;
  }
}

/** Caches each text: writing it twice per level would be exponential in the depth. */
function classText(
  of: ObjectClass,
  entries: readonly Entry[],
  write: (typename: string) => readonly string[],
): ClassText {
  const hasNamedFragments = entries.some(({ occurrences }) =>
    occurrences.some(({ enclosing }) => enclosing.some((each) => each.isNamed)),
  );
  const texts = new Map<string, readonly string[]>();
  return {
    class: of,
    entries,
    namesType: entries.some(({ key }) => key === '__typename'),
    hasNamedFragments,
    write: (typename) => {
      const at = hasNamedFragments ? typename : '';
      let text = texts.get(at);
      if (text === undefined) texts.set(at, (text = write(typename)));
      return text;
    },
  };
}

/** The fields that deferred parts need from these states. */
function keysForDeferredParts(of: ObjectClass, here: readonly State[]): readonly Entry[] {
  const along = new Set<Entry>();
  for (const { chosen } of here)
    for (const entry of chosen?.taken.keys() ?? []) if (entry.class !== of) along.add(entry);
  return [...along];
}

type StatesByPosition = ReadonlyMap<Position, readonly State[]>;

function byPosition(states: readonly State[]): StatesByPosition {
  const found = new Map<Position, State[]>();
  for (const state of states) {
    const known = found.get(state.class.position);
    if (known) known.push(state);
    else found.set(state.class.position, [state]);
  }
  return found;
}
