import { type GraphQLNamedType, type GraphQLSchema, isAbstractType } from 'graphql';

/** The object types that an object in some place of an operation can have. */
export interface PossibleTypes {
  readonly names: readonly string[];
  /** Equal for equal sets. */
  readonly key: string;
}

/** The possible types of a type; an object type itself. */
export function possibleTypesOf(type: GraphQLNamedType, schema: GraphQLSchema): PossibleTypes {
  const types = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
  return setOf(types.map(({ name }) => name));
}

/** The types of `around` that match a type condition; all types of the condition when they have none in common. */
export function narrowedBy(condition: PossibleTypes, around: PossibleTypes): PossibleTypes {
  if (condition.key === around.key) return around;
  const common = around.names.filter((name) => condition.names.includes(name));
  // No object can match, but the selection must be allowed anyway.
  return common.length === 0 ? condition : setOf(common);
}

function setOf(names: readonly string[]): PossibleTypes {
  return { names, key: [...names].sort().join(' ') };
}
