import { type GraphQLSchema, isAbstractType, isIntrospectionType } from 'graphql';

/** For each interface and union, in order of their names, the object types it may be, in order of theirs. */
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
