import { type FieldNode, type FragmentDefinitionNode, Kind, type SelectionNode } from 'graphql';
import { isIncluded } from './conditions.ts';
import type { IndexedType } from './indexed-type.ts';
import { argumentsText, directivesText, variablesIn } from './literals.ts';
import type { PlanBudget } from './plan-budget.ts';
import type { PlannedKeys } from './planned-keys.ts';
import type { AroundField, Entry, ObjectClass, Position, Writing } from './search-state.ts';
import type { SupergraphIndex } from './supergraph-index.ts';
import { namedTypeOf } from './type-nodes.ts';

const bare: Writing = { directives: '', variables: [], around: [] };
const notAround: readonly AroundField[] = [];
const noVariables: readonly string[] = [];

interface Draft {
  readonly node: FieldNode;
  readonly sets: (readonly SelectionNode[])[];
  /** By what they say: one is enough of those that say the same. */
  readonly writings: Map<string, Writing>;
}

/** What is needed to build a tree. */
export interface TreeContext {
  readonly index: SupergraphIndex;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly conditions: ReadonlyMap<string, boolean>;
  readonly keys: PlannedKeys;
  readonly budget: PlanBudget;
}

/** Merges what is selected into a tree of positions (GraphQL spec §6.3.2), a level at a time. */
export class SelectionTree {
  private readonly context: TreeContext;
  private positions = 0;

  constructor(context: TreeContext) {
    this.context = context;
  }

