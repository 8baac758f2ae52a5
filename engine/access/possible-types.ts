import { type GraphQLNamedType, type GraphQLSchema, isAbstractType } from 'graphql';

/** The object types that an object at some place of an operation can be of. */
export interface PossibleTypes {
  readonly names: readonly string[];
  /** Equal for equal sets. */
  readonly key: string;
}

/** The possible types of a type: of an object type, itself. */
export function possibleTypesOf(type: GraphQLNamedType, schema: GraphQLSchema): PossibleTypes {
  const types = isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
  return setOf(types.map(({ name }) => name));
}

/** Those of `around` that a type condition lets through; all that it names where they have none in common. */
export function narrowedBy(condition: PossibleTypes, around: PossibleTypes): PossibleTypes {
  if (condition.key === around.key) return around;
  const common = around.names.filter((name) => condition.names.includes(name));
  // Nothing is ever answered there; what is asked for is judged all the same.
  return common.length === 0 ? condition : setOf(common);
}

function setOf(names: readonly string[]): PossibleTypes {
  return { names, key: [...names].sort().join(' ') };
}
