import {
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { OperationSource } from '../../common/operation-source.ts';

/**
 * The operation without the `removed` fields. A field that lost its whole selection gets `__typename` instead, because
 * whether its object exists is still part of the response. The selection sets in `needsTypename` get `__typename` too.
 */
export function filterOperation(
  { operation, fragments }: OperationSource,
  removed: ReadonlySet<FieldNode>,
  needsTypename: ReadonlySet<SelectionSetNode>,
): OperationSource {
  if (removed.size === 0) return { operation, fragments };
  const filtered = new Map<string, FragmentDefinitionNode>();

  const filterSet = (set: SelectionSetNode): SelectionSetNode => {
    const selections = set.selections.flatMap(filterSelection);
    return needsTypename.has(set)
      ? { ...set, selections: [typename, ...selections] }
      : { ...set, selections };
  };

  const filterSelection = (node: SelectionNode): SelectionNode[] => {
    switch (node.kind) {
      case Kind.FIELD: {
        if (removed.has(node)) return [];
        if (!node.selectionSet) return [node];
        const selectionSet = filterSet(node.selectionSet);
        if (selectionSet.selections.length > 0) return [{ ...node, selectionSet }];
        return [{ ...node, selectionSet: { ...selectionSet, selections: [typename] } }];
      }
      case Kind.INLINE_FRAGMENT: {
        const selectionSet = filterSet(node.selectionSet);
        return selectionSet.selections.length > 0 ? [{ ...node, selectionSet }] : [];
      }
      case Kind.FRAGMENT_SPREAD: {
        const fragment = filterFragment(node.name.value);
        return fragment && fragment.selectionSet.selections.length > 0 ? [node] : [];
      }
    }
  };

  const filterFragment = (name: string): FragmentDefinitionNode | undefined => {
    const known = filtered.get(name);
    const definition = fragments.get(name);
    if (known || !definition) return known;
    const fragment = { ...definition, selectionSet: filterSet(definition.selectionSet) };
    filtered.set(name, fragment);
    return fragment;
  };

  return {
    operation: { ...operation, selectionSet: filterSet(operation.selectionSet) },
    fragments: filtered,
  };
}

const typename: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };
