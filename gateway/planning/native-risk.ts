import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  print,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/**
 * Says why the native planner must not see a normalized operation; `undefined` when it may. A failure of its own is no
 * exception but the end of the process, from any thread:
 * - It merges the selections for one entity whatever types they were selected under, and ends ("Unexpected conflict")
 *   or silently drops one when a response key stands for two fields, or for one with two sets of arguments, which is
 *   valid under types that exclude each other (GraphQL spec §5.3.2).
 * - It walks selections by recursion, and only its parser counts levels, which fragments do not add to.
 */
export function nativeRisk({ definitions }: DocumentNode): string | undefined {
  const fragments = new Map<string, FragmentDefinitionNode>();
  const roots: SelectionSetNode[] = [];
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition);
    if (definition.kind === Kind.OPERATION_DEFINITION) roots.push(definition.selectionSet);
  }
  const keys = new KeyUses();
  const levels = new Levels(fragments, keys);
  if (!roots.every((set) => levels.areFewIn(set)))
    return `its fragments nest more than ${levelsMax} levels of selections`;
  // Most operations use each key for one field wherever it stands, which takes a look at each selection, and no more.
  if (!keys.areAmbiguous) return undefined;
  return new PlaceSearch(fragments).risk(roots);
}

/** The native planner's parser takes 50 levels of one text; spreads are levels too. */
const levelsMax = 100;
/** The most selections that are looked at where the place matters: an operation can have more than there are atoms. */
const selectionsMax = 20_000;

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/** What each response key stands for, in all of an operation. */
class KeyUses {
  areAmbiguous = false;
  private readonly uses = new Map<string, string>();

  add(field: FieldNode): void {
    const use = useOf(field);
    const key = keyOf(field);
    const known = this.uses.get(key);
    if (known === undefined) this.uses.set(key, use);
    else if (known !== use) this.areAmbiguous = true;
  }
}

/** Counts levels, looking at each fragment once. */
class Levels {
  private readonly fragments: Fragments;
  private readonly keys: KeyUses;
  private readonly known = new Map<string, number>();

  constructor(fragments: Fragments, keys: KeyUses) {
    this.fragments = fragments;
    this.keys = keys;
  }

  areFewIn(set: SelectionSetNode): boolean {
    return this.of(set, 0) <= levelsMax;
  }

  /** The levels below; endless where fragments form a circle. */
  private of({ selections }: SelectionSetNode, above: number): number {
    if (above > levelsMax) return Infinity;
    let most = 0;
    for (const selection of selections) most = Math.max(most, this.below(selection, above + 1));
    return most + 1;
  }

  private below(selection: SelectionNode, above: number): number {
    switch (selection.kind) {
      case Kind.FIELD:
        this.keys.add(selection);
        return selection.selectionSet ? this.of(selection.selectionSet, above) : 0;
      case Kind.INLINE_FRAGMENT:
        return this.of(selection.selectionSet, above);
      case Kind.FRAGMENT_SPREAD:
        return this.ofFragment(selection.name.value, above);
    }
  }

  private ofFragment(name: string, above: number): number {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const fragment = this.fragments.get(name);
    if (!fragment) return 0;
    // Endless until it is known, for a circle that comes back to it.
    this.known.set(name, Infinity);
    const levels = this.of(fragment.selectionSet, above);
    this.known.set(name, levels);
    return levels;
  }
}

/** Looks for a key with two meanings at one place of the answer, whatever the types there. */
class PlaceSearch {
  private readonly fragments: Fragments;
  private left = selectionsMax;

  constructor(fragments: Fragments) {
    this.fragments = fragments;
  }

  risk(sets: readonly SelectionSetNode[]): string | undefined {
    const fields = new Map<string, FieldNode[]>();
    const spread = new Set<string>();
    for (const set of sets) this.collect(set, fields, spread);
    if (this.left < 0)
      return `it has more than ${selectionsMax} selections, among which one key has several meanings`;
    for (const [key, [first, ...others]] of fields) {
      if (!first) continue;
      const use = useOf(first);
      const other = others.find((each) => useOf(each) !== use);
      if (other)
        return `under different types, "${key}" stands for both "${use}" and "${useOf(other)}"`;
      const below = [first, ...others].flatMap(({ selectionSet }) => selectionSet ?? []);
      const risk = below.length > 0 ? this.risk(below) : undefined;
      if (risk !== undefined) return risk;
    }
    return undefined;
  }

  private collect(
    { selections }: SelectionSetNode,
    fields: Map<string, FieldNode[]>,
    spread: Set<string>,
  ): void {
    for (const selection of selections) {
      this.left -= 1;
      if (this.left < 0) return;
      if (selection.kind === Kind.FIELD) {
        const key = keyOf(selection);
        const known = fields.get(key);
        if (known) known.push(selection);
        else fields.set(key, [selection]);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        this.collect(selection.selectionSet, fields, spread);
      } else if (!spread.has(selection.name.value)) {
        spread.add(selection.name.value);
        const fragment = this.fragments.get(selection.name.value);
        if (fragment) this.collect(fragment.selectionSet, fields, spread);
      }
    }
  }
}

function keyOf({ alias, name }: FieldNode): string {
  return (alias ?? name).value;
}

function useOf({ name, arguments: args }: FieldNode): string {
  if (args === undefined || args.length === 0) return name.value;
  return `${name.value}(${args.map(print).sort().join(', ')})`;
}
