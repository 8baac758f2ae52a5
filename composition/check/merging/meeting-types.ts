import { getNamedType, type GraphQLSchema, isCompositeType } from 'graphql';
import { definedTypes } from '../api-rule.ts';
import { fragmentGroups } from './fragment-groups.ts';
import { fieldsOf } from './narrowed-fields.ts';

/** The most pairs followed; beyond it, all types are assumed to meet. */
const pairsMax = 100_000;

/**
 * Tells whether two types can be the parents of fields with one response name, as "Field Selection Merging" of the GraphQL
 * specification (§5.3.2) compares them: fragments on both in one selection set, or below fields of one name in such.
 */
export function meetingTypes(schema: GraphQLSchema): (one: string, other: string) => boolean {
  const groupOf = fragmentGroups(schema);
  const targets = targetsByGroup(schema, groupOf);
  const met = new Set<string>();
  const waiting: (readonly [string, string])[] = [];
  const meet = (one: string, other: string): void => {
    const pair = one < other ? ([one, other] as const) : ([other, one] as const);
    const key = pair.join(' ');
    if (met.has(key)) return;
    met.add(key);
    waiting.push(pair);
  };
  for (const group of targets.keys()) meet(group, group);
  // The loop also visits pairs added below.
  for (const [one, other] of waiting) {
    if (met.size > pairsMax) return () => true;
    for (const [field, ofOne] of targets.get(one) ?? []) {
      const ofOther = targets.get(other)?.get(field) ?? [];
      for (const target of ofOne) for (const along of ofOther) meet(target, along);
    }
  }
  return (one, other) => {
    const [first, second] = [groupOf(one), groupOf(other)].sort();
    return met.has(`${first} ${second}`);
  };
}

/** For each group and field name, the groups of the field's possible types. */
function targetsByGroup(
  schema: GraphQLSchema,
  groupOf: (name: string) => string,
): ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>> {
  const targets = new Map<string, Map<string, Set<string>>>();
  for (const type of definedTypes(schema).filter(isCompositeType)) {
    const group = groupOf(type.name);
    const byField = targets.get(group) ?? new Map<string, Set<string>>();
    targets.set(group, byField);
    for (const field of fieldsOf(type)) {
      const target = getNamedType(field.type);
      if (!isCompositeType(target)) continue;
      const groups = byField.get(field.name) ?? new Set();
      byField.set(field.name, groups.add(groupOf(target.name)));
    }
  }
  return targets;
}
