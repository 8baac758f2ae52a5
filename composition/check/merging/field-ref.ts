import { getNamedType, type GraphQLOutputType, isLeafType } from 'graphql';

/** A field of an object or interface, as the base has it. */
export interface FieldRef {
  readonly parent: string;
  readonly isOfObject: boolean;
  readonly field: string;
  readonly type: GraphQLOutputType;
}

/** Fields of one shape can have one response name: lists, nulls and scalars are the same; what is below is compared by itself. */
export function shapeOf(type: GraphQLOutputType): string {
  const { name } = getNamedType(type);
  return isLeafType(getNamedType(type)) ? String(type) : String(type).replace(name, '{}');
}

/**
 * Whether two parents never are the same object: then their fields are merged by shape alone, whatever they are called
 * ("Field Selection Merging", §5.3.2 of the specification).
 */
export function areExclusive(one: FieldRef, other: FieldRef): boolean {
  return one.isOfObject && other.isOfObject && one.parent !== other.parent;
}
