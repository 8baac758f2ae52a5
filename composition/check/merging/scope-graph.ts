import { getNamedType, type GraphQLSchema, isCompositeType, isObjectType } from 'graphql';
import { definedTypes } from '../api-rule.ts';
import { type FieldRef, shapeOf } from './field-ref.ts';
import { fragmentGroups } from './fragment-groups.ts';
import { fieldsOf } from './narrowed-fields.ts';

/** Fields that lead from a group of types to another, and are alike; a few of them stand for all. */
export interface Way {
  readonly shape: string;
  readonly target: string;
  readonly fields: readonly FieldRef[];
}

/** The groups of types that fragments connect, and how fields lead from one to another. */
export interface ScopeGraph {
  readonly groupOf: (type: string) => string;
  /** The fields of a group, by their shapes. */
  readonly fieldsByShape: (group: string) => ReadonlyMap<string, readonly FieldRef[]>;
  /** The ways out of a group, those of each name on its own. */
  readonly waysByName: (group: string) => ReadonlyMap<string, readonly Way[]>;
  /** The ways out of a group, whatever the fields are called. */
  readonly ways: (group: string) => readonly Way[];
}

/** With three, two different objects or an interface and an object are among them. */
const standInsMax = 3;

/** The graph of a schema's composite types. */
export function scopeGraph(schema: GraphQLSchema): ScopeGraph {
  const groupOf = fragmentGroups(schema);
  const byGroup = new Map<string, FieldRef[]>();
  for (const type of definedTypes(schema)) {
    if (!isCompositeType(type)) continue;
    const group = groupOf(type.name);
    const fields = byGroup.get(group) ?? [];
    byGroup.set(group, fields);
    for (const { name, type: answer } of fieldsOf(type)) {
      const isOfObject = isObjectType(type);
      fields.push({ parent: type.name, isOfObject, field: name, type: answer });
    }
  }
  const fieldsIn = (group: string): readonly FieldRef[] => byGroup.get(group) ?? [];
  return {
    groupOf,
    fieldsByShape: remembered((group) => grouped(fieldsIn(group), ({ type }) => shapeOf(type))),
    waysByName: remembered((group) => {
      const byName = grouped(fieldsIn(group), ({ field }) => field);
      return new Map([...byName].map(([name, fields]) => [name, waysOf(fields, groupOf)] as const));
    }),
    ways: remembered((group) => waysOf(fieldsIn(group), groupOf)),
  };
}

function waysOf(fields: readonly FieldRef[], groupOf: (type: string) => string): readonly Way[] {
  const leading = fields.filter(({ type }) => isCompositeType(getNamedType(type)));
  const alike = grouped(leading, ({ type }) =>
    JSON.stringify([shapeOf(type), groupOf(getNamedType(type).name)]),
  );
  return [...alike].map(([key, each]) => {
    const [shape, target] = JSON.parse(key) as [string, string];
    return { shape, target, fields: standIns(each) };
  });
}

/** Of different parents, an interface among them where there is one. */
function standIns(fields: readonly FieldRef[]): readonly FieldRef[] {
  const byParent = new Map(fields.map((each) => [each.parent, each]));
  const objectsFirst = [...byParent.values()].sort(
    (one, other) => Number(other.isOfObject) - Number(one.isOfObject),
  );
  const last = objectsFirst.at(-1);
  const first = objectsFirst.slice(0, standInsMax - 1);
  return last && !first.includes(last) ? [...first, last] : first;
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

function remembered<T>(make: (group: string) => T): (group: string) => T {
  const known = new Map<string, T>();
  return (group) => {
    const made = known.get(group) ?? make(group);
    known.set(group, made);
    return made;
  };
}
