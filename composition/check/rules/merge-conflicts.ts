import {
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { type ApiRule, definedTypes } from '../api-rule.ts';
import type { Change } from '../change.ts';
import { meetingTypes } from '../meeting-types.ts';
import { outputTypeChange } from '../type-change.ts';

/**
 * Fields that became non-null while a field of the same name on another type is nullable: fragments of one selection
 * set can no longer merge them.
 */
export const mergeConflicts: ApiRule = (base, head) => {
  const narrowed = definedTypes(base).flatMap((type) =>
    fieldsOf(type)
      .filter((field) => {
        const after = typeOf(head, type.name, field.name);
        return after && outputTypeChange(field.type, after) === 'safe';
      })
      .map((field) => ({ parent: type.name, field: field.name, type: field.type })),
  );
  if (narrowed.length === 0) return [];
  const parents = parentsByField(base);
  let canMeet: ReturnType<typeof meetingTypes> | undefined;
  return narrowed.flatMap(({ parent, field, type }): readonly Change[] => {
    const now = typeOf(head, parent, field);
    const others = (parents.get(field) ?? []).filter((name) => {
      const [before, after] = [typeOf(base, name, field), typeOf(head, name, field)];
      if (name === parent || !before || !after || !now) return false;
      if (conflict(type, before) || !conflict(now, after)) return false;
      canMeet ??= meetingTypes(base);
      return canMeet(parent, name);
    });
    const [first] = others;
    if (!first) return [];
    const also = others.length > 1 ? `, and ${others.length - 1} more` : '';
    return [
      {
        code: 'FIELD_MERGE_CONFLICT',
        message: `The field ${parent}.${field} returns ${String(now)}, and ${first}.${field} returns ${String(typeOf(head, first, field))}${also}: operations that select both in fragments are refused.`,
        coordinate: `${parent}.${field}`,
        in: 'head',
      },
    ];
  });
};

function parentsByField(schema: GraphQLSchema): ReadonlyMap<string, readonly string[]> {
  const parents = new Map<string, string[]>();
  for (const type of definedTypes(schema)) {
    for (const { name } of fieldsOf(type)) {
      const known = parents.get(name);
      if (known) known.push(type.name);
      else parents.set(name, [type.name]);
    }
  }
  return parents;
}

function fieldsOf(type: GraphQLNamedType) {
  return isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
}

function typeOf(schema: GraphQLSchema, name: string, field: string): GraphQLOutputType | undefined {
  const type = schema.getType(name);
  if (!isObjectType(type) && !isInterfaceType(type)) return undefined;
  const fields = type.getFields();
  return Object.hasOwn(fields, field) ? fields[field]?.type : undefined;
}

/** SameResponseShape of the specification, without subselections. */
function conflict(one: GraphQLOutputType, other: GraphQLOutputType): boolean {
  if (isListType(one) || isListType(other)) {
    return !(isListType(one) && isListType(other)) || conflict(one.ofType, other.ofType);
  }
  if (isNonNullType(one) || isNonNullType(other)) {
    return !(isNonNullType(one) && isNonNullType(other)) || conflict(one.ofType, other.ofType);
  }
  return isLeafType(one) || isLeafType(other) ? String(one) !== String(other) : false;
}
