import {
  type FieldNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  type InlineFragmentNode,
  Kind,
  type SelectionNode,
} from 'graphql';
import { placeBelow } from '../../common/deferred-fragments.ts';
import { isIncluded } from '../../common/selection-conditions.ts';
import { namedTypeOf } from '../supergraph/type-nodes.ts';
import { type DeferredParts, isInside } from './deferred-parts.ts';
import type { IndexedType } from './indexed-type.ts';
import { argumentsText, directivesText, variablesIn } from './literals.ts';
import type { PlanBudget } from './plan-budget.ts';
import type { PlannedKeys } from './planned-keys.ts';
import type {
  EnclosingFragment,
  DeferredPart,
  Entry,
  ObjectClass,
  Position,
  SelectedSet,
  Occurrence,
} from './search-state.ts';
import type { SupergraphIndex } from './supergraph-index.ts';

const plainOccurrence: Occurrence = { directives: '', variables: [], enclosing: [] };
const noFragments: readonly EnclosingFragment[] = [];
const noVariables: readonly string[] = [];

interface Draft {
  readonly key: string;
  readonly part: DeferredPart | undefined;
  readonly node: FieldNode;
  readonly sets: SelectedSet[];
  /** Keyed by their text, because equal ones are needed only once. */
  readonly occurrences: Map<string, Occurrence>;
}

/** The fields of one type, while they are collected. */
interface FieldCollection {
  readonly type: IndexedType;
  /** The field that returns the objects. */
  readonly entry: Entry | undefined;
  readonly isOwn: boolean;
  readonly drafts: Map<string, Draft>;
  readonly visited: Set<string>;
}

/** What is needed to build a tree. */
export interface TreeContext {
  readonly index: SupergraphIndex;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly conditions: ReadonlyMap<string, boolean>;
  readonly keys: PlannedKeys;
  readonly budget: PlanBudget;
  /** The deferred parts; `undefined` when there are none. */
  readonly parts: DeferredParts | undefined;
}

/** Merges selections into a tree of positions (GraphQL spec §6.3.2), one level at a time. */
export class SelectionTree {
  private readonly context: TreeContext;
  private positions = 0;

  constructor(context: TreeContext) {
    this.context = context;
  }

  /** The position of an operation's root, with only these selections. */
  root(type: IndexedType, selections: readonly SelectionNode[]): Position {
    return this.position(type, [{ selections, part: undefined }], undefined, false);
  }

  /** The objects below a field; `undefined` for a leaf. */
  childOf(entry: Entry): Position | undefined {
    if (entry.child || entry.sets.length === 0) return entry.child;
    const fieldType = entry.class.type.fieldType(entry.name);
    const type = fieldType && this.context.index.type(namedTypeOf(fieldType));
    if (!type?.isComposite) return undefined;
    entry.child = this.position(type, entry.sets, entry, entry.isOwn);
    return entry.child;
  }

  /** Entries for the fields that a plan needs on a class, under keys that no client can use. */
  ownEntries(of: ObjectClass, selections: readonly SelectionNode[]): readonly Entry[] {
    const entries: Entry[] = [];
    const { part } = of.position;
    for (const [key, draft] of this.collect(of.type, [{ selections, part }], undefined, true)) {
      let entry = of.own.get(key);
      if (!entry) of.own.set(key, (entry = this.entry(of, draft, true)));
      entries.push(entry);
    }
    return entries;
  }

  /** The class for the same objects in a deferred part, which may select nothing on them. */
  deferredClass(of: ObjectClass, part: DeferredPart): ObjectClass | undefined {
    if (!of.deferred.some((each) => each.position.part === part))
      this.addDeferred(of.position, part, () => []);
    return of.deferred.find((each) => each.position.part === part);
  }

