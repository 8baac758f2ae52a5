import {
  type DirectiveNode,
  type DocumentNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import type { OperationSource } from './operation-source.ts';
import { isIncluded } from './selection-conditions.ts';

/** The `@defer` directive of a selection. */
function deferDirective({ directives }: SelectionNode): DirectiveNode | undefined {
  return directives?.find(({ name }) => name.value === 'defer');
}

/** The `@defer` of a fragment that is delivered later; `undefined` for one whose `if` is false. */
export function activeDefer(
  selection: SelectionNode,
  conditions: ReadonlyMap<string, boolean>,
): DirectiveNode | undefined {
  if (selection.kind === Kind.FIELD) return undefined;
  const directive = deferDirective(selection);
  const condition = directive?.arguments?.find(({ name }) => name.value === 'if')?.value;
  if (!condition) return directive;
  const isActive =
    condition.kind === Kind.VARIABLE
      ? conditions.get(condition.name.value) !== false
      : condition.kind === Kind.BOOLEAN && condition.value;
  return isActive ? directive : undefined;
}

/** True for a document with a `@defer`, in whichever operation. */
export function usesDefer(document: DocumentNode): boolean {
  let isUsed = false;
  visit(document, {
    Directive: ({ name }) => {
      if (name.value === 'defer') isUsed = true;
    },
  });
  return isUsed;
}

/** Whether an operation has a fragment that is delivered later. */
export function hasActiveDefer(
  { operation, fragments }: OperationSource,
  conditions: ReadonlyMap<string, boolean>,
): boolean {
  const visited = new Set<string>();
  const isIn = ({ selections }: SelectionSetNode): boolean =>
    selections.some((selection) => {
      if (!isIncluded(selection, conditions)) return false;
      if (activeDefer(selection, conditions)) return true;
      if (selection.kind !== Kind.FRAGMENT_SPREAD)
        return selection.selectionSet !== undefined && isIn(selection.selectionSet);
      const fragment = fragments.get(selection.name.value);
      if (!fragment || visited.has(selection.name.value)) return false;
      visited.add(selection.name.value);
      return isIn(fragment.selectionSet);
    });
  return isIn(operation.selectionSet);
}

/** The label of a `@defer`. */
export function labelOf(directive: DirectiveNode | undefined): string | undefined {
  const label = directive?.arguments?.find(({ name }) => name.value === 'label')?.value;
  return label?.kind === Kind.STRING ? label.value : undefined;
}

/** A place in the response: the response keys on the path to it, as one string. */
export function placeBelow(place: string, responseKey: string): string {
  return `${place}.${responseKey}`;
}
