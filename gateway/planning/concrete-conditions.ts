import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  type GraphQLSchema,
  type InlineFragmentNode,
  isAbstractType,
  Kind,
  type SelectionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/**
 * Puts each type condition that narrows one abstract type by another into conditions on the object types that are of
 * both. A subgraph with an `@interfaceObject` does not know them, and Apollo's planner, which asks another subgraph for
 * the type when an object type is named, gives up when an interface or union is.
 */
export function withConcreteConditions(
  document: DocumentNode,
  schema: GraphQLSchema,
): DocumentNode {
  const conditions = new Map<string, string>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      conditions.set(definition.name.value, definition.typeCondition.name.value);
  }
  // A selection gets a name, so that its text is not repeated for each type, and again for each around it.
  const named: FragmentDefinitionNode[] = [];
  const typeInfo = new TypeInfo(schema);
  const rewritten: DocumentNode = visit(
    document,
    visitWithTypeInfo(typeInfo, {
      SelectionSet: {
        leave: (set) => {
          const parent = typeInfo.getParentType()?.name;
          if (parent === undefined) return undefined;
          const selections = set.selections.flatMap((selection): readonly SelectionNode[] => {
            if (selection.kind === Kind.FIELD) return [selection];
            const condition =
              selection.kind === Kind.FRAGMENT_SPREAD
                ? conditions.get(selection.name.value)
                : selection.typeCondition?.name.value;
            const types = condition === undefined ? [] : commonTypes(parent, condition, schema);
            if (types.length === 0 || condition === undefined) return [selection];
            const spread = nameSelection(selection, condition);
            return types.map((type) => onType(type, spread));
          });
          return { ...set, selections };
        },
      },
    }),
  );
  return { ...rewritten, definitions: [...rewritten.definitions, ...named] };

  function nameSelection(
    selection: InlineFragmentNode | FragmentSpreadNode,
    condition: string,
  ): FragmentSpreadNode {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return selection;
    let name = `on_${condition}_${named.length}`;
    while (conditions.has(name)) name += '_';
    named.push({
      kind: Kind.FRAGMENT_DEFINITION,
      name: { kind: Kind.NAME, value: name },
      typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: condition } },
      selectionSet: selection.selectionSet,
    });
    return {
      kind: Kind.FRAGMENT_SPREAD,
      name: { kind: Kind.NAME, value: name },
      directives: selection.directives,
    };
  }
}

/** The object types that are of two different abstract types; none when there are no two. */
function commonTypes(parent: string, condition: string, schema: GraphQLSchema): readonly string[] {
  const around = schema.getType(parent);
  const narrowing = schema.getType(condition);
  if (around === narrowing || !isAbstractType(around) || !isAbstractType(narrowing)) return [];
  return schema
    .getPossibleTypes(around)
    .filter((type) => schema.isSubType(narrowing, type))
    .map(({ name }) => name);
}

function onType(type: string, spread: FragmentSpreadNode): InlineFragmentNode {
  return {
    kind: Kind.INLINE_FRAGMENT,
    typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type } },
    selectionSet: { kind: Kind.SELECTION_SET, selections: [spread] },
  };
}
