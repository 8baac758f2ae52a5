import {
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/**
 * Makes the removed parts of an operation: nodes of their own, since a fragment may be removed in one place and stay
 * in another. `__typename` is never removed: it tells of the object around it, which is answered.
 */
export class Removal {
  readonly removed = new Set<FieldNode>();
  /** Selections on an interface or union that lost a part, so that the type of the object must be asked for. */
  readonly typed = new Set<SelectionSetNode>();
  /** The fragments of the client, and those made here. */
  readonly fragments: Map<string, FragmentDefinitionNode>;
  private readonly removedFragments = new Map<string, string>();

  constructor(fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
    this.fragments = new Map(fragments);
  }

  /** The field as one that is removed, with all that is in it. */
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

  /** Adds a fragment with another selection; gives its new name. */
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
