import {
  type DirectiveNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import type { OperationSource } from '../../common/operation-source.ts';
import { isCondition } from '../../common/selection-conditions.ts';

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

/** True for a directive that is resolved before planning, or only affects delivery; subgraphs do not receive it. */
export function isPlanningDirective(directive: DirectiveNode): boolean {
  return isCondition(directive) || deliveryDirectives.has(directive.name.value);
}

const deliveryDirectives: ReadonlySet<string> = new Set(['defer', 'stream']);
