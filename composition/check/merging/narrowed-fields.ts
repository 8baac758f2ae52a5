import {
  type GraphQLField,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { definedTypes } from '../api-rule.ts';
import { outputTypeChange } from '../type-change.ts';

/** A field whose answers are never null any more, somewhere in its type. */
export interface NarrowedField {
  readonly parent: string;
  readonly field: string;
  readonly before: GraphQLOutputType;
  readonly after: GraphQLOutputType;
}

/** The fields that were narrowed, sorted by their types. */
export function narrowedFields(base: GraphQLSchema, head: GraphQLSchema): readonly NarrowedField[] {
  return definedTypes(base).flatMap((type) =>
    fieldsOf(type).flatMap(({ name, type: before }): readonly NarrowedField[] => {
      const after = typeOfField(head, type.name, name);
      if (!after || outputTypeChange(before, after) !== 'safe') return [];
      return [{ parent: type.name, field: name, before, after }];
    }),
  );
}

/** The fields of an object or interface; none for other types. */
export function fieldsOf(
  type: GraphQLNamedType | undefined,
): readonly GraphQLField<unknown, unknown>[] {
  return hasFields(type) ? Object.values(type.getFields()) : [];
}

/** The type of a field, if the schema has it. */
export function typeOfField(
  schema: GraphQLSchema,
  parent: string,
  field: string,
): GraphQLOutputType | undefined {
  const type = schema.getType(parent);
  if (!hasFields(type)) return undefined;
  const fields = type.getFields();
  return Object.hasOwn(fields, field) ? fields[field]?.type : undefined;
}

function hasFields(
  type: GraphQLNamedType | undefined,
): type is GraphQLObjectType | GraphQLInterfaceType {
  return isObjectType(type) || isInterfaceType(type);
}

/** Whether two fields cannot have one response name: SameResponseShape of the specification, without subselections. */
export function conflict(one: GraphQLOutputType, other: GraphQLOutputType): boolean {
  if (isListType(one) || isListType(other)) {
    return !(isListType(one) && isListType(other)) || conflict(one.ofType, other.ofType);
  }
  if (isNonNullType(one) || isNonNullType(other)) {
    return !(isNonNullType(one) && isNonNullType(other)) || conflict(one.ofType, other.ofType);
  }
  return isLeafType(one) || isLeafType(other) ? String(one) !== String(other) : false;
}