  /** The position of an operation's root, with only those selections. */
  root(type: IndexedType, sets: readonly (readonly SelectionNode[])[]): Position {
    return this.position(type, sets, undefined, false);
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

  /** Entries for what a plan needs of the objects of a class, under keys that no client can have. */
  ownEntries(of: ObjectClass, selections: readonly SelectionNode[]): readonly Entry[] {
    const entries: Entry[] = [];
    for (const [key, draft] of this.collect(of.type, [selections], true)) {
      let entry = of.own.get(key);
      if (!entry) of.own.set(key, (entry = this.entry(of, key, draft, true)));
      entries.push(entry);
    }
    return entries;
  }

  private position(
    type: IndexedType,
    sets: readonly (readonly SelectionNode[])[],
    entry: Entry | undefined,
    isOwn: boolean,
  ): Position {
    const { budget } = this.context;
    budget.spend(1);
    const classes: ObjectClass[] = [];
    const groups = this.groups(type, sets, isOwn);
    const position: Position = {
      id: (this.positions += 1),
      type,
      entry,
      classes,
      needsType: !type.isObject && (isOwn || this.needsType(type, groups)),
      depth: entry ? entry.class.position.depth + 1 : 0,
    };
    for (const { types, drafts } of groups) {
      for (const alike of this.alike(types, drafts)) {
        const entries: Entry[] = [];
        const [name = type.name] = alike;
        const own = this.context.index.type(name) ?? type;
        const object: ObjectClass = {
          position,
          types: alike,
          type: own,
          entries,
          own: new Map(),
          states: [],
        };
        for (const [key, draft] of drafts) entries.push(this.entry(object, key, draft, isOwn));
        classes.push(object);
      }
    }
    return position;
  }

  private entry(of: ObjectClass, key: string, draft: Draft, isOwn: boolean): Entry {
    const args = argumentsText(draft.node);
    this.context.budget.spend(1);
    this.context.budget.spendOnText(args);
    return {
      class: of,
      key,
      name: draft.node.name.value,
      args,
      variables: args === '' ? noVariables : variablesIn([draft.node]),
      isOwn,
      writings: [...draft.writings.values()],
      sets: draft.sets,
      child: undefined,
      contexts: undefined,
      reachedAt: undefined,
    };
  }

  /** The possible types by what is selected of them. */
  private groups(
    type: IndexedType,
    sets: readonly (readonly SelectionNode[])[],
    isOwn: boolean,
  ): readonly { readonly types: readonly string[]; readonly drafts: Map<string, Draft> }[] {
    const { index, budget } = this.context;
    const types = type.possibleTypes;
    const of = (name: string): Map<string, Draft> =>
      this.collect(index.type(name) ?? type, sets, isOwn);
    const [only] = types;
    if (types.length === 1 && only !== undefined) return [{ types, drafts: of(only) }];
    const conditions = new Set<string>();
    for (const selections of sets) this.conditionsIn(selections, conditions, new Set());
    const groups = new Map<string, string[]>();
    for (const name of types) {
      budget.spendOnLooks(1 + conditions.size);
      let at = '';
      for (const condition of conditions) at += index.applies(condition, name) ? '1' : '0';
      const known = groups.get(at);
      if (known) known.push(name);
      else groups.set(at, [name]);
    }
    // Fields of one response key may need keys of their own, by type: where they are of different types.
    return [...groups.values()].flatMap((names) => {
      const first = of(names[0] ?? '');
      const bySignatures = new Map<string, { types: string[]; drafts: Map<string, Draft> }>();
      for (const name of names) {
        budget.spendOnLooks(1 + first.size);
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

  /** Types for which each selected field is resolved in the same ways. */
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
      this.context.budget.spendOnLooks(1 + drafts.size);
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
    sets: readonly (readonly SelectionNode[])[],
    isOwn: boolean,
  ): Map<string, Draft> {
    const drafts = new Map<string, Draft>();
    const visited = new Set<string>();
    for (const selections of sets)
      this.collectInto(drafts, visited, type, selections, notAround, isOwn);
    return drafts;
  }

  private collectInto(
    drafts: Map<string, Draft>,
    visited: Set<string>,
    type: IndexedType,
    selections: readonly SelectionNode[],
    around: readonly AroundField[],
    isOwn: boolean,
  ): void {
    const { index, fragments, conditions, budget } = this.context;
    for (const selection of selections) {
      budget.spend(1);
      if (!isIncluded(selection, conditions)) continue;
      if (selection.kind === Kind.FIELD) {
        this.addField(drafts, type, selection, around, isOwn);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition?.name.value;
        if (condition !== undefined && !index.applies(condition, type.name)) continue;
        const directives = directivesText(selection.directives);
        const inner =
          directives === ''
            ? around
            : [
                ...around,
                {
                  isNamed: false,
                  directives,
                  onDefinition: '',
                  variables: variablesIn(selection.directives),
                },
              ];
        this.collectInto(drafts, visited, type, selection.selectionSet.selections, inner, isOwn);
      } else {
        const fragment = fragments.get(selection.name.value);
        if (!fragment) continue;
        const directives = directivesText(selection.directives);
        const onDefinition = directivesText(fragment.directives);
        const isPlain = directives === '' && onDefinition === '';
        if (isPlain && around.length === 0 && visited.has(selection.name.value)) continue;
        if (isPlain && around.length === 0) visited.add(selection.name.value);
        if (!index.applies(fragment.typeCondition.name.value, type.name)) continue;
        const variables = isPlain
          ? []
          : variablesIn([...(selection.directives ?? []), ...(fragment.directives ?? [])]);
        const inner = isPlain
          ? around
          : [...around, { isNamed: true, directives, onDefinition, variables }];
        this.collectInto(drafts, visited, type, fragment.selectionSet.selections, inner, isOwn);
      }
    }
  }

  private addField(
    drafts: Map<string, Draft>,
    type: IndexedType,
    node: FieldNode,
    around: readonly AroundField[],
    isOwn: boolean,
  ): void {
    const { name } = node;
    if (name.value === '__schema' || name.value === '__type') return;
    if (isOwn && name.value === '__typename') return;
    const { keys } = this.context;
    const key = isOwn ? keys.ownKey(type, node) : keys.clientKey(type, node);
    const directives = directivesText(node.directives);
    let draft = drafts.get(key);
    if (!draft) drafts.set(key, (draft = { node, sets: [], writings: new Map<string, Writing>() }));
    if (node.selectionSet) draft.sets.push(node.selectionSet.selections);
    if (directives === '' && around.length === 0) {
      draft.writings.set('', bare);
      return;
    }
    const variables = [
      ...variablesIn(node.directives),
      ...around.flatMap((each) => each.variables),
    ];
    const writing = { directives, around, variables };
    const text = JSON.stringify(writing);
    this.context.budget.spendOnText(text);
    draft.writings.set(text, writing);
  }
}