  private position(
    type: IndexedType,
    sets: readonly SelectedSet[],
    entry: Entry | undefined,
    isOwn: boolean,
  ): Position {
    const { budget } = this.context;
    budget.spend(1);
    const classes: ObjectClass[] = [];
    const groups = this.groups(type, sets, entry, isOwn);
    const draftsOf = new Map<ObjectClass, readonly Draft[]>();
    const position: Position = {
      id: (this.positions += 1),
      type,
      entry,
      part: entry?.class.position.part,
      classes,
      needsType: !type.isObject && (isOwn || this.needsType(type, groups)),
      depth: entry ? entry.class.position.depth + 1 : 0,
    };
    for (const { types, drafts } of groups) {
      for (const groupByResolution of this.alike(types, drafts)) {
        const entries: Entry[] = [];
        const [name = type.name] = groupByResolution;
        const own = this.context.index.type(name) ?? type;
        const object: ObjectClass = {
          position,
          types: groupByResolution,
          type: own,
          entries,
          own: new Map(),
          base: undefined,
          deferred: [],
          states: [],
        };
        for (const draft of drafts.values())
          if (draft.part === position.part) entries.push(this.entry(object, draft, isOwn));
        draftsOf.set(object, [...drafts.values()]);
        classes.push(object);
      }
    }
    if (this.context.parts) this.defer(position, draftsOf);
    return position;
  }

  /** Gives each deferred part with selections here a position of its own. */
  private defer(position: Position, draftsOf: ReadonlyMap<ObjectClass, readonly Draft[]>): void {
    const parts = new Set<DeferredPart>();
    for (const drafts of draftsOf.values())
      for (const { part, node } of drafts)
        // The type is fetched with the primary part, unless it is known anyway.
        if (part && part !== position.part && node.name.value !== '__typename') parts.add(part);
    for (const part of [...parts].sort((left, right) => left.id - right.id)) {
      this.addDeferred(position, part, (of) =>
        (draftsOf.get(of) ?? []).filter(
          (draft) => draft.part === part && draft.node.name.value !== '__typename',
        ),
      );
    }
  }

  private addDeferred(
    enclosing: Position,
    part: DeferredPart,
    draftsOf: (of: ObjectClass) => readonly Draft[],
  ): void {
    this.context.budget.spend(1);
    const classes: ObjectClass[] = [];
    const id = (this.positions += 1);
    const position: Position = { ...enclosing, id, part, classes, needsType: false };
    for (const of of enclosing.classes) {
      const entries: Entry[] = [];
      const base = of.deferred.findLast((each) => isInside(part, each.position.part)) ?? of;
      const object: ObjectClass = {
        ...of,
        position,
        entries,
        own: new Map(),
        base,
        deferred: [],
        states: [],
      };
      for (const draft of draftsOf(of)) entries.push(this.entry(object, draft, false));
      of.deferred.push(object);
      classes.push(object);
    }
  }

  private entry(of: ObjectClass, draft: Draft, isOwn: boolean): Entry {
    const args = argumentsText(draft.node);
    this.context.budget.spend(1);
    this.context.budget.spendOnText(args);
    return {
      class: of,
      key: draft.key,
      name: draft.node.name.value,
      args,
      variables: args === '' ? noVariables : variablesIn([draft.node]),
      isOwn,
      occurrences: [...draft.occurrences.values()],
      sets: draft.sets,
      child: undefined,
      contexts: undefined,
      reachedAt: undefined,
    };
  }

