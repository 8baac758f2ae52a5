import { type DirectiveNode, Kind, type SelectionNode } from 'graphql';

/** The `@defer` directive of a selection. */
export function deferDirective({ directives }: SelectionNode): DirectiveNode | undefined {
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

/** The label of a `@defer`. */
export function labelOf(directive: DirectiveNode | undefined): string | undefined {
  const label = directive?.arguments?.find(({ name }) => name.value === 'label')?.value;
  return label?.kind === Kind.STRING ? label.value : undefined;
}

/** A place in the response: the response keys on the path to it, as one string. */
export function placeBelow(place: string, responseKey: string): string {
  return `${place}.${responseKey}`;
}
