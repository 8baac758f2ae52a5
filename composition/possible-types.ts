import { type GraphQLSchema, isAbstractType, isIntrospectionType } from 'graphql';

/** The possible object types of each interface and union, sorted by name. */
export function listPossibleTypes(
  schema: GraphQLSchema,
): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.values(schema.getTypeMap())
      .filter((type) => isAbstractType(type))
      .filter((type) => !isIntrospectionType(type))
      .map(
        (type) =>
          [
            type.name,
            schema
              .getPossibleTypes(type)
              .map(({ name }) => name)
              .sort(),
          ] as const,
      )
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
