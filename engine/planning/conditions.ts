import {
  type DirectiveNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  visit,
} from 'graphql';
import { isCondition } from '../../common/selection-conditions.ts';

/** An operation and its fragments. */
export interface OperationSource {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/**
 * The Boolean variables that `@skip` and `@include` use, sorted by name. For incremental delivery also those of
 * `@defer`.
 */
export function conditionVariables(
  { operation, fragments }: OperationSource,
  isIncremental = false,
): readonly string[] {
  const names = new Set<string>();
  const spread = new Set<string>();
  const collectFrom = (node: OperationDefinitionNode | FragmentDefinitionNode): void => {
    visit(node, {
      Directive: (directive) => {
        const isDefer = isIncremental && directive.name.value === 'defer';
        if (!isDefer && !isCondition(directive)) return;
        const value = directive.arguments?.find(({ name }) => name.value === 'if')?.value;
        if (value?.kind === Kind.VARIABLE) names.add(value.name.value);
      },
      FragmentSpread: ({ name }) => {
        const fragment = fragments.get(name.value);
        if (!fragment || spread.has(name.value)) return;
        spread.add(name.value);
        collectFrom(fragment);
      },
    });
  };
  collectFrom(operation);
  return [...names].sort();
}

<<<<<<< HEAD
/** The `@defer` on a selection. */
=======
/** False when `@skip` or `@include` exclude the selection (GraphQL spec §3.13). */
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

/** The `@defer` directive of a selection. */
>>>>>>> words
export function deferDirective({ directives }: SelectionNode): DirectiveNode | undefined {
  return directives?.find(({ name }) => name.value === 'defer');
}

/** True for a directive that is resolved before planning, or only affects delivery; subgraphs do not receive it. */
export function isPlanningDirective(directive: DirectiveNode): boolean {
  return isCondition(directive) || deliveryDirectives.has(directive.name.value);
}

const deliveryDirectives: ReadonlySet<string> = new Set(['defer', 'stream']);
