import { Kind } from 'graphql';
import type { Entry, SelectedSet } from './search-state.ts';
import { type SelectionTree } from './selection-tree.ts';

/**
 * True for a field that is selected only for some types, in a subgraph to which all of them are one type
 * (`@interfaceObject`), when its failure would also null selections on the other types. It is fetched from such a
 * subgraph only after the types are known, and only for the right objects.
 */
export function needsTypeFirst(entry: Entry, graph: number, tree: SelectionTree): boolean {
  const { class: of, isOwn } = entry;
  if (isOwn || !of.type.isInterfaceObjectIn(graph)) return false;
  const others = of.position.classes.filter((each) => each !== of);
  const same = others.map(({ entries }) => entries.find(({ key }) => key === entry.key));
  if (same.every((other) => other !== undefined && areAlike(other, entry))) return false;
  if (same.includes(undefined) && of.type.fieldType(entry.name)?.kind === Kind.NON_NULL_TYPE)
    return true;
  return same.some((other) => other !== undefined) && hasNonNull(entry, tree);
}

function areAlike({ sets: left }: Entry, { sets: right }: Entry): boolean {
  const has = (sets: readonly SelectedSet[], { selections }: SelectedSet): boolean =>
    sets.some((set) => set.selections === selections);
  return left.every((set) => has(right, set)) && right.every((set) => has(left, set));
}

function hasNonNull(parent: Entry, tree: SelectionTree): boolean {
  const classes = tree.childOf(parent)?.classes ?? [];
  return classes.some(({ entries, type }) =>
    entries.some(
      (entry) => type.fieldType(entry.name)?.kind === Kind.NON_NULL_TYPE || hasNonNull(entry, tree),
    ),
  );
}
