import { type DirectiveNode, Kind, type SelectionNode } from 'graphql';

/** False when `@skip` or `@include` leave the selection out (GraphQL spec §3.13.1, §3.13.2). */
export function isIncluded(
  { directives }: SelectionNode,
  conditions: ReadonlyMap<string, boolean>,
): boolean {
  if (!directives || directives.length === 0) return true;
  return directives.every((directive) => {
    if (!isCondition(directive)) return true;
    const value = directive.arguments?.find(({ name }) => name.value === 'if')?.value;
    const isTrue =
      value?.kind === Kind.VARIABLE
        ? conditions.get(value.name.value) === true
        : value?.kind === Kind.BOOLEAN && value.value;
    return isTrue === (directive.name.value === 'include');
  });
}

/** True for `@skip` and `@include`. */
export function isCondition({ name }: DirectiveNode): boolean {
  return name.value === 'skip' || name.value === 'include';
}
