import type { Coverage } from './coverage.ts';
import type { EntityKey } from './indexed-type.ts';
import type { ContextUse } from './join-directives.ts';
import type { ContextArgumentUse, Entry, Need, ObjectClass, State } from './search-state.ts';
import type { SelectionTree } from './selection-tree.ts';
import type { SupergraphIndex } from './supergraph-index.ts';

/** What is needed to know what subgraphs need. */
export interface NeedsContext {
  readonly index: SupergraphIndex;
  readonly tree: SelectionTree;
  readonly coverage: Coverage;
  /** A unique name for a variable of the plan. */
  readonly variable: (base: string) => string;
  /** Finds the states of a deferred part's class, if that has not happened yet. */
  readonly findStates: (of: ObjectClass) => void;
}

/** What must be known about objects before a subgraph can resolve them or one of their fields. */
export class Needs {
  private readonly context: NeedsContext;
  private readonly ofKeys = new Map<EntityKey, Map<ObjectClass, readonly Need[]>>();
  private readonly requirements = new Map<Entry, Map<number, readonly Need[] | undefined>>();
  private contextArguments = 0;

  constructor(context: NeedsContext) {
    this.context = context;
  }

  /** What must be known before entities can be fetched by a key. */
  of({ class: of, requiring, graph }: State, entityKey: EntityKey): readonly Need[] {
    const needs = this.ofKey(of, entityKey);
    const required = requiring && this.ofField(requiring, graph);
    return required && required.length > 0 ? [...needs, ...required] : needs;
  }

  /** The fields of a key, and the type of the objects unless they are represented as an interface. */
  ofKey(of: ObjectClass, entityKey: EntityKey): readonly Need[] {
    let known = this.ofKeys.get(entityKey);
    if (!known) this.ofKeys.set(entityKey, (known = new Map<ObjectClass, readonly Need[]>()));
    let needs = known.get(of);
    if (!needs) {
      const key = this.context.tree.ownEntries(of, entityKey.key);
      needs = key.map((entry): Need => ({ class: of, entry }));
      if (!of.position.type.isObject && !entityKey.isOfInterface)
        needs = [...needs, { class: of, entry: undefined }];
      known.set(of, needs);
    }
    return needs;
  }

  /** What a field requires and takes from its contexts; `undefined` when no enclosing object sets such a context. */
  ofField(entry: Entry, graph: number): readonly Need[] | undefined {
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
    if (this.context.coverage.needsTypeFirst(entry, graph))
      needs.push({ class: of, entry: undefined });
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
    let enclosing = of.position.entry?.class;
    for (let levelsUp = 1; enclosing; levelsUp += 1) {
      const { type } = enclosing;
      if (names.some((name) => index.applies(name, type.name))) {
        const source = this.inPartOf(of, enclosing);
        const [entry] = tree.ownEntries(source, selection);
        if (entry) return [source, entry, levelsUp];
      }
      enclosing = enclosing.position.entry?.class;
    }
    return undefined;
  }

  /** The class of enclosing objects in the same deferred part. */
  private inPartOf({ position: { part } }: ObjectClass, enclosing: ObjectClass): ObjectClass {
    if (!part || enclosing.position.part === part) return enclosing;
    const source = this.context.tree.deferredClass(enclosing, part) ?? enclosing;
    this.context.findStates(source);
    return source;
  }

  private pathTo(entry: Entry): readonly string[] {
    const below = this.context.tree.childOf(entry)?.classes[0]?.entries[0];
    return below ? [entry.key, ...this.pathTo(below)] : [entry.key];
  }
}
