import { type DirectiveNode, Kind, type SelectionNode } from 'graphql';

/** The values of Boolean variables; without them, only what a literal decides is decided. */
export type ConditionValues = ReadonlyMap<string, boolean> | undefined;

/** False when `@skip` or `@include` are known to leave the selection out (GraphQL spec §3.13). */
export function isIncluded({ directives }: SelectionNode, conditions: ConditionValues): boolean {
  return (directives ?? []).every((directive) => valueOf(directive, conditions) !== 'excludes');
}

/** True for a directive that a planner need not see any more. */
export function isSettled(directive: DirectiveNode, conditions: ConditionValues): boolean {
  return (
    deliveryDirectives.has(directive.name.value) || valueOf(directive, conditions) !== undefined
  );
}

function valueOf(
  { name, arguments: args }: DirectiveNode,
  conditions: ConditionValues,
): 'includes' | 'excludes' | undefined {
  if (name.value !== 'skip' && name.value !== 'include') return undefined;
  const value = args?.find((argument) => argument.name.value === 'if')?.value;
  const isTrue =
    value?.kind === Kind.VARIABLE
      ? conditions?.get(value.name.value)
      : value?.kind === Kind.BOOLEAN && value.value;
  if (isTrue === undefined) return undefined;
  return isTrue === (name.value === 'include') ? 'includes' : 'excludes';
}

/** Directives that only say how an answer may be delivered; a server is free to deliver it whole. */
const deliveryDirectives: ReadonlySet<string> = new Set(['defer', 'stream']);
