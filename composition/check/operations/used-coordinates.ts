import {
  type DocumentNode,
  getNamedType,
  type GraphQLInputType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  type NamedTypeNode,
  TypeInfo,
  typeFromAST,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/**
 * The schema coordinates that an operation uses, for a schema in which it is valid. What is selected on an interface counts
 * for each type that implements it; what a variable may hold counts as given, because its values are not known.
 */
export function usedCoordinates(
  schema: GraphQLSchema,
  document: DocumentNode,
): ReadonlySet<string> {
  const used = new Set<string>();
  const info = new TypeInfo(schema);
  const addTypeOf = (node: NamedTypeNode): void => {
    used.add(node.name.value);
  };
  visit(
    document,
    visitWithTypeInfo(info, {
      Field: ({ name: { value: field } }) => {
        const parent = info.getParentType();
        const definition = info.getFieldDef();
        if (!parent || !definition) return;
        used.add(parent.name).add(getNamedType(definition.type).name);
        for (const type of [
          parent,
          ...(isAbstractType(parent) ? schema.getPossibleTypes(parent) : []),
        ])
          used.add(`${type.name}.${field}`);
      },
      Argument: ({ name: { value: argument } }) => {
        const directive = info.getDirective();
        const [parent, field] = [info.getParentType(), info.getFieldDef()];
        if (directive) used.add(`@${directive.name}(${argument}:)`);
        else if (parent && field) {
          const types = isAbstractType(parent) ? schema.getPossibleTypes(parent) : [];
          for (const type of [parent, ...types])
            used.add(`${type.name}.${field.name}(${argument}:)`);
        }
        const type = info.getInputType();
        if (type) used.add(getNamedType(type).name);
      },
      ObjectField: {
        enter: ({ name: { value: field } }) => {
          const parent = info.getParentInputType();
          const type = parent && getNamedType(parent);
          if (type) used.add(type.name).add(`${type.name}.${field}`);
        },
      },
      EnumValue: ({ value }) => {
        const type = info.getInputType();
        if (type) used.add(`${getNamedType(type).name}.${value}`);
      },
      Directive: ({ name }) => {
        used.add(`@${name.value}`);
      },
      InlineFragment: ({ typeCondition }) => {
        if (typeCondition) addTypeOf(typeCondition);
      },
      FragmentDefinition: ({ typeCondition }) => addTypeOf(typeCondition),
      VariableDefinition: ({ type: node }) => {
        const type = typeFromAST(schema, node as NamedTypeNode);
        if (type) addInput(type as GraphQLInputType, used);
      },
    }),
  );
  return used;
}

/** Everything that a value of a type may have in it. */
function addInput(given: GraphQLInputType, used: Set<string>): void {
  const type = getNamedType(given);
  const key = `variable ${type.name}`;
  if (used.has(key)) return;
  used.add(key).add(type.name);
  if (isEnumType(type)) for (const { name } of type.getValues()) used.add(`${type.name}.${name}`);
  if (!isInputObjectType(type)) return;
  for (const field of Object.values(type.getFields())) {
    used.add(`${type.name}.${field.name}`);
    addInput(field.type, used);
  }
}
