import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isUnionType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/**
 * Asks for the type of each object that may be of several types, where the answer depends on it: execution tells
 * types by a plain `__typename`, which a planner leaves out when the client asks for one under an alias, or for
 * nothing that any of the possible types has. Where the answer is the same for all of them it is not asked for, as
 * that may cost another fetch (`@interfaceObject`).
 */
export function withTypenames(document: DocumentNode, schema: GraphQLSchema): DocumentNode {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition);
  }
  const typeInfo = new TypeInfo(schema);
  const visitor = visitWithTypeInfo(typeInfo, {
    Field: {
      leave: (field) => {
        const type = getNamedType(typeInfo.getType());
        const { selectionSet } = field;
        if (!type || !selectionSet || !isTypeNeeded(type, selectionSet, fragments))
          return undefined;
        const selections = [typename, ...selectionSet.selections];
        return { ...field, selectionSet: { ...selectionSet, selections } };
      },
    },
  });
  return visit(document, visitor);
}

const typename: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

function isTypeNeeded(
  type: GraphQLNamedType,
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): boolean {
  if (!isAbstractType(type) || selections.some(isPlainTypename)) return false;
  return isUnionType(type) || dependsOnType(type.name, selections, fragments);
}

function isPlainTypename(selection: SelectionNode): boolean {
  return (
    selection.kind === Kind.FIELD &&
    selection.name.value === '__typename' &&
    selection.alias === undefined &&
    (selection.directives ?? []).length === 0
  );
}

function dependsOnType(
  typename: string,
  selections: readonly SelectionNode[],
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): boolean {
  return selections.some((selection) => {
    if (selection.kind === Kind.FIELD) return selection.name.value === '__typename';
    const fragment =
      selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
    if (!fragment) return false;
    const condition = fragment.typeCondition?.name.value ?? typename;
    return (
      condition !== typename || dependsOnType(typename, fragment.selectionSet.selections, fragments)
    );
  });
}
