import { getNamedType, type GraphQLOutputType, type GraphQLSchema, isAbstractType } from 'graphql';

/** The names of a field's possible types: one leaf type, or all possible object types. */
export function returnedTypes(
  schema: GraphQLSchema,
  field: { readonly type: GraphQLOutputType },
): readonly string[] {
  const type = getNamedType(field.type);
  if (!isAbstractType(type)) return [type.name];
  return schema.getPossibleTypes(type).map(({ name }) => name);
}
