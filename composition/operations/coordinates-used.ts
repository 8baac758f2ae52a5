import {
  type DocumentNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  TypeInfo,
  typeFromAST,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/**
 * The schema coordinates that valid operations use. What an operation may use counts: with a variable each field of its
 * input type, with a field of an interface that of each type behind it, with a field of an enum type each of its values.
 */
export function coordinatesUsed(
  schema: GraphQLSchema,
  documents: readonly DocumentNode[],
): ReadonlySet<string> {
  const used = new Set<string>();
  const info = new TypeInfo(schema);
  const visitor = visitWithTypeInfo(info, {
    Field: ({ arguments: args = [] }) => {
      const [type, field] = [info.getParentType(), info.getFieldDef()];
      if (!type || !field) return;
      for (const { name } of [type, ...typesBehind(type, schema)]) {
        used.add(`${name}.${field.name}`);
        for (const arg of args) used.add(`${name}.${field.name}(${arg.name.value}:)`);
      }
      addEnum(getNamedType(field.type), used);
    },
    VariableDefinition: ({ type }) => {
      const variable = typeFromAST(schema, type);
      if (variable) addInput(getNamedType(variable), used, new Set());
    },
    ObjectField: ({ name }) => {
      const parent = info.getParentInputType();
      if (parent) used.add(`${getNamedType(parent).name}.${name.value}`);
    },
    EnumValue: ({ value }) => {
      const type = info.getInputType();
      if (type) used.add(`${getNamedType(type).name}.${value}`);
    },
  });
  for (const document of documents) visit(document, visitor);
  return used;
}

function typesBehind(type: GraphQLNamedType, schema: GraphQLSchema): readonly GraphQLNamedType[] {
  if (!isInterfaceType(type)) return [];
  const { objects, interfaces } = schema.getImplementations(type);
  return [...objects, ...interfaces];
}

function addEnum(type: GraphQLNamedType, used: Set<string>): void {
  if (!isEnumType(type)) return;
  for (const { name } of type.getValues()) used.add(`${type.name}.${name}`);
}

function addInput(type: GraphQLNamedType, used: Set<string>, seen: Set<string>): void {
  addEnum(type, used);
  if (!isInputObjectType(type) || seen.has(type.name)) return;
  seen.add(type.name);
  for (const field of Object.values(type.getFields())) {
    used.add(`${type.name}.${field.name}`);
    addInput(getNamedType(field.type), used, seen);
  }
}
