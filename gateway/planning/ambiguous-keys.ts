import {
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  print,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** Fragments by name. */
export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/**
 * Finds a response key that stands for two fields, or for one with two sets of arguments, at one place of the answer,
 * which is valid under types that exclude each other (GraphQL spec §5.3.2), and says so in words. Of an operation with
 * more than 20,000 selections it may say so without need.
 */
export function ambiguousKey(
  operation: SelectionSetNode,
  fragments: Fragments,
): string | undefined {
  // Most operations use each key for one field wherever it stands, which takes a look at each selection, and no more.
  const uses = new KeyUses();
  uses.add(operation);
  for (const { selectionSet } of fragments.values()) uses.add(selectionSet);
  return uses.areSeveral ? new PlaceSearch(fragments).in([operation]) : undefined;
}

/** The most selections that are looked at where the place matters: fragments multiply them. */
const selectionsMax = 20_000;

/** What each response key stands for, in all of an operation. */
class KeyUses {
  areSeveral = false;
  private readonly uses = new Map<string, string>();

  add({ selections }: SelectionSetNode): void {
    selections.forEach(this.look);
  }

  private readonly look = (selection: SelectionNode): void => {
    if (selection.kind === Kind.FIELD) {
      const use = useOf(selection);
      const key = keyOf(selection);
      const known = this.uses.get(key);
      if (known === undefined) this.uses.set(key, use);
      else if (known !== use) this.areSeveral = true;
    }
    if (selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet)
      this.add(selection.selectionSet);
  };
}

/** Looks for a key with two meanings at one place of the answer, whatever the types there. */
class PlaceSearch {
  private readonly fragments: Fragments;
  private left = selectionsMax;

  constructor(fragments: Fragments) {
    this.fragments = fragments;
  }

  in(sets: readonly SelectionSetNode[]): string | undefined {
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
      const found = below.length > 0 ? this.in(below) : undefined;
      if (found !== undefined) return found;
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

/** A field under an alias that is its own name is another one to the native planner. */
function useOf({ alias, name, arguments: args }: FieldNode): string {
  const field = alias?.value === name.value ? `${name.value}: ${name.value}` : name.value;
  if (args === undefined || args.length === 0) return field;
  return `${field}(${args.map(print).sort().join(', ')})`;
}
