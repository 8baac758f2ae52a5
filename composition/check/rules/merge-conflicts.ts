import type { GraphQLSchema } from 'graphql';
import { type ApiRule, definedTypes } from '../api-rule.ts';
import type { Change } from '../change.ts';
import { aliasConflicts } from '../merging/alias-conflicts.ts';
import { meetingTypes } from '../merging/meeting-types.ts';
import {
  conflict,
  fieldsOf,
  type NarrowedField,
  narrowedFields,
  typeOfField,
} from '../merging/narrowed-fields.ts';

/**
 * Fields that became non-null while another that may have the same response name is nullable: one operation can no longer
 * select both. An error where the fields have one name; a warning where it takes an alias, with an operation that breaks.
 */
export const mergeConflicts: ApiRule = (base, head) => {
  const narrowed = narrowedFields(base, head);
  if (narrowed.length === 0) return [];
  const ofName = conflictOfName(base, head);
  let ofAlias: ReturnType<typeof conflictOfAlias> | undefined;
  return narrowed.flatMap((field): readonly Change[] => {
    const change = ofName(field) ?? (ofAlias ??= conflictOfAlias(base, head))(field);
    return change ? [change] : [];
  });
};

type FindConflict = (narrowed: NarrowedField) => Change | undefined;

function conflictOfName(base: GraphQLSchema, head: GraphQLSchema): FindConflict {
  const parents = parentsByField(base);
  let canMeet: ReturnType<typeof meetingTypes> | undefined;
  return ({ parent, field, before, after }) => {
    const others = (parents.get(field) ?? []).filter((name) => {
      const [old, next] = [typeOfField(base, name, field), typeOfField(head, name, field)];
      if (name === parent || !old || !next) return false;
      if (conflict(before, old) || !conflict(after, next)) return false;
      canMeet ??= meetingTypes(base);
      return canMeet(parent, name);
    });
    const [first] = others;
    if (!first) return undefined;
    const also = others.length > 1 ? `, and ${others.length - 1} more` : '';
    return {
      code: 'FIELD_MERGE_CONFLICT',
      message: `The field ${parent}.${field} returns ${String(after)}, and ${first}.${field} returns ${String(typeOfField(head, first, field))}${also}: operations that select both in fragments are refused.`,
      coordinate: `${parent}.${field}`,
      in: 'head',
    };
  };
}

function conflictOfAlias(base: GraphQLSchema, head: GraphQLSchema): FindConflict {
  const conflictOf = aliasConflicts(base, head);
  return (narrowed) => {
    const found = conflictOf(narrowed);
    if (!found) return undefined;
    const { other, example } = found;
    const coordinate = `${narrowed.parent}.${narrowed.field}`;
    const type = typeOfField(head, other.parent, other.field);
    return {
      code: 'FIELD_ALIAS_CONFLICT',
      message: `The field ${coordinate} returns ${String(narrowed.after)}, and ${other.parent}.${other.field} returns ${String(type)}: operations that give both one alias in fragments are refused.`,
      coordinate,
      in: 'head',
      details: example === undefined ? [] : [`for example: ${example}`],
    };
  };
}

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
