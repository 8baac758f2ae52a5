import {
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { type ConditionValues, isIncluded, isSettled } from './settled-conditions.ts';

/** A root selection without `__typename`, introspection and what the conditions leave out. */
export function withoutRootMeta(
  set: SelectionSetNode,
  conditions: ConditionValues,
): SelectionSetNode {
  const selections = set.selections.flatMap((selection): SelectionNode[] => {
    if (!isIncluded(selection, conditions)) return [];
    if (selection.kind === Kind.FIELD) {
      return selection.name.value === '__typename' || isIntrospection(selection) ? [] : [selection];
    }
    if (selection.kind === Kind.FRAGMENT_SPREAD) return [selection];
    const inner = withoutRootMeta(selection.selectionSet, conditions);
    return inner.selections.length === 0 ? [] : [{ ...selection, selectionSet: inner }];
  });
  return { ...set, selections };
}

/** The fields of a root selection in the order of the response (GraphQL spec §6.3.2), as far as it is decided. */
export function flattened(
  set: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  conditions: ConditionValues,
): SelectionSetNode {
  const selections = new Map<unknown, SelectionNode>();
  const visited = new Set<string>();
  const add = (selection: SelectionNode): void => {
    const isDecided = (selection.directives ?? []).every((each) => isSettled(each, conditions));
    if (selection.kind === Kind.FIELD) {
      const key = isDecided ? (selection.alias ?? selection.name).value : selection;
      const known = selections.get(key);
      selections.set(key, known?.kind === Kind.FIELD ? mergeFields(known, selection) : selection);
      return;
    }
    if (!isDecided) {
      selections.set(selection, selection);
      return;
    }
    const name = selection.kind === Kind.FRAGMENT_SPREAD ? selection.name.value : undefined;
    if (name !== undefined && visited.has(name)) return;
    if (name !== undefined) visited.add(name);
    const inner =
      selection.kind === Kind.FRAGMENT_SPREAD
        ? fragments.get(selection.name.value)?.selectionSet
        : selection.selectionSet;
    if (inner) withoutRootMeta(inner, conditions).selections.forEach(add);
  };
  set.selections.forEach(add);
  return { ...set, selections: [...selections.values()] };
}

function mergeFields(left: FieldNode, right: FieldNode): FieldNode {
  if (!left.selectionSet || !right.selectionSet) return left;
  const selections = [...left.selectionSet.selections, ...right.selectionSet.selections];
  return { ...left, selectionSet: { kind: Kind.SELECTION_SET, selections } };
}

/** True for a field that is answered from the schema. */
export function isIntrospection({ name }: FieldNode): boolean {
  return name.value === '__schema' || name.value === '__type';
}