  /** The possible types, grouped by what is selected on them. */
  private groups(
    type: IndexedType,
    sets: readonly SelectedSet[],
    entry: Entry | undefined,
    isOwn: boolean,
  ): readonly { readonly types: readonly string[]; readonly drafts: Map<string, Draft> }[] {
    const { index, budget } = this.context;
    const types = type.possibleTypes;
    const of = (name: string): Map<string, Draft> =>
      this.collect(index.type(name) ?? type, sets, entry, isOwn);
    const [only] = types;
    if (types.length === 1 && only !== undefined) return [{ types, drafts: of(only) }];
    const conditions = new Set<string>();
    for (const { selections } of sets) this.conditionsIn(selections, conditions, new Set());
    const groups = new Map<string, string[]>();
    for (const name of types) {
      budget.spendOnChecks(1 + conditions.size);
      let at = '';
      for (const condition of conditions) at += index.applies(condition, name) ? '1' : '0';
      const known = groups.get(at);
      if (known) known.push(name);
      else groups.set(at, [name]);
    }
    // Fields with one response key but different types need separate keys.
    return [...groups.values()].flatMap((names) => {
      const first = of(names[0] ?? '');
      const bySignatures = new Map<string, { types: string[]; drafts: Map<string, Draft> }>();
      for (const name of names) {
        budget.spendOnChecks(1 + first.size);
        let signatures = '';
        for (const { node } of first.values())
          signatures += ` ${index.type(name)?.signature(node.name.value)}`;
        const known = bySignatures.get(signatures);
        if (known) known.types.push(name);
        else
          bySignatures.set(signatures, {
            types: [name],
            drafts: bySignatures.size === 0 ? first : of(name),
          });
      }
      return [...bySignatures.values()];
    });
  }

  private needsType(
    type: IndexedType,
    groups: readonly { readonly drafts: ReadonlyMap<string, Draft> }[],
  ): boolean {
    if (type.isUnion || groups.length > 1) return true;
    for (const { node } of groups[0]?.drafts.values() ?? []) {
      if (node.name.value === '__typename' || !type.fieldType(node.name.value)) return true;
    }
    return false;
  }

  /** Groups types for which each selected field is resolved in the same ways. */
  private *alike(
    types: readonly string[],
    drafts: ReadonlyMap<string, Draft>,
  ): Iterable<readonly string[]> {
    if (types.length === 1) {
      yield types;
      return;
    }
    const groups = new Map<string, string[]>();
    for (const name of types) {
      this.context.budget.spendOnChecks(1 + drafts.size);
      const type = this.context.index.type(name);
      let kind = String(type?.kind);
      for (const { node } of drafts.values()) kind += ` ${type?.kindOf(node.name.value)}`;
      const known = groups.get(kind);
      if (known) known.push(name);
      else groups.set(kind, [name]);
    }
    yield* groups.values();
  }

  private conditionsIn(
    selections: readonly SelectionNode[],
    conditions: Set<string>,
    visited: Set<string>,
  ): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) continue;
      this.context.budget.spend(1);
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        if (selection.typeCondition) conditions.add(selection.typeCondition.name.value);
        this.conditionsIn(selection.selectionSet.selections, conditions, visited);
        continue;
      }
      const fragment = this.context.fragments.get(selection.name.value);
      if (!fragment || visited.has(selection.name.value)) continue;
      visited.add(selection.name.value);
      conditions.add(fragment.typeCondition.name.value);
      this.conditionsIn(fragment.selectionSet.selections, conditions, visited);
    }
  }

  private collect(
    type: IndexedType,
    sets: readonly SelectedSet[],
    entry: Entry | undefined,
    isOwn: boolean,
  ): Map<string, Draft> {
    const drafts = new Map<string, Draft>();
    const collecting = { type, entry, isOwn, drafts, visited: new Set<string>() };
    for (const { selections, part } of sets)
      this.collectInto(collecting, selections, noFragments, part);
    return this.context.parts ? withoutRepeated(drafts) : drafts;
  }

  private collectInto(
    collecting: FieldCollection,
    selections: readonly SelectionNode[],
    enclosing: readonly EnclosingFragment[],
    outer: DeferredPart | undefined,
  ): void {
    const { index, fragments, conditions, budget } = this.context;
    const { type, visited } = collecting;
    for (const selection of selections) {
      budget.spend(1);
      if (!isIncluded(selection, conditions)) continue;
      if (selection.kind === Kind.FIELD) {
        this.addField(collecting, selection, enclosing, outer);
        continue;
      }
      const part = this.partOf(selection, outer, collecting.entry);
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition?.name.value;
        if (condition !== undefined && !index.applies(condition, type.name)) continue;
        const directives = directivesText(selection.directives);
        const inner =
          directives === ''
            ? enclosing
            : [
                ...enclosing,
                {
                  isNamed: false,
                  directives,
                  onDefinition: '',
                  variables: variablesIn(selection.directives),
                },
              ];
        this.collectInto(collecting, selection.selectionSet.selections, inner, part);
      } else {
        const fragment = fragments.get(selection.name.value);
        if (!fragment) continue;
        const directives = directivesText(selection.directives);
        const onDefinition = directivesText(fragment.directives);
        const isPlain = directives === '' && onDefinition === '';
        const visit = part ? `${selection.name.value} ${part.id}` : selection.name.value;
        if (isPlain && enclosing.length === 0 && visited.has(visit)) continue;
        if (isPlain && enclosing.length === 0) visited.add(visit);
        if (!index.applies(fragment.typeCondition.name.value, type.name)) continue;
        const variables = isPlain
          ? []
          : variablesIn([...(selection.directives ?? []), ...(fragment.directives ?? [])]);
        const inner = isPlain
          ? enclosing
          : [...enclosing, { isNamed: true, directives, onDefinition, variables }];
        this.collectInto(collecting, fragment.selectionSet.selections, inner, part);
      }
    }
  }

  /** The part that a fragment belongs to: its own, if it is deferred. */
  private partOf(
    selection: FragmentSpreadNode | InlineFragmentNode,
    enclosing: DeferredPart | undefined,
    entry: Entry | undefined,
  ): DeferredPart | undefined {
    const part = this.context.parts?.partAt(selection, enclosing, () => this.placeOf(entry));
    part?.entries.add(entry);
    return part ?? enclosing;
  }

  private placeOf(entry: Entry | undefined): string {
    if (!entry) return '';
    this.context.budget.spend(1);
    const { key, class: of } = entry;
    const place = this.placeOf(of.position.entry);
    return placeBelow(place, this.context.keys.clientKeys.get(key) ?? key);
  }

  private addField(
    { type, entry, isOwn, drafts }: FieldCollection,
    node: FieldNode,
    enclosing: readonly EnclosingFragment[],
    part: DeferredPart | undefined,
  ): void {
    const { name } = node;
    if (name.value === '__schema' || name.value === '__type') return;
    if (isOwn && name.value === '__typename') return;
    const { keys } = this.context;
    const key = isOwn ? keys.ownKey(type, node) : keys.clientKey(type, node);
    const directives = directivesText(node.directives);
    const set = node.selectionSet && { selections: node.selectionSet.selections, part };
    const isHere = part === undefined || isOwn || part === entry?.class.position.part;
    const at = isHere ? key : `${key} ${part.id}`;
    let draft = drafts.get(at);
    if (!draft)
      drafts.set(
        at,
        (draft = { key, part, node, sets: [], occurrences: new Map<string, Occurrence>() }),
      );
    if (set) draft.sets.push(set);
    if (directives === '' && enclosing.length === 0) {
      draft.occurrences.set('', plainOccurrence);
      return;
    }
    const variables = [
      ...variablesIn(node.directives),
      ...enclosing.flatMap((each) => each.variables),
    ];
    const occurrence = { directives, enclosing, variables };
    const text = JSON.stringify(occurrence);
    this.context.budget.spendOnText(text);
    draft.occurrences.set(text, occurrence);
  }
}

/** Removes what an enclosing part already selects from the parts nested in it; their selections below it are kept. */
function withoutRepeated(drafts: Map<string, Draft>): Map<string, Draft> {
  const kept = new Map<string, Draft>();
  const byKey = new Map<string, Draft[]>();
  for (const draft of drafts.values()) {
    const known = byKey.get(draft.key);
    if (known) known.push(draft);
    else byKey.set(draft.key, [draft]);
  }
  for (const [at, draft] of drafts) {
    const { key, part, sets } = draft;
    const outer = byKey
      .get(key)
      ?.filter((other) => part && isInside(part, other.part))
      .sort((left, right) => (left.part?.id ?? 0) - (right.part?.id ?? 0))[0];
    if (outer) outer.sets.push(...sets);
    else kept.set(at, draft);
  }
  return kept;
}
