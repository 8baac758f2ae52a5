import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  OperationTypeNode,
  type SelectionNode,
} from 'graphql';

/**
 * Finds a `@skip` or `@include` on the root selection of a subscription, which the specification forbids (GraphQL,
 * September 2025, §5.2.4.1). Must run before validation: `validate` of graphql-js 16 throws for such a document when
 * the schema has a Subscription type. The document may be invalid.
 */
export function subscriptionConditionIn({ definitions }: DocumentNode): string | undefined {
  const fragments = new Map<string, FragmentDefinitionNode>();
  const selections: SelectionNode[] = [];
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      fragments.set(definition.name.value, definition);
    } else if (
      definition.kind === Kind.OPERATION_DEFINITION &&
      definition.operation === OperationTypeNode.SUBSCRIPTION
    ) {
      for (const selection of definition.selectionSet.selections) selections.push(selection);
    }
  }
  // The list grows during the iteration: the selections of each root-level fragment are added once.
  for (const selection of selections) {
    const condition = selection.directives?.find(isCondition);
    if (condition) {
      return `The root selection of a subscription must not have "@${condition.name.value}".`;
    }
    if (selection.kind === Kind.FIELD) continue;
    const { selectionSet } =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection
        : (fragments.get(selection.name.value) ?? {});
    if (selection.kind === Kind.FRAGMENT_SPREAD) fragments.delete(selection.name.value);
    for (const inner of selectionSet?.selections ?? []) selections.push(inner);
  }
  return undefined;
}

function isCondition({ name }: { readonly name: { readonly value: string } }): boolean {
  return name.value === 'skip' || name.value === 'include';
}
