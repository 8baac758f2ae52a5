import { type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';
import type { IsIncluded } from './marked-operation.ts';

/** What is needed to look into fragments. */
export interface DirectFieldsContext {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly isIncluded: IsIncluded;
  /** True for a type condition that matches every object in question. */
  readonly matchesAll: (condition: string) => boolean;
}

/** The response keys of the fields that a selection reads on every object, without `__typename` and introspection. */
export function directFields(
  from: SelectionSetNode,
  { fragments, isIncluded, matchesAll }: DirectFieldsContext,
): string[] {
  const visited = new Set<string>();
  const keysIn = ({ selections }: SelectionSetNode): string[] =>
    selections.filter(isIncluded).flatMap((selection): string[] => {
      switch (selection.kind) {
        case Kind.FIELD:
          if (selection.name.value.startsWith('__')) return [];
          return [selection.alias?.value ?? selection.name.value];
        case Kind.INLINE_FRAGMENT: {
          const condition = selection.typeCondition?.name.value;
          return condition === undefined || matchesAll(condition)
            ? keysIn(selection.selectionSet)
            : [];
        }
        case Kind.FRAGMENT_SPREAD: {
          const fragment = fragments.get(selection.name.value);
          if (!fragment || visited.has(selection.name.value)) return [];
          visited.add(selection.name.value);
          return matchesAll(fragment.typeCondition.name.value) ? keysIn(fragment.selectionSet) : [];
        }
      }
    });
  return keysIn(from);
}
