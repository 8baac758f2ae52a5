import {
  type DocumentNode,
  getNamedType,
  type GraphQLCompositeType,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  type NamedTypeNode,
  TypeInfo,
  typeFromAST,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { fragmentsOf } from './known-operation.ts';

/**
 * The schema coordinates used by an operation that is valid on the schema. A selection on an interface counts
 * for each implementing type. Everything that a variable could hold counts as used, and so does each value of a returned enum,
 * because the actual values are unknown. A fragment of an interface or union in another uses the types that are both.
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
  const conditions = new Map(
    [...fragmentsOf(document).values()].map(({ name, typeCondition }) => [
      name.value,
      typeCondition.name.value,
    ]),
  );
  // A fragment can only be where one type at least is both.
  const addShared = (name: string, parent: GraphQLCompositeType | null | undefined): void => {
    const condition = schema.getType(name);
    if (!isAbstractType(condition) || !isAbstractType(parent)) return;
    for (const type of schema.getPossibleTypes(condition)) {
      if (schema.isSubType(parent, type)) used.add(type.name);
    }
  };
  visit(
    document,
    visitWithTypeInfo(info, {
      Field: ({ name: { value: field } }) => {
        const parent = info.getParentType();
        const definition = info.getFieldDef();
        if (!parent || !definition) return;
        const type = getNamedType(definition.type);
        used.add(parent.name).add(type.name);
        addValues(type, used);
        for (const { name } of typesAt(schema, parent)) used.add(`${name}.${field}`);
      },
      Argument: ({ name: { value: argument } }) => {
        const directive = info.getDirective();
        const [parent, field] = [info.getParentType(), info.getFieldDef()];
        if (directive) used.add(`@${directive.name}(${argument}:)`);
        else if (parent && field) {
          for (const { name } of typesAt(schema, parent))
            used.add(`${name}.${field.name}(${argument}:)`);
        }
        const type = info.getInputType();
        if (type) used.add(getNamedType(type).name);
      },
      ObjectField: {
        enter: ({ name: { value: field } }) => {
          const parent = info.getParentInputType();
          const type = parent && getNamedType(parent);
          if (type) used.add(type.name).add(`${type.name}.${field}`);
          const value = info.getInputType();
          if (value) used.add(getNamedType(value).name);
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
        if (!typeCondition) return;
        addTypeOf(typeCondition);
        addShared(typeCondition.name.value, info.getParentType());
      },
      FragmentSpread: ({ name }) => {
        const condition = conditions.get(name.value);
        if (condition !== undefined) addShared(condition, info.getParentType());
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

/** A type and, for an interface, all implementing types. */
function typesAt(schema: GraphQLSchema, parent: GraphQLCompositeType): readonly GraphQLNamedType[] {
  if (!isInterfaceType(parent)) return [parent];
  const { objects, interfaces } = schema.getImplementations(parent);
  return [parent, ...objects, ...interfaces];
}

function addValues(type: GraphQLNamedType, used: Set<string>): void {
  if (!isEnumType(type)) return;
  for (const { name } of type.getValues()) used.add(`${type.name}.${name}`);
}

/** Everything that an input value of a type can contain. */
function addInput(given: GraphQLInputType, used: Set<string>): void {
  const type = getNamedType(given);
  const key = `variable ${type.name}`;
  if (used.has(key)) return;
  used.add(key).add(type.name);
  addValues(type, used);
  if (!isInputObjectType(type)) return;
  for (const field of Object.values(type.getFields())) {
    used.add(`${type.name}.${field.name}`);
    addInput(field.type, used);
  }
}
