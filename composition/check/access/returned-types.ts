import { getNamedType, type GraphQLOutputType, type GraphQLSchema, isAbstractType } from 'graphql';

/** The names of the types that a field's values may have: a leaf type, or object types. */
export function returnedTypes(
  schema: GraphQLSchema,
  field: { readonly type: GraphQLOutputType },
): readonly string[] {
  const type = getNamedType(field.type);
  if (!isAbstractType(type)) return [type.name];
  return schema.getPossibleTypes(type).map(({ name }) => name);
}
