import {
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/**
 * Builds the removed parts of an operation. They get new nodes, because a fragment may be removed in one place and kept
 * in another. `__typename` is never removed: it describes the enclosing object, which is returned.
 */
export class Removal {
  readonly removed = new Set<FieldNode>();
  /** Selection sets on an interface or union that lost a part, so that `__typename` must be added. */
  readonly needsTypename = new Set<SelectionSetNode>();
  /** The client's fragments, and those created here. */
  readonly fragments: Map<string, FragmentDefinitionNode>;
  private readonly removedFragments = new Map<string, string>();

  constructor(fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
    this.fragments = new Map(fragments);
  }

  /** Marks a field as removed, with everything in it. */
  ofField(node: FieldNode): FieldNode {
    const removed: FieldNode = node.selectionSet
      ? { ...node, selectionSet: this.ofSelections(node.selectionSet) }
      : { ...node };
    this.removed.add(removed);
    return removed;
  }

  ofSelections(set: SelectionSetNode): SelectionSetNode {
    return { ...set, selections: set.selections.map((selection) => this.ofSelection(selection)) };
  }

  /** Adds a fragment with another selection set; returns its new name. */
  addFragment(definition: FragmentDefinitionNode, selectionSet: SelectionSetNode): string {
    let name = `${definition.name.value}_`;
    while (this.fragments.has(name)) name += '_';
    this.fragments.set(name, {
      ...definition,
      name: { kind: Kind.NAME, value: name },
      selectionSet,
    });
    return name;
  }

  private ofSelection(node: SelectionNode): SelectionNode {
    switch (node.kind) {
      case Kind.FIELD:
        return node.name.value.startsWith('__') ? node : this.ofField(node);
      case Kind.INLINE_FRAGMENT:
        return { ...node, selectionSet: this.ofSelections(node.selectionSet) };
      case Kind.FRAGMENT_SPREAD: {
        const name = this.ofFragment(node.name.value);
        return { ...node, name: { kind: Kind.NAME, value: name } };
      }
    }
  }

  private ofFragment(name: string): string {
    const known = this.removedFragments.get(name);
    const definition = this.fragments.get(name);
    if (known !== undefined || !definition) return known ?? name;
    const removed = this.addFragment(definition, this.ofSelections(definition.selectionSet));
    this.removedFragments.set(name, removed);
    return removed;
  }
}
